"""Files that cannot be coded end as problems that people can act on; the others of the same run are coded."""

from __future__ import annotations

import ctypes
import os
import shutil
import sqlite3
import subprocess
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from annotations.codebook import load_codebook
from annotations.store import Store

Done = subprocess.CompletedProcess[str]
Art7 = Callable[..., Done]
REFUSED = {
    "broken.pdf": "broken",
    "cluster_munitions.pdf": "look_alike",
    "empty_file.pdf": "empty_file",
    "locked.pdf": "password",
    "no_pages.pdf": "no_pages",
    "not_a_pdf.pdf": "not_pdf",
    "web_page.pdf": "not_pdf",
}
GOOD = ("english.pdf", "r\ufffdunion.pdf", "forms.zip", "two.zip/arabic.pdf", "two.zip/filled_form.pdf")
CODABLE = len(load_codebook().codable)


@dataclass(frozen=True)
class Mixed:
    """A run over good and bad files: what it said and what it wrote."""

    folder: Path
    db: Path
    done: Done

    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.db)) as connection:
            return connection.execute(sql, values).fetchall()


def fill(folder: Path, pdfs: Path) -> None:
    for name in (*REFUSED, "no_text.pdf", "english.pdf"):
        shutil.copy(pdfs / name, folder)
    shutil.copy(pdfs / "english.pdf", folder / "same again.pdf")
    (folder / os.fsdecode(b"r\xe9union.pdf")).write_bytes((pdfs / "mentions_others.pdf").read_bytes())
    (folder / "bad.zip").write_bytes(b"PK, but no zip")
    with zipfile.ZipFile(folder / "forms.zip", "w") as file:
        file.write(pdfs / "english.pdf", "Form A.pdf")
        file.write(pdfs / "turned.pdf", "Form B.pdf")
    with zipfile.ZipFile(folder / "two.zip", "w") as file:
        file.write(pdfs / "arabic.pdf", "arabic.pdf")
        file.write(pdfs / "filled_form.pdf", "filled_form.pdf")


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory, pdfs: Path, art7: Art7) -> Mixed:
    folder = tmp_path_factory.mktemp("mixed")
    (folder / "in").mkdir()
    fill(folder / "in", pdfs)
    db = folder / "mixed.db"
    return Mixed(folder / "in", db, art7("code", folder / "in", "--db", db))


def test_a_run_with_problems_says_so(mixed: Mixed) -> None:
    assert mixed.done.returncode == 3, mixed.done.stderr
    assert "Traceback" not in mixed.done.stdout + mixed.done.stderr
    assert "problems are open" in mixed.done.stdout
    ((count,),) = mixed.rows("SELECT count(*) FROM problems")
    assert f"{count} problems are open" in mixed.done.stdout


@pytest.mark.parametrize(("name", "kind"), REFUSED.items())
def test_what_cannot_be_read_is_refused_with_a_reason(mixed: Mixed, name: str, kind: str) -> None:
    assert mixed.rows("SELECT status FROM reports WHERE file_name = ?", name) == [("refused",)]
    sql = (
        "SELECT kind, detail FROM problems JOIN reports ON reports.id = report_id WHERE reports.file_name = ?"
    )
    ((found, detail),) = mixed.rows(sql, name)
    assert found == kind
    assert str(detail) in mixed.done.stdout
    assert f"{name} ({kind})" in mixed.done.stdout
    assert len(str(detail).split(". ")) >= 2, "what happened, and what to do"


def test_a_refused_report_has_no_codings(mixed: Mixed) -> None:
    sql = "SELECT count(*) FROM codings JOIN reports ON reports.id = report_id WHERE status = 'refused'"
    assert mixed.rows(sql) == [(0,)]


@pytest.mark.parametrize("name", GOOD)
def test_the_others_are_coded(mixed: Mixed, name: str) -> None:
    sql = "SELECT count(*) FROM codings JOIN reports ON reports.id = report_id WHERE file_name = ?"
    assert mixed.rows(sql, name) == [(CODABLE,)]


def test_the_forms_of_a_zip_are_one_report(mixed: Mixed) -> None:
    assert mixed.rows("SELECT page_count FROM reports WHERE file_name LIKE 'forms.zip%'") == [(2,)]


def test_blank_pages_are_silent_and_a_problem(mixed: Mixed) -> None:
    sql = "SELECT DISTINCT verdict FROM codings JOIN reports ON reports.id = report_id WHERE file_name = ?"
    assert set(mixed.rows(sql, "no_text.pdf")) <= {("silent",), ("not_applicable",)}
    kinds = mixed.rows("SELECT kind FROM problems WHERE file_name = 'no_text.pdf'")
    assert kinds.count(("no_text",)) == 1


def test_a_bad_zip_is_a_problem_without_a_report(mixed: Mixed) -> None:
    assert mixed.rows("SELECT kind, report_id FROM problems WHERE file_name = 'bad.zip'") == [
        ("bad_zip", None)
    ]


