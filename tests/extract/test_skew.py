"""Pages that lie crooked are turned level, and boxes back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.records import Box, Word
from extract.skew import level, slope_of, tilt
from extract.text import PageWords


def crooked(slope: float, confidence: float | None = 90.0) -> PageWords:
    words = [
        Word("word", Box(1, x, 100 + 20 * line + slope * x, x + 30, 110 + 20 * line + slope * x), confidence)
        for line in range(12)
        for x in range(60, 520, 40)
    ]
    return PageWords(1, 595, 842, tuple(words))


@given(st.floats(-0.03, 0.03))
def test_slope_is_measured(slope: float) -> None:
    measured = slope_of(crooked(slope).words)
    assert abs(measured - slope) < 0.0015


@given(st.floats(-0.03, 0.03))
def test_lines_are_level_afterwards(slope: float) -> None:
    page = crooked(slope)
    tops = [word.box.top for word in level(page, slope).words[:12]]
    assert max(tops) - min(tops) < 1.0


@given(st.floats(-0.03, 0.03))
def test_boxes_go_back_to_where_they_were(slope: float) -> None:
    page = crooked(slope)
    for before, after in zip(page.words, level(page, slope).words, strict=True):
        back = tilt(after.box, slope)
        assert back.x0 == pytest.approx(before.box.x0, abs=1.0)
        assert back.top == pytest.approx(before.box.top, abs=1.0)


def test_typed_words_are_left_as_they_are() -> None:
    page = crooked(0.02, confidence=None)
    assert slope_of(page.words) == 0.0
    assert level(page, 0.0) is page
