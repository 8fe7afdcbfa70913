"""Tables without rules: rows whose words stand in columns with white between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from extract.layout import BULLET, columns_of, is_rtl, rows_of
from extract.records import Box, Table, Word, around
from extract.tables import fill
from extract.text import PageWords

GAP = 10.0  # points of white that part two columns of a table
WIDE_GAP = 16.0  # of a table of two rows
LINE = 28  # letters; a column of longer lines holds text
FAR = 2.6  # line pitch, as a share of the size, above which a table has ended

Row = list[Word]


def find_aligned(page: PageWords, barriers: Sequence[Box] = ()) -> list[Table]:
    """Return the tables of a page that are set without rules, from the top down.

    At least two rows must have words in two columns. Columns of running text are no table.
    """
    found = []
    for words in columns_of(page, barriers):
        for rows in _runs(rows_of(words), barriers):
            table = _table(rows)
            if table:
                found.append(table)
    return found


def _runs(rows: list[Row], barriers: Sequence[Box]) -> Iterator[list[Row]]:
    """Yield rows that follow each other with at least one strip of white through all of them."""
    run: list[Row] = []
    for row in rows:
        if run and (_is_far(run[-1], row, barriers) or not _gutters([*run, row])):
            yield run
            run = []
        if run or _gutters([row]):
            run = [*run, row]
    if run:
        yield run


def _is_far(above: Row, row: Row, barriers: Sequence[Box]) -> bool:
    one, two = around([w.box for w in above]), around([w.box for w in row])
    return two.top - one.bottom > (FAR - 1) * one.height or any(
        one.bottom <= barrier.bottom and barrier.top <= two.top and barrier.top >= one.top
        for barrier in barriers
    )


def _gutters(rows: Sequence[Row], gap: float = GAP) -> list[float]:
    """Return the middle of each strip of white that runs through all rows."""
    spans = sorted((w.box.x0, w.box.x1) for row in rows for w in row)
    middles, edge = [], spans[0][1]
    for x0, x1 in spans[1:]:
        if x0 - edge >= gap:
            middles.append((edge + x0) / 2)
        edge = max(edge, x1)
    return middles


def _table(rows: list[Row]) -> Table | None:
    gutters = _gutters(rows)
    full = [row for row in rows if len({_column(word, gutters) for word in row}) >= 2]
    if len(full) < 2 or (len(full) == 2 and not _gutters(rows, WIDE_GAP)):
        return None
    if _is_list(rows, gutters) or _is_running_text(full, gutters):
        return None
    edges = [
        min(w.box.x0 for row in rows for w in row) - 1,
        *gutters,
        max(w.box.x1 for r in rows for w in r) + 1,
    ]
    grid = [
        [_cell_box(lines, left, right) for left, right in pairwise(edges)]
        for lines in _table_rows(rows, gutters)
    ]
    return fill(grid, [word for row in rows for word in row], rows[0][0].box.page)


def _column(word: Word, gutters: Sequence[float]) -> int:
    middle = (word.box.x0 + word.box.x1) / 2
    return sum(middle > gutter for gutter in gutters)


def _is_running_text(rows: Sequence[Row], gutters: Sequence[float]) -> bool:
    """Return whether whole lines of text stand in two of the columns."""
    long = 0
    for column in range(len(gutters) + 1):
        lines = [" ".join(w.text for w in row if _column(w, gutters) == column) for row in rows]
        long += median(len(line) for line in lines) > LINE
    return long >= 2


def _is_list(rows: Sequence[Row], gutters: Sequence[float]) -> bool:
    """Return whether the first column only numbers what stands beside it."""
    words = [word for row in rows for word in row]
    first = len(gutters) if is_rtl(words) else 0
    marks = ["".join(w.text for w in row if _column(w, gutters) == first) for row in rows]
    marks = [mark for mark in marks if mark]
    return all(len(mark) <= 2 or BULLET.fullmatch(mark) for mark in marks)


def _table_rows(rows: Sequence[Row], gutters: Sequence[float]) -> list[list[Row]]:
    """Return the lines of each row of the table: a row begins after more white, or with a word in each column."""
    pitches = [_pitch(above, row) for above, row in pairwise(rows)]
    tight = min(pitches, default=0.0)
    uneven = max(pitches, default=0.0) > 1.25 * tight
    groups = [[rows[0]]]
    for row, pitch in zip(rows[1:], pitches, strict=True):
        filled = len({_column(word, gutters) for word in row})
        if pitch > 1.25 * tight if uneven else filled > 1:
            groups.append([])
        groups[-1].append(row)
    return groups


def _pitch(above: Row, row: Row) -> float:
    return median(w.box.bottom for w in row) - median(w.box.bottom for w in above)


def _cell_box(lines: Sequence[Row], left: float, right: float) -> tuple[float, float, float, float]:
    box = around([word.box for line in lines for word in line])
    return left, box.top, right, box.bottom
