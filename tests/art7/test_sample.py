"""What must hold of the coded sample, whatever model ships."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import groupby
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pypdfium2
import pytest

from annotations.codebook import load_codebook
from annotations.rows import one_by_one

FACTS = ("state", "period_start", "period_end", "submitted", "template")
TOLERANCE = 1.0  # points a box may stand out of its page: rounding, tilted scans
WORDS = {
    "ar": "الألغام",
    "en": "clearance",
    "es": "minas",
    "fr": "deminage",  # without its accent, as people type it
    "pt": "minas",
    "ru": "мин",
    "zh": "地雷",
}


@pytest.fixture(scope="module")
def db(coded_sample: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(coded_sample)) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


@pytest.fixture(scope="module")
def gold(samples: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (samples / "gold.jsonl").read_text("utf-8").splitlines()]


def column(db: sqlite3.Connection, sql: str, *values: object) -> list[Any]:
    return [row[0] for row in db.execute(sql, values)]


def test_every_sample_is_in(db: sqlite3.Connection, samples: Path) -> None:
    names = column(db, "SELECT file_name FROM reports ORDER BY file_name")
    assert names == sorted(path.name for path in samples.glob("*.pdf"))
    assert len(names) == 17
    assert set(column(db, "SELECT status FROM reports")) <= {"coded", "coded_with_problems"}


def test_every_report_has_a_coding_for_every_codable_indicator(db: sqlite3.Connection) -> None:
    codable = {indicator.id for indicator in load_codebook().codable}
    assert len(codable) == 95
    for report in column(db, "SELECT id FROM reports"):
        assert set(column(db, "SELECT indicator_id FROM codings WHERE report_id = ?", report)) == codable
    assert column(db, "SELECT count(*) FROM codings") == [95 * 17]


def test_the_model_finds_something_and_not_everything(db: sqlite3.Connection) -> None:
    verdicts = dict(db.execute("SELECT verdict, count(*) FROM codings GROUP BY verdict").fetchall())
    assert verdicts["silent"] > 0
    assert verdicts["not_applicable"] > 0
    assert verdicts["yes"] > 17


def test_what_is_said_has_evidence_and_what_is_silent_has_none(db: sqlite3.Connection) -> None:
    sql = """SELECT DISTINCT codings.verdict, count(evidence.rank) > 0 FROM codings LEFT JOIN evidence
        USING (report_id, indicator_id) GROUP BY codings.report_id, codings.indicator_id"""
    seen = {tuple(row) for row in db.execute(sql)} - {("not_applicable", 1)}
    assert seen <= {
        ("yes", 1),
        ("partial", 1),
        ("planned", 1),
        ("no", 1),
        ("silent", 0),
        ("not_applicable", 0),
    }
    assert ("yes", 1) in seen


def test_the_first_evidence_says_what_the_coding_says(db: sqlite3.Connection) -> None:
    sql = """SELECT codings.verdict, evidence.verdict FROM codings JOIN evidence USING (report_id, indicator_id)
        WHERE rank = 1 AND codings.verdict != 'not_applicable'"""
    pairs = [tuple(row) for row in db.execute(sql)]
    assert pairs
    assert [pair for pair in pairs if pair[0] != pair[1]] == []


def test_evidence_is_of_its_own_report_and_worth_reading(db: sqlite3.Connection) -> None:
    sql = """SELECT DISTINCT indicator_id FROM evidence JOIN passages ON passages.id = passage_id
        WHERE passages.report_id != evidence.report_id OR boilerplate OR kind = 'heading' OR trim(text) = ''"""
    by_rule = {
        i.id for i in load_codebook().codable if "metadata" in i.sources
    }  # a cover's date stands anywhere
    assert set(column(db, sql)) <= by_rule
    assert column(db, "SELECT count(*) > 17 FROM evidence") == [1]


def test_boxes_stand_on_their_pages(db: sqlite3.Connection) -> None:
    pages = {(r["report_id"], r["number"]): r for r in db.execute("SELECT * FROM pages")}
    passages = db.execute("SELECT report_id, page, boxes, text FROM passages").fetchall()
    assert passages
    for passage in passages:
        boxes = json.loads(passage["boxes"])
        assert boxes, passage["text"]
        assert boxes[0][0] == passage["page"]
        for number, x0, top, x1, bottom in boxes:
            page = pages[passage["report_id"], number]
            assert -TOLERANCE <= x0 < x1 <= page["width"] + TOLERANCE, passage["text"]
            assert -TOLERANCE <= top < bottom <= page["height"] + TOLERANCE, passage["text"]


def test_pages_are_those_of_the_pdf(db: sqlite3.Connection, samples: Path) -> None:
    for report in db.execute("SELECT id, file_name, page_count FROM reports"):
        with closing(pypdfium2.PdfDocument(samples / report["file_name"])) as pdf:
            sizes = [tuple(round(side) for side in page.get_size()) for page in pdf]
        stored = db.execute(
            "SELECT number, width, height FROM pages WHERE report_id = ? ORDER BY number", [report["id"]]
        ).fetchall()
        assert report["page_count"] == len(sizes)
        assert [row["number"] for row in stored] == list(range(1, len(sizes) + 1))
        assert [(round(row["width"]), round(row["height"])) for row in stored] == sizes


def test_the_bytes_are_kept(coded_sample: Path, db: sqlite3.Connection, samples: Path) -> None:
    for report in db.execute("SELECT file_name, sha256 FROM reports"):
        kept = coded_sample.with_suffix(".files") / f"{report['sha256']}.pdf"
        assert kept.read_bytes() == (samples / report["file_name"]).read_bytes()


@pytest.mark.parametrize("fact", FACTS)
def test_cover_facts(db: sqlite3.Connection, gold: list[dict[str, Any]], fact: str) -> None:
    misses = []
    for label in gold:
        (found,) = column(db, f"SELECT {fact} FROM reports WHERE file_name = ?", label["file"])
        if found != label[fact]:
            misses.append(f"{label['file']}: {fact} is {label[fact]}, read {found}")
    print(*misses, sep="\n")
    assert len(misses) <= 1, misses


def test_sections(db: sqlite3.Connection, gold: list[dict[str, Any]]) -> None:
    sql = "SELECT section FROM passages JOIN reports ON reports.id = report_id WHERE file_name = ? ORDER BY place"
    misses = []
    for label in gold:
        found = [section for section, _ in groupby(column(db, sql, label["file"]))]
        if found != label["sections"]:
            misses.append(f"{label['file']}: {label['sections']}, read {found}")
    print(*misses, sep="\n")
    assert len(misses) <= 1, misses


def test_languages(db: sqlite3.Connection, gold: list[dict[str, Any]]) -> None:
    for label in gold:
        (found,) = column(db, "SELECT languages FROM reports WHERE file_name = ?", label["file"])
        assert json.loads(found)[0] == label["languages"][0], label["file"]


@pytest.mark.parametrize("language", sorted(WORDS))
def test_search_finds_words(db: sqlite3.Connection, language: str) -> None:
    word = WORDS[language]
    query = (one_by_one(word) or word).strip()
    sql = """SELECT DISTINCT language FROM passages_fts JOIN passages ON passages.rowid = passages_fts.rowid
        WHERE passages_fts MATCH ?"""
    assert language in column(db, sql, f'"{query}"')
    assert column(db, sql, '"xyzzyxyzzy"') == []


def test_the_database_is_sound(db: sqlite3.Connection) -> None:
    assert column(db, "PRAGMA integrity_check") == ["ok"]
    assert column(db, "PRAGMA foreign_key_check") == []


def test_a_second_run_changes_nothing(
    coded_sample: Path, samples: Path, tmp_path: Path, art7: Callable[..., CompletedProcess[str]]
) -> None:
    db = tmp_path / "again.db"
    with closing(sqlite3.connect(coded_sample)) as connection:
        connection.execute("VACUUM INTO ?", [str(db)])
    shutil.copytree(coded_sample.with_suffix(".files"), tmp_path / "again.files")
    before = dump(db)
    done = art7("code", samples, "--db", db)
    assert dump(db) == before
    with closing(sqlite3.connect(db)) as connection:
        counts = connection.execute("SELECT files, coded, skipped FROM runs ORDER BY rowid DESC").fetchone()
    assert counts == (17, 0, 17)
    assert done.returncode == (3 if before["problems"] else 0), done.stdout + done.stderr


def dump(db: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of what hangs on reports."""
    tables = ("reports", "pages", "passages", "suggestions", "codings", "evidence", "problems")
    with closing(sqlite3.connect(db)) as connection:
        return {
            table: connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall()
            for table in tables
        }
