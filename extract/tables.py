"""Ruled tables: pdfplumber finds the cells, our own words fill them; a row reads "Header: value; Header: value"."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from extract.layout import line_of, rows_of, spell
from extract.records import Box, Cell, Problem, Table, Word, around
from extract.sections import names_column
from extract.text import PageWords

if TYPE_CHECKING:
    from pdfplumber.page import Page as PlumberPage
    from pdfplumber.table import Table as PlumberTable

COLONS = " :\uff1a"
Sides = tuple[float, float, float, float]  # left, top, right, bottom
HEADER_WORDS = 14  # longer texts name no column
_NUMBER = re.compile(r"[\W\d]*\d[\W\d]*[%a-zA-Z²³]{0,3}\W*|[\W_]*")


def read_tables(data: bytes, pages: Sequence[PageWords]) -> tuple[dict[int, list[Table]], list[Problem]]:
    """Return the ruled tables of the given pages by page number, from the top down, and what went wrong.

    Only a grid of at least two columns with words in it counts; a frame round text is no table.
    """
    if not pages:
        return {}, []
    import pdfplumber
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            if len(pdf.pages) < max(page.number for page in pages):
                return {}, [_lost(f"only {len(pdf.pages)} pages could be searched for tables")]
            return _read_each(pdf.pages, pages)
    except (PdfminerException, ValueError, TypeError, KeyError) as error:
        return {}, [_lost(f"the file could not be searched for tables ({type(error).__name__})")]


def row_text(table: Table, row: int, header: Sequence[str] = ()) -> str:
    """Return a row as "Header: value; Header: value"; without headers the first cell is taken for the label."""
    cells = {column: cell for column in range(table.columns) if (cell := cell_at(table, row, column))}
    once = [(c, cell.text) for c, cell in cells.items() if cell.text and cells.get(c - 1) is not cell]
    names = header or headers(table)
    if any(names):
        return "; ".join(
            f"{names[c].rstrip(COLONS)}: {text}" if c < len(names) and names[c] and names[c] != text else text
            for c, text in once
        )
    if len(once) < 2:
        return "".join(text for _, text in once)
    label = once[0][1].rstrip(COLONS)
    return f"{label}: " + "; ".join(text for _, text in once[1:])


def headers(table: Table) -> list[str]:
    """Return the name of each column, from all header rows above it; empty where there are none."""
    names = []
    for column in range(table.columns):
        parts: list[str] = []
        for row in range(table.header_rows):
            cell = cell_at(table, row, column)
            if cell and cell.text and cell.text not in parts and not _is_title(table, cell):
                parts.append(cell.text)
        names.append(" ".join(parts))
    return names


def title_of(table: Table) -> str:
    """Return the text of header rows that run across the whole table; empty where there are none."""
    cells = [cell for cell in table.cells if cell.row < table.header_rows and _is_title(table, cell)]
    return " ".join(cell.text for cell in cells if cell.text)


def _is_title(table: Table, cell: Cell) -> bool:
    return cell.box.width > 0.97 * table.box.width


def row_box(table: Table, row: int) -> Box:
    """Return the box of a row's own cells, or of the table where the row has none."""
    boxes = [cell.box for cell in table.cells if cell.row == row]
    return around(boxes) if boxes else table.box


def cell_at(table: Table, row: int, column: int) -> Cell | None:
    """Return the cell that covers a place of the grid, also where it spans rows or columns."""
    own = {(cell.row, cell.column): cell for cell in table.cells}
    if (row, column) in own:
        return own[row, column]
    middle = _column_middle(table, column)
    height = _row_middle(table, row)
    for cell in table.cells:
        if cell.box.x0 < middle < cell.box.x1 and cell.box.top < height < cell.box.bottom:
            return cell
    return None


def _column_middle(table: Table, column: int) -> float:
    boxes = [cell.box for cell in table.cells if cell.column == column]
    narrowest = min(boxes, key=lambda box: box.width)
    return (narrowest.x0 + narrowest.x1) / 2


def _row_middle(table: Table, row: int) -> float:
    boxes = [cell.box for cell in table.cells if cell.row == row]
    lowest = min(boxes, key=lambda box: box.height)
    return (lowest.top + lowest.bottom) / 2


def inside(word: Word, box: Box) -> bool:
    """Return whether the middle of a word lies in a box."""
    x, y = (word.box.x0 + word.box.x1) / 2, (word.box.top + word.box.bottom) / 2
    return box.x0 <= x <= box.x1 and box.top <= y <= box.bottom


