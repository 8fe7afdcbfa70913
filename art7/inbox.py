"""Finds the reports in the files, folders and zip files that a user names."""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from extract.documents import UnreadablePdf, merge
from extract.records import Problem

MOST_BYTES = 300 * 2**20  # of one report inside a zip, unpacked
MOST_MEMBERS = 5000  # PDFs in one zip
# what opening or unpacking a damaged, locked or strange zip raises
BAD_ZIP = (OSError, zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, RuntimeError)
_FORM = re.compile(
    r"^(form|formule|formulaire|formulario|modelo|formato|форма|表)[ _-]?[a-jа-и](?![^\W_])", re.IGNORECASE
)


class InboxError(Exception):
    """A file cannot be opened at all; `problem` says why and what to do."""

    def __init__(self, problem: Problem):
        super().__init__(problem.detail)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Submission:
    """One report to read: a PDF file, a PDF inside a zip, or several one-form PDFs of a zip that make one report."""

    name: str  # as people will see it
    path: Path
    members: tuple[str, ...] = ()  # inside the zip; none for a plain PDF

    def read(self) -> bytes:
        """Return the bytes of the report's PDF; InboxError when they cannot be had."""
        try:
            if not self.members:
                return self.path.read_bytes()
            parts = _unpacked(self.path, self.members)
            return parts[0][1] if len(parts) == 1 else merge(parts)
        except (*BAD_ZIP, UnreadablePdf) as error:
            raise InboxError(_problem("unreadable", f"{self.name}: cannot be opened ({error}).")) from error


def _problem(kind: str, what: str) -> Problem:
    advice = "Check that the file opens on this computer, then run the same command again."
    return Problem("triage", kind, f"{what} {advice}")


def _unpacked(path: Path, members: Sequence[str]) -> list[tuple[str, bytes]]:
    """Return the members' bytes, reading no more than MOST_BYTES: what a zip says of its size may be a lie."""
    parts, room = [], MOST_BYTES
    with zipfile.ZipFile(path) as file:
        for member in members:
            with file.open(member) as stream:
                data = stream.read(room + 1)
            room -= len(data)
            if room < 0:
                raise OSError(f"{member} is larger than {MOST_BYTES // 2**20} MB unpacked")
            parts.append((member, data))
    return parts


def find(paths: Sequence[Path]) -> Iterator[Submission | tuple[str, Problem]]:
    """Yield every report under the paths in a steady order, and a name with a problem for each bad zip.

    InboxError for a folder that holds neither.
    """
    for path in paths:
        files = _files(path) if path.is_dir() else [path]
        if not files:
            detail = f"{path}: holds no PDF and no zip file. Name the folder that holds the reports."
            raise InboxError(Problem("triage", "no_reports", detail))
        for file in files:
            if file.suffix.lower() == ".zip":
                yield from _in_zip(file)
            else:
                yield Submission(shown(file), file)


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.suffix.lower() in (".pdf", ".zip") and p.is_file())


def shown(path: Path) -> str:
    """Return the file's name with a sign in place of bytes that are no letters: no table could hold them."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def _in_zip(path: Path) -> Iterator[Submission | tuple[str, Problem]]:
    try:
        with zipfile.ZipFile(path) as file:
            names = [i.filename for i in file.infolist() if _is_pdf(i.filename)]
    except BAD_ZIP as error:
        yield shown(path), _problem("bad_zip", f"{shown(path)}: cannot be opened as a zip file ({error}).")
        return
    if len(names) > MOST_MEMBERS:
        yield (
            shown(path),
            _problem("bad_zip", f"{shown(path)}: holds {len(names)} PDFs, more than {MOST_MEMBERS}."),
        )
        return
    if not names:
        yield shown(path), _problem("bad_zip", f"{shown(path)}: holds no PDF.")
    yield from grouped(path, names)


def _is_pdf(name: str) -> bool:
    inside = PurePosixPath(name)
    return (
        inside.suffix.lower() == ".pdf"
        and not inside.name.startswith("._")
        and "__MACOSX" not in inside.parts
    )


def grouped(path: Path, names: Sequence[str]) -> Iterator[Submission]:
    """Yield a zip's reports: the one-form PDFs of a folder together, every other PDF by itself."""
    forms: dict[str, list[str]] = {}
    for name in sorted(names):
        if _FORM.match(PurePosixPath(name).stem):
            forms.setdefault(str(PurePosixPath(name).parent), []).append(name)
        else:
            yield Submission(f"{shown(path)}/{name}", path, (name,))
    for folder, members in forms.items():
        yield Submission(shown(path) if folder == "." else f"{shown(path)}/{folder}", path, tuple(members))
