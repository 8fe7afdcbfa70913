"""Which reports are found under files, folders and zip files, and what is said of those that cannot be had."""

from __future__ import annotations

import os
import zipfile
import zlib
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from art7.inbox import MOST_BYTES, MOST_MEMBERS, InboxError, Submission, find, grouped
from extract.records import Problem


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return path


def reports(*paths: Path) -> list[Submission]:
    found = list(find(paths))
    assert all(isinstance(item, Submission) for item in found)
    return [item for item in found if isinstance(item, Submission)]


def problem(path: Path) -> Problem:
    ((name, fault),) = (item for item in find([path]) if not isinstance(item, Submission))
    assert name == path.name
    assert path.name in fault.detail
    assert "run the same command again" in fault.detail
    return fault


def refusal(submission: Submission) -> Problem:
    with pytest.raises(InboxError) as caught:
        submission.read()
    assert submission.name in caught.value.problem.detail
    assert "run the same command again" in caught.value.problem.detail
    return caught.value.problem


def test_folders_are_searched_in_a_steady_order(tmp_path: Path) -> None:
    (tmp_path / "b" / "deep").mkdir(parents=True)
    for name in ("b/deep/two.PDF", "c.pdf", "a.pdf", "notes.txt", "b/one.pdf"):
        (tmp_path / name).write_bytes(name.encode())
    found = reports(tmp_path)
    assert [s.name for s in found] == ["a.pdf", "two.PDF", "one.pdf", "c.pdf"]
    assert [s.read() for s in found] == [b"a.pdf", b"b/deep/two.PDF", b"b/one.pdf", b"c.pdf"]


def test_a_file_that_is_named_is_taken_whatever_its_ending(tmp_path: Path) -> None:
    path = tmp_path / "report.doc"
    path.write_bytes(b"x")
    assert [s.path for s in reports(path)] == [path]


def test_a_folder_without_reports_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no report")
    with pytest.raises(InboxError, match=r"holds no PDF and no zip file\. Name the folder") as caught:
        list(find([tmp_path]))
    assert str(tmp_path) in str(caught.value)


def test_one_form_files_of_a_folder_are_one_report(tmp_path: Path, pdfs: Path) -> None:
    english, turned = ((pdfs / name).read_bytes() for name in ("english.pdf", "turned.pdf"))
    forms = {f"cd/Form {letter}.pdf": english for letter in "CAB"} | {"cd/form_D_2024.pdf": turned}
    (report,) = reports(zipped(tmp_path / "forms.zip", forms))
    assert report.name == "forms.zip/cd"
    assert len(pypdfium2.PdfDocument(report.read())) == 4
    assert report.read() == report.read()  # the same bytes each time: or it would be coded again and again


def test_other_files_of_a_zip_are_reports_each(tmp_path: Path, pdfs: Path) -> None:
    data = (pdfs / "english.pdf").read_bytes()
    members = {"x/2023.pdf": data, "x/Formal note.pdf": data, "__MACOSX/x/._2023.pdf": b"", "readme.txt": b""}
    found = reports(zipped(tmp_path / "two.zip", members))
    assert [s.name for s in found] == ["two.zip/x/2023.pdf", "two.zip/x/Formal note.pdf"]
    assert {s.read() for s in found} == {data}


LETTERS = st.sampled_from("ABCDEFGHIJ")
WORDS = st.sampled_from(["Form", "form", "FORMULAIRE", "Formulario", "Modelo", "Форма", "Report", "Note"])


@given(
    st.lists(
        st.tuples(WORDS, st.sampled_from(" _-"), LETTERS, st.sampled_from(["", "x/", "y/"])), unique=True
    )
)
def test_every_member_is_in_exactly_one_report(names: list[tuple[str, str, str, str]]) -> None:
    members = [f"{folder}{word}{gap}{letter}.pdf" for word, gap, letter, folder in names]
    found = list(grouped(Path("a.zip"), members))
    assert sorted(m for s in found for m in s.members) == sorted(members)
    for submission in found:
        assert len({Path(m).parent for m in submission.members}) == 1


def test_what_is_not_a_zip(tmp_path: Path) -> None:
    path = tmp_path / "bad.zip"
    path.write_bytes(b"PK but no zip")
    assert problem(path).kind == "bad_zip"


def test_a_zip_without_reports(tmp_path: Path) -> None:
    assert "no PDF" in problem(zipped(tmp_path / "photos.zip", {"a.jpg": b"x"})).detail


def test_a_zip_of_too_many(tmp_path: Path) -> None:
    path = zipped(tmp_path / "many.zip", {f"{n}.pdf": b"" for n in range(MOST_MEMBERS + 1)})
    assert str(MOST_MEMBERS) in problem(path).detail


def test_a_damaged_member(tmp_path: Path, pdfs: Path) -> None:
    path = zipped(tmp_path / "damaged.zip", {"report.pdf": (pdfs / "english.pdf").read_bytes()})
    raw = bytearray(path.read_bytes())
    raw[200:400] = b"\xff" * 200  # in the middle of the packed bytes
    path.write_bytes(raw)
    with pytest.raises((zlib.error, zipfile.BadZipFile)):
        zipfile.ZipFile(path).read("report.pdf")
    (report,) = reports(path)
    assert refusal(report).kind == "unreadable"


def test_a_locked_member(tmp_path: Path) -> None:
    path = zipped(tmp_path / "locked.zip", {"report.pdf": b"%PDF-"})
    raw = bytearray(path.read_bytes())
    raw[6] |= 1  # the sign of a password, in both places where a zip keeps it
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)
    (report,) = reports(path)
    assert "password" in refusal(report).detail


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file, file.open("report.pdf", "w") as member:
        for _ in range(MOST_BYTES // 2**20 + 1):
            member.write(bytes(2**20))
    assert path.stat().st_size < 2**20
    (report,) = reports(path)
    assert "larger than 300 MB" in refusal(report).detail


def test_a_bomb_in_parts_is_not_unpacked(tmp_path: Path) -> None:
    half = bytes(MOST_BYTES // 2 + 1)
    (report,) = reports(zipped(tmp_path / "parts.zip", {"Form A.pdf": half, "Form B.pdf": half}))
    assert report.members == ("Form A.pdf", "Form B.pdf")
    assert "larger than 300 MB" in refusal(report).detail


def test_a_form_that_cannot_be_opened_is_named(tmp_path: Path, pdfs: Path) -> None:
    forms = {
        "Form A.pdf": (pdfs / "english.pdf").read_bytes(),
        "Form B.pdf": (pdfs / "broken.pdf").read_bytes(),
    }
    (report,) = reports(zipped(tmp_path / "forms.zip", forms))
    assert "Form B.pdf" in refusal(report).detail


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    assert refusal(Submission("gone.pdf", tmp_path / "gone.pdf")).kind == "unreadable"


def test_names_that_are_no_text_can_be_shown(tmp_path: Path) -> None:
    try:
        (tmp_path / os.fsdecode(b"r\xe9union.pdf")).write_bytes(b"x")
    except OSError:
        pytest.skip("this file system takes only names that are text")
    (report,) = reports(tmp_path)
    assert report.name == "r\ufffdunion.pdf"
    assert report.read() == b"x"
