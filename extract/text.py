"""The words of a typed page, with their boxes, straight from pdfium.

pdfium gives one character at a time, in the order of the page's content. What is done here: characters become
words, boxes turn with the page, glyph codes that stand for ordinary letters become those letters. Lines that run
from right to left are put in logical order by `extract.rtl`.
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from extract.drawings import read_drawings
from extract.legible import is_garbage, mend_cyrillic
from extract.records import Box, Word
from extract.rtl import has_rtl, logical_lines

# Glyph codes that stand for ordinary letters: radicals and compatibility ideographs, Latin ligatures, Arabic
# presentation forms. Other compatibility characters (squared metres, fractions) are kept as the page shows them.
_GLYPH_CODES = re.compile(
    "[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06\ufb1d-\ufb4f\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]+"
)
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]"
)
_LINE_END_HYPHEN = 0x02  # what pdfium puts for a hyphen that ends a line
_WIDE_GAP = 0.9  # of the letter height: characters further apart than this are not one word
_BOLD_NAMES = (b"bold", b"black", b"heavy", b"demi")
_BOLD_WEIGHT = 600
_font_name, _matrix = ctypes.create_string_buffer(100), pdfium.FS_MATRIX()  # pdfium writes here, word by word


@dataclass(frozen=True, slots=True)
class PageWords:
    """The words of one page in the order of its content, each in logical order.

    width and height are in points, as a person sees the page; image_share is the share (0-1) of the page that
    images cover; ruled says that there are lines enough for a table; garbage that the words are no language.
    """

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    ruled: bool = False
    image_share: float = 0.0
    garbage: bool = False


class Glyph(NamedTuple):
    """One character as drawn; place is its index in pdfium's text page. A space that pdfium made up has no extent."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    place: int


def read_words(page: pypdfium2.PdfPage, number: int) -> PageWords:
    """Return the words of `page`, which a person would call page `number` (from 1)."""
    width, height = page.get_size()
    textpage = page.get_textpage()
    try:
        rtl = has_rtl(textpage.get_text_range())
        lines = list(_lines(textpage, _Turn(page), rtl))
        if rtl:
            lines = logical_lines(lines)
        words = [_word(group, textpage, number) for line in lines for group in _groups(line)]
    finally:
        textpage.close()
    seen = [clipped for word in mend_cyrillic(words) if (clipped := _clip(word, width, height))]
    drawings = read_drawings(page)
    return PageWords(
        number, width, height, tuple(seen), drawings.ruled, drawings.image_share, is_garbage(seen)
    )


class _Turn:
    """Turns boxes of PDF user space into boxes of the page as seen: crop box and rotation applied."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self.left, self.bottom, self.right, self.top = page.get_bbox()
        self.rotation = page.get_rotation()

    def __call__(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        x0, x1 = (x0, x1) if x0 <= x1 else (x1, x0)
        y0, y1 = (y0, y1) if y0 <= y1 else (y1, y0)
        if self.rotation == 0:
            return x0 - self.left, self.top - y1, x1 - self.left, self.top - y0
        if self.rotation == 90:
            return y0 - self.bottom, x0 - self.left, y1 - self.bottom, x1 - self.left
        if self.rotation == 180:
            return self.right - x1, y0 - self.bottom, self.right - x0, y1 - self.bottom
        return self.top - y1, self.right - x1, self.top - y0, self.right - x0


def _lines(textpage: pypdfium2.PdfTextPage, turn: _Turn, place_spaces: bool) -> Iterator[list[Glyph]]:
    """Yield the characters of each line as pdfium cuts them, in its order; spaces have a box only if asked for."""
    line: list[Glyph] = []
    loose, sides = pdfium.FS_RECTF(), [ctypes.c_double() for _ in range(4)]
    for index in range(pdfium.FPDFText_CountChars(textpage)):
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        if code in (10, 13):
            if line:
                yield _parted(line)
            line = []
            continue
        text = _character(code)
        if text == " " and not place_spaces:
            line.append(Glyph(" ", 0.0, 0.0, 0.0, 0.0, index))
        elif text:
            line.append(Glyph(text, *turn(*_box(textpage, index, loose, sides)), index))
    if line:
        yield _parted(line)


def _character(code: int) -> str:
    """Return the character of a code: "" for one that is not seen, a plain space for any kind of space."""
    if 32 <= code < 127:
        return chr(code)
    if code == _LINE_END_HYPHEN:
        return "-"
    if code == 0 or code > 0x10FFFF:
        return "\ufffd"
    text = _UNSEEN.sub("", chr(code))
    return " " if text.isspace() else text


def _box(
    textpage: pypdfium2.PdfTextPage, index: int, loose: pdfium.FS_RECTF, sides: list[ctypes.c_double]
) -> tuple[float, float, float, float]:
    """Return left, bottom, right, top: the box of the font's height, or of the ink where pdfium has no such box."""
    pdfium.FPDFText_GetLooseCharBox(textpage, index, loose)
    left, bottom, right, top = loose.left, loose.bottom, loose.right, loose.top
    if right - left > 0.01 and top - bottom > 0.01:
        return left, bottom, right, top
    pdfium.FPDFText_GetCharBox(textpage, index, *sides)
    return sides[0].value, sides[2].value, sides[1].value, sides[3].value


