"""The database: made from nothing, upgraded, written whole or not at all."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from annotations.codebook import CODEBOOKS, DEFAULT, Codebook, load_codebook
from annotations.codings import Coding, Evidence, Suggestion
from annotations.rows import CodedReport, Versions
from annotations.schema import STATUSES, VERDICTS, migrations
from annotations.store import Store, StoreError
from extract.records import Box, Cover, Fact, Page, Passage, Problem, Report

VERSIONS = Versions("m-1", "c" * 16, "0.0")
STEPS = ["m001_codebook", "m002_reports", "m003_search", "m004_views"]
TABLES = ("reports", "pages", "passages", "suggestions", "codings", "evidence", "problems")


def prepared(path: Path) -> Store:
    store = Store(path)
    store.save_codebook(load_codebook())
    store.save_states(
        [{"iso3": "KHM", "name": "Cambodia", "is_party": 1}],
        [{"state": "KHM", "group_id": "AFF5", "source": "test", "certainty": "high"}],
    )
    store.save_model({"id": "m-1", "name": "m", "made": "2026-01-01", "codebook_hash": "c", "card": ""})
    return store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = prepared(tmp_path / "a.db")
    yield made
    made.close()


@pytest.fixture
def run(store: Store) -> str:
    return store.start_run(["reports"], VERSIONS)


def coded(
    words: str = "Two teams cleared land", sha256: str = "ab" * 32, indicator: str = "1.1"
) -> CodedReport:
    """Return an invented report of two passages with one coding."""
    box = (Box(1, 10, 10, 90, 20),)
    passages = (
        Passage(0, "cover", "en", "Cambodia", "paragraph", "text", box),
        Passage(1, "C", "en", words, "paragraph", "text", box),
    )
    report = Report(
        "r.pdf",
        sha256,
        5,
        pages=(Page(1, 595, 842, "typed", words),),
        passages=passages,
        cover=Cover(state=Fact("KHM", 0.9, "Cambodia", 0)),
        problems=(Problem("cover", "no_period", "Enter it by hand", 1),),
    )
    suggestions = ((), (Suggestion(indicator, "yes", 0.9),))
    codings = (
        Coding("1.1", "yes", 0.9, "One.", (Evidence(1, "yes", 0.9),)),
        Coding("1.2", "silent", None, "None."),
    )
    return CodedReport(report, suggestions, codings)


def counts(store: Store) -> dict[str, int]:
    return {table: store.table(table).count for table in TABLES}


def found(store: Store, words: str) -> list[str]:
    return [row["text"] for row in store.table("passages").search(words)]


def names(db: Database) -> list[str]:
    return [migration.name for migration in migrations.applied(db)]


# making and upgrading


def test_a_new_database_gets_every_step(tmp_path: Path) -> None:
    with closing(Store(tmp_path / "new.db")) as store:
        assert names(store.db)[: len(STEPS)] == STEPS
        assert migrations.pending(store.db) == []
        assert set(TABLES) <= set(store.db.table_names())
        assert "coded" in store.db.view_names()
        assert store.db.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert store.db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize("done", range(1, len(STEPS)))
def test_an_older_database_is_brought_up_to_date(tmp_path: Path, done: int) -> None:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as connection:
        old = Database(connection)
        migrations.apply(old, stop_before=STEPS[done])
        assert names(old) == STEPS[:done]
        old.table("settings").insert({"name": "codebook", "value": DEFAULT})
    with closing(Store(path)) as store:
        assert migrations.pending(store.db) == []
        assert store.setting("codebook") == DEFAULT


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    prepared(path).close()
    before = _dump(path)
    prepared(path).close()
    assert _dump(path) == before


def _dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        # the dated groups are written anew each time: their row numbers go on counting
        return [
            line for line in connection.iterdump() if '"state_groups"' not in line and "sqlite_" not in line
        ]


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"a\.db: the folder .*none does not exist; make it or give another"):
        Store(tmp_path / "none" / "a.db")
    letter = tmp_path / "letter.db"
    letter.write_text("Dear Sir or Madam, " * 100)
    with pytest.raises(StoreError, match=r"letter\.db: cannot be used as a database .*; give another --db"):
        Store(letter)
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE songs (title)")
    with pytest.raises(StoreError, match=r"other\.db: is a database of another program; give another --db"):
        Store(other)


# the codebook


def changed_book(folder: Path, old: str, new: str) -> Codebook:
    path = folder / "book.yaml"
    shutil.copy(CODEBOOKS / f"{DEFAULT}.yaml", path)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return load_codebook(str(path))


def test_another_codebook_is_refused(store: Store, tmp_path: Path) -> None:
    before = store.setting("codebook_hash")
    with pytest.raises(StoreError, match=f"holds the codebook {DEFAULT}, not oslo-2020; give another --db"):
        store.save_codebook(changed_book(tmp_path, f"id: {DEFAULT}", "id: oslo-2020"))
    assert store.setting("codebook_hash") == before == load_codebook().hash


def test_another_version_of_the_codebook_is_taken(store: Store, tmp_path: Path) -> None:
    name = load_codebook().indicator("41.2").name
    book = changed_book(tmp_path, f"name: {name}", "name: Renamed for a test")
    store.save_codebook(book)
    assert store.setting("codebook_hash") == book.hash != load_codebook().hash
    assert "Renamed for a test" in {row["name"] for row in store.table("indicators").rows}
    assert store.table("indicators").count == len(book.indicators)


# reports, whole or not at all


def test_a_report_is_written_with_all_that_hangs_on_it(store: Store, run: str) -> None:
    report_id = store.save_report(coded(), run, VERSIONS)
    assert report_id == "ab" * 8
    assert counts(store) == {
        "reports": 1, "pages": 1, "passages": 2, "suggestions": 1, "codings": 2, "evidence": 1, "problems": 1
    }  # fmt: skip
    (row,) = store.db.query("SELECT * FROM coded WHERE verdict = 'yes'")
    assert (row["state"], row["indicator"], row["evidence"]) == ("Cambodia", "1.1", "Two teams cleared land")
    assert [(p["file_name"], p["kind"], p["page"]) for p in store.problems()] == [("r.pdf", "no_period", 1)]
    assert found(store, "teams") == ["Two teams cleared land"]


def broken_reports() -> list[CodedReport]:
    """Return reports that the database must not take, each wrong in another table."""
    good = coded("Three teams cleared land")
    nowhere = replace(good.report, cover=Cover(state=Fact("XYZ", 0.9, "Nowhere", 0)))
    page = good.report.pages[0]
    same_page = replace(good.report, pages=(page, page))
    doubtful = Coding("1.1", "perhaps", 0.5, "No verdict.")  # type: ignore[arg-type]
    return [
        coded("Three teams cleared land", indicator="99.9"),
        replace(good, codings=(*good.codings, Coding("99.9", "silent", None, "None."))),
        replace(good, codings=(*good.codings, good.codings[0])),
        replace(good, codings=(doubtful,)),
        replace(good, codings=(replace(good.codings[0], score=1.5),)),
        replace(good, report=nowhere),
        replace(good, report=same_page),
    ]


@pytest.mark.parametrize("broken", broken_reports())
def test_what_fails_leaves_nothing(store: Store, run: str, broken: CodedReport) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        store.save_report(broken, run, VERSIONS)
    assert set(counts(store).values()) == {0}
    assert found(store, "teams") == []
    store.save_report(coded(), run, VERSIONS)  # and nothing is in the way of the next one
    assert counts(store)["codings"] == 2


@pytest.mark.parametrize("broken", broken_reports())
def test_what_fails_leaves_the_earlier_coding(store: Store, run: str, broken: CodedReport) -> None:
    store.save_report(coded(), run, VERSIONS)
    before = {table: list(store.table(table).rows) for table in TABLES}
    with pytest.raises(sqlite3.IntegrityError):
        store.save_report(broken, run, VERSIONS)
    assert {table: list(store.table(table).rows) for table in TABLES} == before
    assert found(store, "three") == []
    assert found(store, "two") == ["Two teams cleared land"]


def test_evidence_without_its_passage_is_refused(store: Store, run: str) -> None:
    good = coded()
    lost = replace(good, codings=(Coding("1.1", "yes", 0.9, "One.", (Evidence(7, "yes", 0.9),)),))
    with pytest.raises(IndexError):
        store.save_report(lost, run, VERSIONS)
    assert set(counts(store).values()) == {0}


def test_suggestions_must_fit_the_passages(store: Store, run: str) -> None:
    with pytest.raises(ValueError, match="shorter"):
        store.save_report(replace(coded(), suggestions=((),)), run, VERSIONS)
    assert set(counts(store).values()) == {0}


def test_coding_again_replaces(store: Store, run: str) -> None:
    store.save_report(coded(), run, VERSIONS)
    store.save_report(coded("Nine dogs searched"), run, VERSIONS)
    assert counts(store)["reports"] == 1
    assert counts(store)["evidence"] == 1
    assert found(store, "teams") == []
    assert found(store, "dogs") == ["Nine dogs searched"]
    store.db.execute("INSERT INTO passages_fts(passages_fts) VALUES ('integrity-check')")
    assert store.db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_report_is_known_by_its_bytes_and_versions(store: Store, run: str) -> None:
    sha256 = coded().report.sha256
    assert not store.known(sha256, VERSIONS)
    store.save_report(coded(), run, VERSIONS)
    assert store.known(sha256, VERSIONS)
    assert not store.known("cd" * 32, VERSIONS)
    for other in ({"model_id": "m-2"}, {"codebook_hash": "d"}, {"version": "0.1"}):
        assert not store.known(sha256, replace(VERSIONS, **other))


@pytest.mark.parametrize(("refused", "failed", "known"), [(True, False, True), (False, True, False)])
def test_refused_files_are_known_and_failed_ones_tried_again(
    store: Store, run: str, refused: bool, failed: bool, known: bool
) -> None:
    report = replace(coded().report, passages=(), refused=refused)
    store.save_report(CodedReport(report, failed=failed), run, VERSIONS)
    assert store.known(report.sha256, VERSIONS) == known


def test_two_writers_wait_for_each_other(store: Store, run: str) -> None:
    def write(first: int) -> None:
        with closing(Store(store.path)) as own:
            for n in range(first, first + 20):
                own.save_report(coded(sha256=f"{n:064}"[::-1]), run, VERSIONS)

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(write, (100, 200, 300)))
    assert counts(store)["reports"] == 60
    assert counts(store)["evidence"] == 60


def test_a_writer_waits_for_another(store: Store, run: str) -> None:
    store.save_report(coded(), run, VERSIONS)
    with (
        ThreadPoolExecutor(1) as threads,
        closing(sqlite3.connect(store.path, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO settings VALUES ('of another', 'writer')")
        waiting = threads.submit(_save_again, store.path, run)
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.5)
        other.execute("COMMIT")
        waiting.result(timeout=60)
    assert found(store, "dogs") == ["Nine dogs searched"]
    assert store.setting("of another") == "writer"


def _save_again(path: Path, run: str) -> None:
    with closing(Store(path)) as own:
        own.save_report(coded("Nine dogs searched"), run, VERSIONS)


def test_many_may_make_the_database_at_once(tmp_path: Path) -> None:
    def make(_: int) -> list[str]:
        with closing(prepared(tmp_path / "new.db")) as own:
            return names(own.db)

    with ThreadPoolExecutor(4) as threads:
        assert all(done[: len(STEPS)] == STEPS for done in threads.map(make, range(4)))


# runs and problems


def test_a_run_that_died_is_marked_by_the_next(store: Store, run: str) -> None:
    later = store.start_run(["reports"], VERSIONS)
    assert later != run
    store.finish_run(later, {"files": 3, "coded": 2})
    rows = {row["id"]: row for row in store.table("runs").rows}
    assert (rows[run]["status"], rows[later]["status"]) == ("interrupted", "finished")
    assert (rows[later]["files"], rows[later]["coded"], rows[later]["skipped"]) == (3, 2, 0)
    assert all(row["finished"] for row in rows.values())


def test_a_file_that_is_looked_at_again_has_only_its_new_problems(store: Store, run: str) -> None:
    store.save_problem(Problem("triage", "bad_zip", "old"), "x.zip", run)
    store.save_problem(Problem("triage", "bad_zip", "new"), "x.zip", run)
    store.save_problem(Problem("triage", "bad_zip", "other"), "y.zip", run)
    store.save_report(coded(), run, VERSIONS)
    assert [p["detail"] for p in store.problems()] == ["Enter it by hand", "new", "other"]
    store.forget_problems(("x.zip", "r.pdf"), run)
    assert len(store.problems()) == 3  # of this very run
    store.forget_problems(("x.zip", "r.pdf"), store.start_run([], VERSIONS))
    assert [p["detail"] for p in store.problems()] == ["Enter it by hand", "other"]


def test_the_tables_take_only_known_words(store: Store, run: str) -> None:
    assert len(VERDICTS) == 6
    assert len(STATUSES) == 4
    store.save_report(coded(), run, VERSIONS)
    for verdict in VERDICTS:
        store.db.execute("UPDATE codings SET verdict = ?", [verdict])
    for status in STATUSES:
        store.db.execute("UPDATE reports SET status = ?", [status])
    for wrong in ("UPDATE codings SET verdict = 'maybe'", "UPDATE reports SET status = 'lost'"):
        with pytest.raises(sqlite3.IntegrityError):
            store.db.execute(wrong)
