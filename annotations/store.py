"""The one place that writes to an art7 database."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from secrets import token_hex
from typing import Any

from sqlite_utils import Database
from sqlite_utils.db import Table
from sqlite_utils.migrations import Migrations

from annotations.codebook import Codebook
from annotations.rows import (
    CodedReport,
    Versions,
    hash_id,
    indicator_row,
    now,
    page_rows,
    passage_row,
    report_row,
)
from annotations.schema import migrations
from extract.records import Problem

BUSY_SECONDS = 60


class StoreError(RuntimeError):
    """The database cannot be used as asked; the message says what to do."""


class Store:
    """An open database. Every method that writes does so in one transaction."""

    def __init__(self, path: Path):
        """Open or make the database at `path` and bring its tables up to date."""
        if not path.resolve().parent.is_dir():
            raise StoreError(f"{path}: the folder {path.parent} does not exist; make it or give another --db")
        try:
            self.db = Database(sqlite3.connect(path, timeout=BUSY_SECONDS))
            self._refuse_others(path)
            self.db.enable_wal()
            self.db.execute("PRAGMA foreign_keys = ON")
            if migrations.pending(self.db):
                with self.transaction():
                    migrations.apply(self.db)
        except sqlite3.DatabaseError as error:
            raise StoreError(f"{path}: cannot be used as a database ({error}); give another --db") from error
        self.path = path

    def _refuse_others(self, path: Path) -> None:
        tables = self.db.table_names()
        if tables and Migrations.migrations_table not in tables:
            raise StoreError(f"{path}: is a database of another program; give another --db")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all or nothing; takes the write lock at once, waiting up to BUSY_SECONDS for other writers.

        A transaction that begins by reading, as a delete with its triggers does, would fail instead of wait.
        """
        with self.db.conn:  # commits at the end, rolls back after an error
            self.db.conn.execute("BEGIN IMMEDIATE")
            yield

    def close(self) -> None:
        self.db.close()

    def table(self, name: str) -> Table:
        return self.db.table(name)

    # the frame: codebook, States, models, runs

    def save_codebook(self, book: Codebook) -> None:
        """Write the codebook; StoreError when the database holds another one (not another version of it)."""
        held = self.setting("codebook")
        if held not in (None, book.id):
            raise StoreError(f"{self.path}: holds the codebook {held}, not {book.id}; give another --db")
        with self.transaction():
            self.save_setting("codebook", book.id)
            self.save_setting("codebook_title", book.title)
            self.save_setting("codebook_hash", book.hash)
            self.table("actions").upsert_all(
                ({"id": a.id, "chapter": book.chapter_of(a.id).id, "name": a.name} for a in book.actions),
                pk="id",
            )
            # nested bases point to other rows of the table: those without a base first
            ordered = sorted(enumerate(book.indicators), key=lambda pair: pair[1].base is not None)
            self.table("indicators").upsert_all(
                (indicator_row(book, i, place) for place, i in ordered), pk="id"
            )

    def save_states(self, states: Iterable[dict[str, Any]], groups: Iterable[dict[str, Any]]) -> None:
        """Write the States and replace the dated groups."""
        with self.transaction():
            self.table("states").upsert_all(states, pk="iso3")
            self.table("state_groups").delete_where()
            self.table("state_groups").insert_all(groups)

    def save_model(self, row: dict[str, Any]) -> None:
        with self.transaction():
            self.table("models").upsert(row, pk="id")

    def setting(self, name: str) -> str | None:
        for row in self.db.query("select value from settings where name = ?", [name]):
            return str(row["value"])
        return None

    def save_setting(self, name: str, value: str) -> None:
        self.table("settings").upsert({"name": name, "value": value}, pk="name")

    def start_run(self, paths: Sequence[str], versions: Versions) -> str:
        """Write a new run, mark runs that died before as interrupted, return the new run's id."""
        run_id = token_hex(8)
        with self.transaction():
            self.db.execute(
                "UPDATE runs SET status = 'interrupted', finished = ? WHERE status = 'running'", [now()]
            )
            self.table("runs").insert(
                {"id": run_id, "started": now(), "status": "running", "paths": json.dumps(list(paths))}
                | asdict(versions)
            )
        return run_id

    def finish_run(self, run_id: str, counts: dict[str, int], status: str = "finished") -> None:
        with self.transaction():
            self.table("runs").update(run_id, {"finished": now(), "status": status} | counts)

    # reports

    def known(self, sha256: str, versions: Versions) -> bool:
        """Return True when the report with these bytes was coded (or refused) with these versions."""
        rows = self.db.query(
            "SELECT 1 FROM reports WHERE sha256 = ? AND model_id = ? AND codebook_hash = ? AND version = ?"
            " AND status != 'failed'",
            [sha256, versions.model_id, versions.codebook_hash, versions.version],
        )
        return any(rows)

    def save_report(self, coded: CodedReport, run_id: str, versions: Versions) -> str:
        """Write the whole report in one transaction in place of an earlier coding of it; return its id."""
        report = coded.report
        report_id = report.sha256[:16]
        passage_ids = [hash_id(report.sha256, p.order, p.text) for p in report.passages]
        with self.transaction():
            self.db.execute("DELETE FROM reports WHERE id = ?", [report_id])
            self.table("reports").insert(report_row(coded, report_id, run_id, versions))
            self.table("pages").insert_all(page_rows(report, report_id))
            self.table("passages").insert_all(
                passage_row(p, i, report_id) for p, i in zip(report.passages, passage_ids, strict=True)
            )
            self._save_codings(coded, report_id, passage_ids, run_id, versions)
            self._save_problems(report.problems, report_id, report.file_name, run_id)
        return report_id

    def _save_codings(
        self, coded: CodedReport, report_id: str, passage_ids: list[str], run_id: str, versions: Versions
    ) -> None:
        self.table("suggestions").insert_all(
            {"passage_id": passage_id, "indicator_id": s.indicator, "verdict": s.verdict, "score": s.score}
            | {"model_id": versions.model_id}
            for passage_id, suggestions in zip(passage_ids, coded.suggestions, strict=bool(coded.suggestions))
            for s in suggestions
        )
        self.table("codings").insert_all(
            {"report_id": report_id, "indicator_id": c.indicator, "verdict": c.verdict, "score": c.score}
            | {"reason": c.reason, "model_id": versions.model_id, "codebook_hash": versions.codebook_hash}
            | {"run_id": run_id}
            for c in coded.codings
        )
        self.table("evidence").insert_all(
            {"report_id": report_id, "indicator_id": c.indicator, "passage_id": passage_ids[e.passage]}
            | {"rank": rank, "verdict": e.verdict, "score": e.score}
            for c in coded.codings
            for rank, e in enumerate(c.evidence, 1)
        )

    def save_problem(self, problem: Problem, file_name: str, run_id: str) -> None:
        """Write a problem of a file that never became a report, in place of those it had before."""
        with self.transaction():
            self.db.execute("DELETE FROM problems WHERE report_id IS NULL AND file_name = ?", [file_name])
            self._save_problems([problem], None, file_name, run_id)

    def forget_problems(self, file_names: Sequence[str], run_id: str) -> None:
        """Drop what earlier runs noted of files that never became a report: they are looked at again."""
        with self.transaction():
            self.db.execute(
                f"DELETE FROM problems WHERE report_id IS NULL AND run_id != ?"
                f" AND file_name IN ({', '.join('?' * len(file_names))})",
                [run_id, *file_names],
            )

    def _save_problems(
        self, problems: Iterable[Problem], report_id: str | None, file_name: str, run_id: str
    ) -> None:
        self.table("problems").insert_all(
            {"report_id": report_id, "file_name": file_name, "page": p.page, "stage": p.stage, "kind": p.kind}
            | {"detail": p.detail, "run_id": run_id, "found_at": now()}
            for p in problems
        )

    def problems(self) -> list[dict[str, Any]]:
        """Return every open problem with its file and page, by file."""
        return list(self.db.query("SELECT * FROM problems ORDER BY file_name, page, id"))