def _groups(line: list[Glyph]) -> Iterator[list[Glyph]]:
    """Yield the characters of each word."""
    for is_space, group in groupby(line, key=lambda glyph: glyph.text == " "):
        if not is_space:
            yield list(group)


def _parted(line: list[Glyph]) -> list[Glyph]:
    """Return the line with a space wherever the next character stands elsewhere."""
    parted = line[:1]
    for one, two in pairwise(line):
        if one.text != " " != two.text and _apart(one, two):
            parted.append(Glyph(" ", 0.0, 0.0, 0.0, 0.0, two.place))
        parted.append(two)
    return parted


def _apart(one: Glyph, two: Glyph) -> bool:
    reach = _WIDE_GAP * (one.bottom - one.top)
    return (
        two.x0 - one.x1 > reach
        or one.x0 - two.x1 > reach
        or two.top - one.bottom > reach
        or one.top - two.bottom > reach
    )


def _word(group: list[Glyph], textpage: pypdfium2.PdfTextPage, number: int) -> Word:
    _, lefts, tops, rights, bottoms, _ = zip(*group, strict=True)
    box = Box(number, min(lefts), min(tops), max(rights), max(bottoms))
    first = group[0].place
    text = _letters("".join(glyph.text for glyph in group))
    return Word(text, box, None, _size(textpage, first), _is_bold(textpage, first))


def _letters(text: str) -> str:
    """Return `text` with glyph codes turned into letters, composed accents and no lone surrogates."""
    if text.isascii():
        return text
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = _GLYPH_CODES.sub(lambda found: unicodedata.normalize("NFKC", found[0]).replace(" ", ""), text)
    return unicodedata.normalize("NFC", text)


def _size(textpage: pypdfium2.PdfTextPage, index: int) -> float | None:
    if not pdfium.FPDFText_GetMatrix(textpage, index, _matrix):
        return None
    size: float = pdfium.FPDFText_GetFontSize(textpage, index) * (_matrix.c**2 + _matrix.d**2) ** 0.5
    return round(size, 2)


def _is_bold(textpage: pypdfium2.PdfTextPage, index: int) -> bool:
    """Return whether the font calls itself bold; its weight is a guess that is believed only of nameless fonts."""
    pdfium.FPDFText_GetFontInfo(textpage, index, _font_name, len(_font_name), None)
    name = _font_name.value.lower()
    if name:
        return any(word in name for word in _BOLD_NAMES)
    return bool(pdfium.FPDFText_GetFontWeight(textpage, index) >= _BOLD_WEIGHT)


def _clip(word: Word, width: float, height: float) -> Word | None:
    """Return the word with its box cut to the page; None for a word outside it, which nobody can see."""
    box = word.box
    x0, x1 = max(box.x0, 0.0), min(box.x1, width)
    top, bottom = max(box.top, 0.0), min(box.bottom, height)
    if x0 >= x1 or top >= bottom or not word.text:
        return None
    if (x0, top, x1, bottom) == (box.x0, box.top, box.x1, box.bottom):
        return word
    return Word(word.text, Box(box.page, x0, top, x1, bottom), word.confidence, word.size, word.bold)
