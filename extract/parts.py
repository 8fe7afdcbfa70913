"""What a page falls into: its tables, its running text, and the record that is kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extract.aligned import find_aligned
from extract.layout import Block, arrange
from extract.pages import Sheet
from extract.records import Page, Passage, Table, Word
from extract.rules import read_ruled
from extract.skew import tilt
from extract.tables import inside


def page_tables(sheet: Sheet, ruled: dict[int, list[Table]]) -> list[Table]:
    """Return the tables of a page from the top down: those with rules, and among other words those without."""
    tables = ruled.get(sheet.words.number, []) or read_ruled(sheet.words, sheet.rules)
    words = tuple(word for word in sheet.words.words if not _in_table(word, tables))
    aligned = find_aligned(replace(sheet.words, words=words), [table.box for table in tables])
    return sorted([*tables, *aligned], key=lambda table: table.box.top)


def running_text(sheet: Sheet, tables: Sequence[Table]) -> list[Block]:
    """Return the blocks of a page's running text: all words but those in tables."""
    words = tuple(word for word in sheet.words.words if not _in_table(word, tables))
    return arrange(replace(sheet.words, words=words), [table.box for table in tables])


def page_record(
    sheet: Sheet, blocks: Sequence[Block], tables: Sequence[Table], furniture: tuple[str, ...]
) -> Page:
    """Return the record of a page, its words in reading order without running headers and footers."""
    kept = {id(word) for block in blocks for word in block.words}
    words = tuple(w for w in sheet.words.words if id(w) in kept or _in_table(w, tables))
    order = arrange(replace(sheet.words, words=words), [table.box for table in tables])
    text = "\n".join(line.text for block in order for line in block.lines)
    size = sheet.words
    return Page(size.number, size.width, size.height, sheet.kind, text, sheet.confidence, furniture)


def tilted_passage(passage: Passage, slopes: dict[int, float]) -> Passage:
    """Return a passage with its boxes as they lie on crooked pages."""
    return replace(passage, boxes=tuple(tilt(box, slopes[box.page]) for box in passage.boxes))


def tilted_table(table: Table, slopes: dict[int, float]) -> Table:
    """Return a table with its boxes as they lie on a crooked page."""
    slope = slopes[table.box.page]
    cells = tuple(replace(cell, box=tilt(cell.box, slope)) for cell in table.cells)
    return replace(table, box=tilt(table.box, slope), cells=cells)


def _in_table(word: Word, tables: Sequence[Table]) -> bool:
    return any(inside(word, table.box) for table in tables)
