"""The ruled lines of a scanned page, found in its picture, and the tables that they draw."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pypdfium2

from extract.records import Box, Table
from extract.tables import Sides, fill
from extract.text import PageWords

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Bits = NDArray[np.bool_]

DOTS = 2.0  # pixels a point: enough to see a hairline, few enough to be quick
DARK = 0.72  # of the paper's brightness; darker is ink
LONGEST_GAP = 3  # pixels that noise may tear out of a line
SHORTEST = {"h": 40.0, "v": 14.0}  # points; a shorter run is a letter's stroke
THICKEST = 4.0  # points; thicker is a bar or a picture
SNAP = 4.0  # points within which line ends meet


def find_rules(page: pypdfium2.PdfPage, number: int, slope: float) -> tuple[Box, ...]:
    """Return the straight lines of a page's picture as thin boxes, in points of the levelled page."""
    dark = _ink(page, slope)
    across = [_box(number, run) for run in _runs(dark, SHORTEST["h"])]
    down = [_turned(_box(number, run)) for run in _runs(dark.T, SHORTEST["v"])]
    return (*across, *down)


def read_ruled(page: PageWords, rules: tuple[Box, ...]) -> list[Table]:
    """Return the tables whose cells the rules draw, with the page's words in them."""
    if not rules:
        return []
    from pdfplumber import table as plumber

    edges = plumber.merge_edges([_edge(rule) for rule in rules], SNAP, SNAP, SNAP, SNAP)
    crossings = plumber.edges_to_intersections(edges, SNAP, SNAP)
    found = []
    for cells in plumber.cells_to_tables(plumber.intersections_to_cells(crossings)):
        table = fill(_grid(cells), page.words, page.number)
        if table:
            found.append(table)
    return sorted(found, key=lambda table: table.box.top)


def _ink(page: pypdfium2.PdfPage, slope: float) -> Bits:
    """Return where the levelled page is dark."""
    import numpy as np
    from PIL import Image

    picture = page.render(scale=DOTS, grayscale=True).to_pil().convert("L")
    if slope:
        level = (1, -slope, 0, slope, 1, 0)
        picture = picture.transform(
            picture.size, Image.Transform.AFFINE, level, Image.Resampling.BILINEAR, fillcolor=255
        )
    grey = np.asarray(picture, dtype=np.float32)
    return grey < DARK * float(np.percentile(grey, 80))


def _runs(dark: Bits, shortest: float) -> Iterator[tuple[int, int, int, int]]:
    """Yield long dark runs along the rows as (row, last row, start, end) in pixels, thick lines as one."""
    import numpy as np

    least = int(shortest * DOTS)
    smeared = dark | np.roll(dark, 1, axis=0)  # a line that is not quite straight steps from row to row
    open_runs: list[list[int]] = []
    for row in range(dark.shape[0]):
        rows_runs = list(_long(smeared[row], least))
        still = []
        for run in open_runs:
            meeting = [r for r in rows_runs if r[0] < run[3] and run[2] < r[1]]
            if meeting:
                run[1] = row
                run[2], run[3] = min(run[2], *(r[0] for r in meeting)), max(run[3], *(r[1] for r in meeting))
                rows_runs = [r for r in rows_runs if r not in meeting]
                still.append(run)
            elif run[1] - run[0] <= THICKEST * DOTS:
                yield run[0], run[1], run[2], run[3]
        open_runs = still + [[row, row, start, end] for start, end in rows_runs]
    yield from ((a, b, c, d) for a, b, c, d in open_runs if b - a <= THICKEST * DOTS)


def _long(row: NDArray[np.bool_], least: int) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of the dark runs of a row that are long enough, small gaps overlooked."""
    import numpy as np

    places = np.flatnonzero(row)
    if len(places) < least // 2:
        return
    breaks = np.flatnonzero(np.diff(places) > LONGEST_GAP)
    starts, ends = np.r_[places[0], places[breaks + 1]], np.r_[places[breaks], places[-1]] + 1
    for i in np.flatnonzero(ends - starts >= least):
        start, end = int(starts[i]), int(ends[i])
        if row[start:end].mean() > 0.8:
            yield start, end


def _box(number: int, run: tuple[int, int, int, int]) -> Box:
    first, last, start, end = run
    return Box(number, start / DOTS, first / DOTS, end / DOTS, (last + 1) / DOTS)


def _turned(box: Box) -> Box:
    return Box(box.page, box.top, box.x0, box.bottom, box.x1)


def _edge(rule: Box) -> dict[str, Any]:
    """Return a rule as pdfplumber describes an edge: a line without thickness."""
    x0, x1, top, bottom = rule.x0, rule.x1, rule.top, rule.bottom
    if rule.width >= rule.height:
        top = bottom = (top + bottom) / 2
        return {"x0": x0, "x1": x1, "top": top, "bottom": bottom, "width": x1 - x0, "orientation": "h"}
    x0 = x1 = (x0 + x1) / 2
    return {"x0": x0, "x1": x1, "top": top, "bottom": bottom, "height": bottom - top, "orientation": "v"}


def _grid(cells: list[Sides]) -> list[list[Sides | None]]:
    """Return cells as rows of places; a place that an earlier cell covers has None."""
    lefts = sorted({cell[0] for cell in cells})
    tops = sorted({cell[1] for cell in cells})
    by_place = {(cell[1], cell[0]): cell for cell in cells}
    return [[by_place.get((top, left)) for left in lefts] for top in tops]
