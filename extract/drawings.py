"""What is drawn on a page beside its words: are there lines enough for a table, how much do images cover?"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

_MOST_OBJECTS = 20_000  # a page with more is a map or a drawing; looking further costs more than it tells
_MOST_DEPTH = 4
_THIN, _LONG, _GRID = (
    2.5,
    12.0,
    2.0,
)  # points: widest line, shortest side that counts, lines this near are one
_RASTER = 40  # image cover is counted on a raster of this many cells each way


@dataclass(frozen=True, slots=True)
class Drawings:
    """ruled: enough lines both ways for a table; image_share: share (0-1) of the page under images."""

    ruled: bool
    image_share: float


Bounds = tuple[float, float, float, float]  # left, bottom, right, top in user space
Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def read_drawings(page: pypdfium2.PdfPage) -> Drawings:
    """Return what `page` shows beside its words."""
    left, bottom, right, top = page.get_bbox()
    rows: set[int] = set()
    columns: set[int] = set()
    covered: set[tuple[int, int]] = set()
    for kind, bounds in _objects(page):
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            covered |= _cells(bounds, (left, bottom, right, top))
        else:
            _rule(bounds, rows, columns, (right - left, top - bottom))
    ruled = len(rows) >= 2 and len(columns) >= 2 and len(rows) + len(columns) >= 5
    return Drawings(ruled, len(covered) / _RASTER**2)


def _objects(page: pypdfium2.PdfPage) -> Iterator[tuple[int, Bounds]]:
    """Yield images and the lines and boxes of paths, those inside form objects too."""
    budget = [_MOST_OBJECTS]
    count = pdfium.FPDFPage_CountObjects(page)
    yield from _walk((pdfium.FPDFPage_GetObject(page, i) for i in range(count)), _IDENTITY, 0, budget)


def _walk(
    objects: Iterator[pdfium.FPDF_PAGEOBJECT], matrix: Matrix, depth: int, budget: list[int]
) -> Iterator[tuple[int, Bounds]]:
    for item in objects:
        budget[0] -= 1
        if budget[0] < 0 or not item:
            return
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            yield kind, _moved(_bounds(item), matrix)
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            for bounds in _strokes(item):
                yield kind, _moved(bounds, matrix)
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _MOST_DEPTH:
            inside = (
                pdfium.FPDFFormObj_GetObject(item, i) for i in range(pdfium.FPDFFormObj_CountObjects(item))
            )
            yield from _walk(inside, _times(_matrix(item), matrix), depth + 1, budget)


def _bounds(item: pdfium.FPDF_PAGEOBJECT) -> Bounds:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    return left.value, bottom.value, right.value, top.value


def _strokes(path: pdfium.FPDF_PAGEOBJECT) -> Iterator[Bounds]:
    """Yield the whole of a simple path, or each straight piece of one that draws several lines at once."""
    count = pdfium.FPDFPath_CountSegments(path)
    if count <= 6 or count > 4000:
        yield _bounds(path)
        return
    matrix, before = _matrix(path), None
    x, y = ctypes.c_float(), ctypes.c_float()
    for i in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(path, i)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if before and kind == pdfium.FPDF_SEGMENT_LINETO:
            yield _moved((*before, x.value, y.value), matrix)
        before = (x.value, y.value)


def _matrix(item: pdfium.FPDF_PAGEOBJECT) -> Matrix:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, matrix):
        return _IDENTITY
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _moved(bounds: Bounds, matrix: Matrix) -> Bounds:
    a, b, c, d, e, f = matrix
    left, bottom, right, top = bounds
    corners = [(x * a + y * c + e, x * b + y * d + f) for x in (left, right) for y in (bottom, top)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _rule(bounds: Bounds, rows: set[int], columns: set[int], page: tuple[float, float]) -> None:
    """Note where a line or the sides of a box stand; a background as large as the page is neither."""
    left, bottom, right, top = bounds
    width, height = right - left, top - bottom
    if width > 0.95 * page[0] and height > 0.95 * page[1]:
        return
    if width >= _LONG:
        rows.update({round(bottom / _GRID), round(top / _GRID)} if height > _THIN else {round(top / _GRID)})
    if height >= _LONG * 0.7:
        columns.update(
            {round(left / _GRID), round(right / _GRID)} if width > _THIN else {round(left / _GRID)}
        )


def _cells(image: Bounds, page: Bounds) -> set[tuple[int, int]]:
    """Return the raster cells of the page whose middle lies under the image."""
    left, bottom, right, top = page
    width, height = (right - left) / _RASTER, (top - bottom) / _RASTER
    if width <= 0 or height <= 0:
        return set()
    across = [i for i in range(_RASTER) if image[0] <= left + (i + 0.5) * width <= image[2]]
    down = [i for i in range(_RASTER) if image[1] <= bottom + (i + 0.5) * height <= image[3]]
    return {(x, y) for x in across for y in down}
