"""Shows a coded database in the browser, on this machine unless told otherwise."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import uvicorn
from datasette.app import Datasette

# Milliseconds, rows, characters, megabytes (0: no limit).
SETTINGS = {
    "sql_time_limit_ms": 10_000,
    "facet_time_limit_ms": 1500,
    "suggest_facets": False,
    "default_page_size": 50,
    "default_cache_ttl": 0,  # what another process has just written shows at once
    "truncate_cells_html": 300,
    "max_csv_mb": 0,
}


class ServeError(RuntimeError):
    """The database cannot be shown; the message says what to do."""


def make_datasette(db: Path) -> Datasette:
    """Return a Datasette over the coded database at `db`, open for reading while others write to it.

    Raises ServeError when there is no such file or it holds no codings.
    """
    _check(db)
    return Datasette([str(db)], settings=SETTINGS)


def serve(db: Path, host: str, port: int) -> None:
    """Print the address and answer requests until interrupted."""
    app = make_datasette(db).app()
    shown = f"[{host}]" if ":" in host else host
    print(f"{db.name}: open http://{shown}:{port}/ in a browser; Ctrl+C stops it", flush=True)
    uvicorn.run(app, host=host, port=port, log_level="warning", lifespan="on")


def _check(db: Path) -> None:
    if not db.is_file():
        raise ServeError(f"{db}: no such database; make it first: art7 code FOLDER --db {db}")
    try:
        with closing(sqlite3.connect(f"{db.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'codings'").fetchone()
    except sqlite3.DatabaseError as error:
        raise ServeError(f"{db}: cannot be read as a database ({error}); give another --db") from error
    if found is None:
        raise ServeError(f"{db}: holds no codings; make a coded one: art7 code FOLDER --db OTHER.db")
