"""The commands. They read what the user typed, call the rest, and choose the exit code; nothing imports this."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path
from typing import Any, TextIO

import click

import art7

OK, WRONG_USE, PROBLEMS, INTERRUPTED = 0, 2, 3, 130

DB = click.option(
    "--db",
    type=click.Path(path_type=Path),
    default=Path("art7.db"),
    show_default=True,
    help="The database file.",
)
MODEL = click.option(
    "--model",
    type=click.Path(path_type=Path),
    default=None,
    help="Folder of another model than the one that ships.",
)
CODEBOOK = click.option(
    "--codebook",
    "book",
    default="siem-reap-angkor-2025-2029",
    show_default=True,
    help="Name of a codebook, or a .yaml file.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(art7.__version__, prog_name="art7")
def main() -> None:
    """Reads Article 7 transparency reports (PDF), finds what each says about the indicators of the action plan,
    and shows the result in a web browser.

    Start with:  art7 code FOLDER   and then:  art7 serve
    """


@main.command()
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH..."
)
@DB
@CODEBOOK
@MODEL
@click.option(
    "--workers", type=click.IntRange(0, 256), default=0, help="Reports read at the same time; 0: one a core."
)
@click.option("--force", is_flag=True, help="Code reports again that are known, and those that were refused.")
def code(paths: tuple[Path, ...], db: Path, book: str, model: Path | None, workers: int, force: bool) -> None:
    """Code reports: PDF files, folders of them, or zip files.

    Reports that are in the database already are skipped. You can stop at any time with Ctrl-C and run the same
    command again: it goes on where it stopped.

    \b
    Ends with 0 when every report was coded, 3 when some have problems (they are listed with what to do),
    2 when the command was wrong.
    """
    from rich.console import Console

    from annotations.codebook import CodebookError
    from annotations.store import StoreError
    from art7.inbox import InboxError
    from art7.run import Options, run
    from art7.screen import Bar, print_problems, print_tally
    from models.classifier import RELEASED, ModelError

    console = Console()
    options = Options(paths, db, book, model or RELEASED, workers, force)
    try:
        with Bar(console) as bar:
            tally = run(options, bar)
    except KeyboardInterrupt:
        console.print("Stopped. What was done is kept; run the same command again to go on.")
        sys.exit(INTERRUPTED)
    except (CodebookError, ModelError, StoreError, InboxError) as error:
        raise click.UsageError(str(error)) from error
    except (OSError, sqlite3.Error) as error:  # disk full, no right to write, locked for over a minute
        raise click.UsageError(
            f"{db}: cannot be written to ({error}). Put that right or give another --db, and run the command again:"
            " it goes on where it stopped."
        ) from error
    print_tally(console, tally, [])
    open_problems = _problems(db)
    print_problems(console, open_problems)
    if open_problems:
        console.print(
            f"{len(open_problems)} problems are open; list them any time with: art7 problems --db {db}"
        )
    console.print(f"Look at the result with: art7 serve --db {db}")
    sys.exit(PROBLEMS if open_problems else OK)


@main.command()
@DB
@click.option("--host", default="127.0.0.1", show_default=True, help="127.0.0.1: for this computer only.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True)
def serve(db: Path, host: str, port: int) -> None:
    """Show the database in a web browser until you press Ctrl-C."""
    from art7.serve import ServeError
    from art7.serve import serve as start

    try:
        start(db, host, port)
    except ServeError as error:
        raise click.UsageError(str(error)) from error


@main.command()
@MODEL
@click.option(
    "--all", "every", is_flag=True, help="Give all scores, not only those above the model's threshold."
)
@click.argument("passages", type=click.File(encoding="utf-8"), default="-")
def classify(passages: TextIO, model: Path | None, every: bool) -> None:
    """Label single passages: JSON lines in, JSON lines out.

    \b
    In:   {"id": 1, "text": "..."}            lang, section, before, after may be added
    Out:  {"id": 1, "lang": "en", "labels": [{"indicator": "41.2", "verdict": "yes", "score": 0.93}]}
    Use:  art7 classify < passages.jsonl > labels.jsonl
    """
    from art7.stream import LineError, labelled
    from models.classifier import RELEASED, Model, ModelError

    try:
        for line in labelled(passages, Model(model or RELEASED), every):
            click.echo(line)
            sys.stdout.flush()
    except (LineError, ModelError) as error:
        raise click.UsageError(str(error)) from error
    except UnicodeDecodeError as error:
        raise click.UsageError(f"the input is not UTF-8 text ({error}); save it as UTF-8") from error


@main.command()
@DB
def problems(db: Path) -> None:
    """List what went wrong, with what to do about it."""
    from rich.console import Console

    from art7.screen import print_problems

    found = _problems(db)
    print_problems(Console(), found)
    click.echo(f"{len(found)} problems" if found else "No problems.")
    sys.exit(PROBLEMS if found else OK)


def _problems(db: Path) -> list[tuple[str, Any]]:
    from annotations.store import Store, StoreError
    from extract.records import Problem

    if not db.exists():
        raise click.UsageError(f"{db} does not exist; make it with: art7 code FOLDER --db {db}")
    try:
        store = Store(db)
    except StoreError as error:
        raise click.UsageError(str(error)) from error
    try:
        rows = store.problems()
    finally:
        store.close()
    return [
        (row["file_name"], Problem(row["stage"], row["kind"], row["detail"], row["page"])) for row in rows
    ]


@main.command()
@click.argument("name", required=False)
def states(name: str | None) -> None:
    """List the States and when they are Party; with NAME, one State with its groups and names."""
    from art7.show import show_state, show_states

    if name and not show_state(name):
        raise click.UsageError(
            f"no State is called {name}; use its name in one of the seven languages, or ISO code"
        )
    if not name:
        show_states()


@main.group("codebook")
def codebook() -> None:
    """Look at the codebook: actions, indicators, what counts and what does not."""


@codebook.command("show")
@click.argument("indicator", required=False)
@CODEBOOK
def show(indicator: str | None, book: str) -> None:
    """Show one INDICATOR in full (such as 41.2), or list them all."""
    from annotations.codebook import CodebookError, load_codebook
    from art7.show import show_indicator, show_indicators

    try:
        loaded = load_codebook(book)
        if indicator:
            show_indicator(loaded, indicator)
        else:
            show_indicators(loaded)
    except (CodebookError, KeyError) as error:
        raise click.UsageError(str(error.args[0])) from error


@codebook.command("check")
@CODEBOOK
def check(book: str) -> None:
    """Check a codebook file and say exactly what is wrong with it."""
    from annotations.codebook import CodebookError, load_codebook

    try:
        loaded = load_codebook(book)
    except CodebookError as error:
        raise click.UsageError(str(error)) from error
    percentages = sum(i.statistic == "percentage" for i in loaded.indicators)
    click.echo(
        f"{loaded.id} {loaded.version}: {len(loaded.actions)} actions, {len(loaded.indicators)} indicators "
        f"({percentages} percentages, {len(loaded.indicators) - percentages} numbers). No faults."
    )


@main.command()
@DB
@CODEBOOK
@MODEL
def doctor(db: Path, book: str, model: Path | None) -> None:
    """Check this installation: versions, OCR languages, codebook, model, database."""
    from art7.doctor import examine
    from models.classifier import RELEASED

    findings = list(examine(db, model or RELEASED, book))
    for finding in findings:
        click.echo(f"{finding.state:8}{finding.what}: {finding.detail}")
    sys.exit(PROBLEMS if any(f.state == "broken" for f in findings) else OK)
