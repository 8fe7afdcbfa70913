"""What the commands print: progress, tables, problems with what to do. Plain lines when not on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from annotations.rows import CodedReport
from art7.run import Tally
from extract.records import Problem


class Bar:
    """A progress bar that tells reports, pages, problems and time left; a line a report when not on a terminal."""

    def __init__(self, console: Console):
        self.console = console
        self.pages = self.problems = 0
        self.progress = Progress(
            TextColumn("Coding"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[pages]} pages, {task.fields[problems]} problems"),
            TimeElapsedColumn(),
            TextColumn("left:"),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
        )

    def __enter__(self) -> Bar:
        self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.progress.stop()

    def start(self, files: int) -> None:
        self.task = self.progress.add_task("", total=files, pages=0, problems=0)

    def skipped(self, name: str) -> None:
        self._advance()

    def done(self, coded: CodedReport) -> None:
        report = coded.report
        self.pages += len(report.pages)
        self.problems += len(report.problems)
        if not self.console.is_terminal:
            what = f"{len(report.pages)} pages" if not report.refused else "refused"
            self.console.print(f"{report.file_name}: {what}", markup=False, highlight=False)
        self._advance()

    def problem(self, name: str, problem: Problem) -> None:
        self.problems += 1
        self._advance()

    def _advance(self) -> None:
        self.progress.update(self.task, advance=1, pages=self.pages, problems=self.problems)


def print_tally(console: Console, tally: Tally, totals: Sequence[tuple[str, int]]) -> None:
    """Print what the run did and what the database now holds."""
    table = Table(title="Summary", title_justify="left", show_header=False)
    rows = [("Files found", tally.files), ("Coded now", tally.coded), ("Known already", tally.skipped)]
    rows += [("Pages read now", tally.pages), ("Files with problems", tally.with_problems), *totals]
    for name, count in rows:
        table.add_row(name, f"{count:,}")
    console.print(table)


def print_problems(console: Console, problems: Iterable[tuple[str, Problem]]) -> None:
    """Print each problem with its file and page."""
    for name, problem in problems:
        place = f", page {problem.page}" if problem.page else ""
        console.print(
            f"[bold]{escape(name)}{place}[/] ({problem.kind}): {escape(problem.detail)}", soft_wrap=True
        )


def print_rows(console: Console, title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print a table."""
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*("" if value is None else escape(str(value)) for value in row))
    console.print(table)
