"""Finds, among the databases Datasette has open, the one that holds codings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from datasette.database import Database

from annotations.codebook import Codebook, CodebookError, load_codebook

if TYPE_CHECKING:
    from datasette.app import Datasette

_NAMES: WeakKeyDictionary[Datasette, str] = WeakKeyDictionary()


class Unanswered(RuntimeError):
    """A page cannot be shown; the message says what to do, the status is that of HTTP."""

    def __init__(self, message: str, status: int = 404):
        super().__init__(message)
        self.status = status


async def find_coded(datasette: Datasette) -> None:
    """Remember which open database holds codings; called once, when Datasette starts."""
    for name, db in datasette.databases.items():
        if not db.is_memory and await db.table_exists("codings"):
            _NAMES[datasette] = name
            return


def coded_name(datasette: Datasette) -> str | None:
    """Return the name (in addresses) of the database that holds codings; None when none is open."""
    return _NAMES.get(datasette)


def coded_database(datasette: Datasette) -> Database:
    """Return the database that holds codings; Unanswered says what to do when none is open."""
    name = coded_name(datasette)
    if name is None:
        raise Unanswered("No open database holds codings. Make one with: art7 code FOLDER, then: art7 serve")
    return datasette.get_database(name)


def coded_path(datasette: Datasette) -> Path:
    """Return where the coded database lies; the PDFs are kept beside it."""
    return Path(coded_database(datasette).path)


async def codebook_of(db: Database) -> Codebook | None:
    """Return the shipped codebook that the database was coded with; None for a codebook of somebody's own."""
    rows = await db.execute("SELECT value FROM settings WHERE name = 'codebook'")
    held = rows.first()
    try:
        return load_codebook(held["value"]) if held else None
    except CodebookError:
        return None
