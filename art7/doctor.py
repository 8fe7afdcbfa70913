"""`art7 doctor`: is everything here that the coder needs, and is the database sound?"""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import art7
from annotations.codebook import CodebookError, load_codebook
from annotations.register import RegisterError
from extract.ocr import ocr_available

PACKAGES = (
    "pdfplumber",
    "pdfminer.six",
    "pypdfium2",
    "tesserocr",
    "spacy",
    "onnxruntime",
    "sqlite-utils",
    "datasette",
)
OCR_PACKAGES = {"ar": "ara", "en": "eng", "es": "spa", "fr": "fra", "pt": "por", "ru": "rus", "zh": "chi-sim"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    state: Literal["ok", "missing", "broken"]
    what: str
    detail: str


def examine(db: Path, model_folder: Path, codebook: str) -> Iterator[Finding]:
    """Yield what was found, one thing after the other; never raises for what is wrong."""
    yield Finding("ok", "art7", f"{art7.__version__} on Python {platform.python_version()}")
    yield Finding("ok", "packages", ", ".join(f"{name} {version(name)}" for name in PACKAGES))
    yield from _ocr()
    yield _codebook(codebook)
    yield _register()
    yield _model(model_folder, codebook)
    yield from _database(db)


def _ocr() -> Iterator[Finding]:
    for language, there in ocr_available().items():
        if not there:
            package = f"tesseract-ocr-{OCR_PACKAGES.get(language, language)}"
            detail = f"scanned pages in this language cannot be read; install the package {package}"
            yield Finding("missing", f"OCR data {language}", detail)
    languages = [language for language, there in ocr_available().items() if there]
    shown = ", ".join(languages) or "none: scans cannot be read"
    yield Finding("ok" if languages else "missing", "OCR languages", shown)


def _codebook(name: str) -> Finding:
    try:
        book = load_codebook(name)
    except CodebookError as error:
        return Finding("broken", "codebook", str(error))
    return Finding(
        "ok", "codebook", f"{book.id} {book.version}, hash {book.hash}, {len(book.indicators)} indicators"
    )


def _register() -> Finding:
    from art7.coder import register

    try:
        shipped = register()
    except RegisterError as error:
        return Finding("broken", "register", str(error))
    return Finding(
        "ok", "register", f"{len(shipped.parties)} States Parties, {len(shipped.groups)} group rows"
    )


def _model(folder: Path, codebook: str) -> Finding:
    from models.classifier import Model, ModelError
    from models.released_id import computed_id

    try:
        about = Model(folder).about
    except ModelError as error:
        return Finding("broken", "model", str(error))
    if computed_id(folder, about.name) != about.id:
        return Finding(
            "broken", "model", f"{folder}: the files do not fit the id {about.id}; fetch the model again"
        )
    note = (
        ""
        if about.codebook_hash == load_codebook(codebook).hash
        else " (trained on another codebook version)"
    )
    return Finding("ok", "model", f"{about.id}, codebook hash {about.codebook_hash}{note}")


def _database(db: Path) -> Iterator[Finding]:
    if not db.exists():
        yield Finding("missing", "database", f"{db}: not made yet; art7 code makes it")
        return
    try:
        with closing(sqlite3.connect(f"{db.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            broken = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
            dangling = connection.execute("PRAGMA foreign_key_check").fetchall()
            counts = [
                f"{connection.execute(f'SELECT count(*) FROM {table}').fetchone()[0]} {table}"
                for table in ("reports", "pages", "passages", "codings", "problems")
            ]
    except sqlite3.DatabaseError as error:
        yield Finding("broken", "database", f"{db}: {error}; restore a backup or code the reports again")
        return
    if broken or dangling:
        yield Finding(
            "broken",
            "database",
            f"{db}: {len(broken)} integrity and {len(dangling)} reference faults;"
            " restore a backup or code the reports again",
        )
        return
    yield Finding("ok", "database", f"{db}: {', '.join(counts)}")