def _read_each(
    plumbed: Sequence[PlumberPage], pages: Iterable[PageWords]
) -> tuple[dict[int, list[Table]], list[Problem]]:
    found: dict[int, list[Table]] = {}
    problems = []
    for page in pages:
        plumber_page = plumbed[page.number - 1]
        try:
            read = [_table(grid, page, plumber_page) for grid in plumber_page.find_tables()]
        except Exception as error:  # pdfminer raises anything on a broken page; the page's words are not lost
            problems.append(_lost(f"tables could not be read ({type(error).__name__})", page.number))
            continue
        finally:
            plumber_page.close()
        tables = [table for table in read if table]
        found[page.number] = sorted(tables, key=lambda table: table.box.top)
    return found, problems


def _lost(what: str, page: int | None = None) -> Problem:
    detail = f"{what}: numbers in tables were read as running text; check them on the page"
    return Problem("tables", "no_tables", detail, page)


def _table(grid: PlumberTable, page: PageWords, plumber_page: PlumberPage) -> Table | None:
    left, top = plumber_page.bbox[0], plumber_page.bbox[1]
    rows = [
        [box and (box[0] - left, box[1] - top, box[2] - left, box[3] - top) for box in row.cells]
        for row in grid.rows
    ]
    return fill(rows, page.words, page.number)


def fill(grid: Sequence[Sequence[Sides | None]], words: Sequence[Word], page: int) -> Table | None:
    """Return the table of a grid with the words that lie in each cell; None if it is no grid or has no words.

    A place of the grid that an earlier cell covers has None.
    """
    width = len(grid[0]) if grid else 0
    cells: list[Cell] = []
    bold: set[tuple[int, int]] = set()
    for r, row in enumerate(grid):
        for c, sides in enumerate(row):
            if sides is None:
                continue
            box = Box(page, *sides)
            held = [word for word in words if inside(word, box)]
            cells.append(Cell(r, c, _cell_text(held), box))
            if held and all(word.bold for word in held if any(map(str.isalnum, word.text))):
                bold.add((r, c))
    if width < 2 or not any(cell.text for cell in cells):
        return None
    if _is_rtl(cells):
        cells, bold = _read_from_the_right(cells, width), {(r, width - 1 - c) for r, c in bold}
    table = Table(around([cell.box for cell in cells]), tuple(cells), len(grid), width)
    return replace(table, header_rows=_header_rows(table, bold))


def _cell_text(words: Sequence[Word]) -> str:
    return spell([line_of(row).words for row in rows_of(words)])[0]


def _is_rtl(cells: Sequence[Cell]) -> bool:
    letters = [c for cell in cells for c in cell.text if c.isalpha()]
    return 2 * sum("\u0590" <= c <= "\u08ff" for c in letters) > len(letters)


def _read_from_the_right(cells: Sequence[Cell], width: int) -> list[Cell]:
    turned = [Cell(cell.row, width - 1 - cell.column, cell.text, cell.box) for cell in cells]
    return sorted(turned, key=lambda cell: (cell.row, cell.column))


def _header_rows(table: Table, bold: set[tuple[int, int]]) -> int:
    """Return how many first rows name the columns: bold ones above plain ones, or words above numbers."""
    count = 0
    while count < min(3, table.rows - 1) and _names_columns(table, count, bold):
        count += 1
    if count == 0 and table.rows > 1 and _words_over_numbers(table):
        return 1
    return count


def _row_cells(table: Table, row: int) -> list[Cell]:
    return [cell for cell in table.cells if cell.row == row and cell.text]


def _names_columns(table: Table, row: int, bold: set[tuple[int, int]]) -> bool:
    cells = _row_cells(table, row)
    if not cells or any(_is_long(cell.text) or (row and _is_number(cell.text)) for cell in cells):
        return False
    own = [cell for cell in table.cells if cell.row == row]
    enough = len(cells) >= 2 or len(own) < table.columns
    return enough and all((cell.row, cell.column) in bold for cell in cells) and not _all_bold(table, bold)


def _all_bold(table: Table, bold: set[tuple[int, int]]) -> bool:
    return all((cell.row, cell.column) in bold for cell in table.cells if cell.text)


def _words_over_numbers(table: Table) -> bool:
    """Return whether the first row is short words, all filled, and a later row has numbers or more columns."""
    first = [cell for cell in table.cells if cell.row == 0]
    if not all(cell.text and not _is_number(cell.text) and not _is_long(cell.text) for cell in first):
        return False
    if any(cell.text.rstrip().endswith((":", "\uff1a")) for cell in first):
        return False
    if len(first) > 1 and names_column(first[-1].text):
        return True
    later = [_is_number(cell.text) for cell in table.cells if cell.row > 0 and cell.column > 0 and cell.text]
    numeric = all(later) if table.columns == 2 else any(later)
    return (bool(later) and numeric) or (table.columns > 2 and len(first) == table.columns)


def _is_number(text: str) -> bool:
    return bool(text) and _NUMBER.fullmatch(text) is not None


def _is_long(text: str) -> bool:
    return len(text.split()) > HEADER_WORDS or len(text) > 110
