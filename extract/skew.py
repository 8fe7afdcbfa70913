"""Scanned pages that lie a little crooked: turned level for reading, and what was found turned back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from extract.records import Box, Word
from extract.text import PageWords

ENOUGH = 30  # pairs of neighbours, fewer do not tell a slope
LEVEL = 0.001  # a slope below this moves no line into another
LIKE = (0.6, 1.45)  # heights of words between these shares of the usual one are of one type size


def slope_of(words: Sequence[Word]) -> float:
    """Return how far lines fall for each point to the right; 0 where the words are typed or too few."""
    slopes = [
        (_middle(two.box) - _middle(one.box)) / across
        for one, two in pairwise(words)
        if one.confidence is not None
        and 0 < (across := _centre(two.box) - _centre(one.box)) < 150
        and abs(_middle(two.box) - _middle(one.box)) < 0.6 * one.box.height
    ]
    slope = median(slopes) if len(slopes) >= ENOUGH else 0.0
    return slope if abs(slope) > LEVEL else 0.0


def level(page: PageWords, slope: float) -> PageWords:
    """Return the page with level lines; words read by OCR get a type size, as their heights vary by letter."""
    heights = [word.box.height for word in page.words if word.confidence is not None]
    if not heights:
        return page
    usual = median(heights)
    return replace(page, words=tuple(_levelled(word, slope, usual) for word in page.words))


def tilt(box: Box, slope: float) -> Box:
    """Return a box of a levelled page as it lies on the page."""
    return _turned(box, -slope) if slope else box


def _levelled(word: Word, slope: float, usual: float) -> Word:
    height = word.box.height
    size = usual if LIKE[0] * usual < height < LIKE[1] * usual else height
    return replace(word, box=_turned(word.box, slope), size=word.size or round(size, 1))


def _turned(box: Box, slope: float) -> Box:
    x, y = _centre(box) * slope, _middle(box) * slope
    return Box(box.page, box.x0 + y, box.top - x, box.x1 + y, box.bottom - x)


def _centre(box: Box) -> float:
    return (box.x0 + box.x1) / 2


def _middle(box: Box) -> float:
    return (box.top + box.bottom) / 2