def test_the_same_bytes_are_one_report(mixed: Mixed) -> None:
    names = mixed.rows("SELECT file_name FROM reports WHERE file_name IN ('english.pdf', 'same again.pdf')")
    assert names == [("english.pdf",)]
    assert mixed.rows("SELECT skipped FROM runs") == [(1,)]


def test_problems_are_listed_again(mixed: Mixed, art7: Art7) -> None:
    done = art7("problems", "--db", mixed.db)
    assert done.returncode == 3
    for name in (*REFUSED, "bad.zip", "no_text.pdf"):
        assert name in done.stdout
    ((count,),) = mixed.rows("SELECT count(*) FROM problems")
    assert f"{count} problems" in done.stdout


def test_force_and_a_mended_file_settle_problems(
    mixed: Mixed, art7: Art7, tmp_path: Path, pdfs: Path
) -> None:
    db = tmp_path / "copy.db"
    with closing(sqlite3.connect(mixed.db)) as connection:
        connection.execute("VACUUM INTO ?", [str(db)])
    mended = tmp_path / "bad.zip"
    with zipfile.ZipFile(mended, "w") as file:
        file.write(pdfs / "arabic.pdf", "arabic.pdf")
    done = art7("code", mixed.folder / "cluster_munitions.pdf", mended, "--db", db, "--force")
    assert done.returncode == 3, done.stderr  # the other files' problems are open still
    after = Mixed(tmp_path, db, done)
    sql = "SELECT count(*) FROM codings JOIN reports ON reports.id = report_id WHERE file_name = ?"
    assert after.rows(sql, "cluster_munitions.pdf") == [(CODABLE,)]
    assert after.rows("SELECT kind FROM problems WHERE file_name = 'bad.zip'") == []
    assert ("look_alike",) not in after.rows("SELECT kind FROM problems")
    assert after.rows("SELECT count(*) FROM reports WHERE status = 'refused'") == [(len(REFUSED) - 1,)]


def refused(done: Done, *words: str) -> None:
    """Check that a command ended with 2 and a plain message with these words."""
    said = " ".join(done.stderr.split())
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in said
    for word in words:
        assert word in said


def test_a_path_that_is_not_there(art7: Art7, tmp_path: Path) -> None:
    refused(art7("code", tmp_path / "nowhere", "--db", tmp_path / "a.db"), "nowhere", "does not exist")
    assert not (tmp_path / "a.db").exists()


def test_a_folder_without_reports(art7: Art7, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    refused(
        art7("code", tmp_path / "empty", "--db", tmp_path / "a.db"),
        "empty",
        "holds no PDF",
        "Name the folder",
    )
    assert not (tmp_path / "a.db").exists()


def test_a_database_in_a_folder_that_is_not_there(art7: Art7, tmp_path: Path, pdfs: Path) -> None:
    db = tmp_path / "nowhere" / "a.db"
    refused(
        art7("code", pdfs / "english.pdf", "--db", db), "a.db", "nowhere does not exist", "give another --db"
    )


def test_a_database_that_is_none(art7: Art7, tmp_path: Path, pdfs: Path) -> None:
    db = tmp_path / "letter.db"
    db.write_text("Dear Sir or Madam, " * 100)
    for command in (("code", pdfs / "english.pdf"), ("problems",), ("serve",)):
        refused(art7(*command, "--db", db), "letter.db", "--db")
    assert db.read_text() == "Dear Sir or Madam, " * 100


def test_a_database_of_another_program(art7: Art7, tmp_path: Path, pdfs: Path) -> None:
    db = tmp_path / "music.db"
    with closing(sqlite3.connect(db)) as connection:
        connection.execute("CREATE TABLE songs (title)")
    for command in (("code", pdfs / "english.pdf"), ("problems",), ("serve",)):
        refused(art7(*command, "--db", db), "music.db", "--db")
    with closing(sqlite3.connect(db)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("songs",)]


def test_a_database_that_may_not_be_written(command: Path, tmp_path: Path, pdfs: Path) -> None:
    db = tmp_path / "kept.db"
    Store(db).close()
    db.chmod(0o444)
    done = subprocess.run(
        [command, "code", pdfs / "english.pdf", "--db", db],
        capture_output=True,
        text=True,
        preexec_fn=_as_everybody if os.geteuid() == 0 else None,
    )
    refused(done, "kept.db", "readonly", "give another --db")


def _as_everybody() -> None:
    """Give up what lets root write where nobody may."""
    drop_from_bounding_set, cap_dac_override = 24, 1
    ctypes.CDLL(None).prctl(drop_from_bounding_set, cap_dac_override, 0, 0, 0)


def test_another_codebook(art7: Art7, mixed: Mixed, tmp_path: Path) -> None:
    refused(
        art7("code", mixed.folder, "--db", tmp_path / "a.db", "--codebook", "oslo"),
        "no codebook oslo",
        "shipped are",
    )


def test_a_model_that_is_none(art7: Art7, mixed: Mixed, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    done = art7("code", mixed.folder, "--db", tmp_path / "a.db", "--model", tmp_path / "model")
    refused(done, "model: no model.json", "leave out --model")
