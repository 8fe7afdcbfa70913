"""May this file be read, and is it an Article 7 report at all? A refusal is a problem that says what to do."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pypdfium2
import pypdfium2.raw as pdfium

from extract.folding import fold
from extract.records import Problem

MOST_PAGES = 3000  # a report has some dozens, the longest known a few hundred
_HEADER_WITHIN = 1024  # bytes in which a PDF must say that it is one
_TITLE_LINES = 60  # lines of the first pages among which titles are looked for
_TOP_LINES = 12  # an extension request or a Monitor page says so in these
_KNOWN_STARTS = {
    b"PK\x03\x04": "a zip archive or an Office document",
    b"\xd0\xcf\x11\xe0": "an older Word or Excel document",
    b"{\\rtf": "a rich text document",
    b"\xff\xd8\xff": "a JPEG picture",
    b"\x89PNG": "a PNG picture",
    b"II*\x00": "a TIFF picture",
    b"MM\x00*": "a TIFF picture",
    b"<": "a web page",
}
_NAMES = {
    "ccm": "a report under the Convention on Cluster Munitions",
    "ccw_2": "a report under Amended Protocol II of the Convention on Certain Conventional Weapons",
    "ccw_5": "a report under Protocol V of the Convention on Certain Conventional Weapons",
    "osce": "an answer to the OSCE questionnaire on anti-personnel mines",
    "extension": "a request to extend a deadline",
    "monitor": "a text of the Landmine Monitor",
}
_TITLE_WORDS = re.compile(
    r"\b(reports?|reporting|forms?|formats?|article|annual|national|cover|convention|protocol\w*|states? part(y|ies)"
    r"|rapports?|formul\w+|couverture|informes?|presentacion|articulo|modelo|relatorios?|artigo|anexo|annex"
    r"|доклад\w*|протокол\w*|отчет\w*|форм\w*|стать\w+|تقرير|نماذج|الماده|استماره)\b|报告|表格|条"
)
_RUNNING_WORDS = 9  # a line of so many words that ends without a stop is running text
_HAN = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Triage:
    """What is known of a file before its pages are read; size in bytes. Refused: `problems` says why."""

    sha256: str
    size: int
    page_count: int = 0
    problems: tuple[Problem, ...] = ()
    refused: bool = False
    password_needed: bool = False


def triage(data: bytes, file_name: str) -> Triage:
    """Return whether the file can be read. Never raises: what is wrong with the file is in the answer."""
    seal = hashlib.sha256(data).hexdigest()
    if not data:
        kind, detail = "empty_file", f"{file_name} is empty (0 bytes). Download or copy it again."
        return _refusal(seal, data, kind, detail)
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        return _refusal(seal, data, *_why_not(data, file_name, error.err_code))
    pages, form = len(document), document.get_formtype()
    document.close()
    if pages > MOST_PAGES:
        detail = f"{file_name} says it has {pages} pages; at most {MOST_PAGES} are read. Split it and add the parts."
        return _refusal(seal, data, "too_many_pages", detail)
    return Triage(seal, len(data), pages, _form_problem(form, file_name))


def look_alike(first_text: str) -> Problem | None:
    """Return a problem if the first pages bear the title of another kind of document; a mention is no title.

    `first_text` is the text of the first one to three pages, a line of the page a line of the text.
    """
    lines = [line for line in first_text.splitlines() if line.strip()][:_TITLE_LINES]
    folded = [fold(line) for line in lines]
    own = next((at for at, kind, _ in _found(folded) if kind == "own"), len(folded))
    for at, kind, title in _found(folded):
        if kind != "own" and _counts(kind, at, own, folded) and _is_title(lines, folded, at, title):
            return Problem(
                "triage",
                "look_alike",
                f"This looks like {_NAMES[kind]}, not like an Article 7 report of the Anti-Personnel Mine Ban "
                f'Convention: its heading says "{lines[at].strip()}". If it is one all the same, add it again and '
                "say that it is to be read anyway.",
            )
    return None


def _refusal(seal: str, data: bytes, kind: str, detail: str) -> Triage:
    problem = Problem("triage", kind, detail)
    return Triage(seal, len(data), 0, (problem,), refused=True, password_needed=kind == "password")


def _why_not(data: bytes, file_name: str, code: int | None) -> tuple[str, str]:
    """Return kind and detail of the problem with a file that pdfium would not open."""
    if _opens(data):  # asked first: pdfium keeps the code of an earlier failure then
        return "no_pages", f"{file_name} is a PDF without pages. Ask for the file again where it came from."
    if code == pdfium.FPDF_ERR_PASSWORD:
        return "password", (
            f"{file_name} is locked with a password. Open it with the password, print it to a new PDF without one, "
            "and add that."
        )
    if code == pdfium.FPDF_ERR_SECURITY:
        return "password", (
            f"{file_name} is locked in a way that cannot be opened here. Open it in the program it was made for, "
            "print it to a new PDF, and add that."
        )
    if b"%PDF-" not in data[:_HEADER_WITHIN]:
        start = data.lstrip()[:8].lower() if data.lstrip()[:1] == b"<" else data[:8]
        what = next(
            (name for sign, name in _KNOWN_STARTS.items() if start.startswith(sign)), "something else"
        )
        return (
            "not_pdf",
            f"{file_name} is not a PDF but {what}. Save or print the document as PDF and add that.",
        )
    return "broken", (
        f"{file_name} is damaged and cannot be opened. Download it again; if it opens in a PDF reader, print it "
        "from there to a new PDF and add that."
    )


def _opens(data: bytes) -> bool:
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if document:
        pdfium.FPDF_CloseDocument(document)
    return bool(document)


def _form_problem(form: int, file_name: str) -> tuple[Problem, ...]:
    if form != pdfium.FORMTYPE_XFA_FULL:
        return ()
    detail = (
        f"{file_name} is an Adobe LiveCycle form; what was filled in may not show. Open it in Adobe Reader, print it "
        "to a new PDF, and add that if the pages below are empty."
    )
    return (Problem("triage", "xfa_form", detail),)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    with (files("extract") / "look_alikes.csv").open(encoding="utf-8") as file:
        return tuple((row["kind"], re.compile(row["pattern"])) for row in csv.DictReader(file))


def _found(folded: list[str]) -> Iterator[tuple[int, str, re.Match[str]]]:
    """Yield line, kind and match of each known title, which may run over the ends of lines, from the top."""
    found = []
    for at in range(len(folded)):
        reach = " ".join(folded[at : at + 3])
        for kind, pattern in _patterns():
            title = pattern.search(reach)
            if title and title.start() < len(folded[at]):
                found.append((at, kind, title))
    yield from found


def _counts(kind: str, at: int, own: int, folded: list[str]) -> bool:
    """Return whether a title of `kind` at line `at` may decide, given where the Convention's own title stands."""
    if kind == "extension":
        return at < _TOP_LINES and not any(
            re.search(r"\b(7|vii)\b|七|السابعه", line) for line in folded[:_TOP_LINES]
        )
    if kind == "monitor":
        return at < _TOP_LINES
    return at < own


def _is_title(lines: list[str], folded: list[str], at: int, title: re.Match[str]) -> bool:
    """Return whether a match is a heading: little else on its line, and the line before does not run into it."""
    whole = title.string
    before, end = folded[at][: title.start()], max(title.end(), len(folded[at]))
    after = whole[title.end() : end].strip()
    if _length(before) > 3 and not _TITLE_WORDS.search(" ".join(before.split()[:3])):
        return False
    if _length(after) > (1 if before else _RUNNING_WORDS) and not _TITLE_WORDS.search(after):
        return False
    return bool(before) or at == 0 or not _runs_on(lines[at - 1])


def _runs_on(line: str) -> bool:
    return _length(line) >= _RUNNING_WORDS and not line.isupper() and line.strip()[-1] not in ".:;!?。؟"


def _length(text: str) -> float:
    """Return about how many words `text` has; two Chinese characters count as one."""
    return len(_HAN.sub(" ", text).split()) + len(_HAN.findall(text)) / 2
