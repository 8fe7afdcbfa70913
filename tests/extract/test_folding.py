"""Wordings that a reader would call the same fold alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.folding import flatten, fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("STATE [PARTY]:", "state party"),
        ("Août", "AOUT"),
        ("Форма А", "Форма A"),  # a Cyrillic and a Latin letter A
        ("Oттава", "оттава"),  # begins with a Latin O
        ("الألغام", "الالغام"),
        ("المادة ٧", "المادة 7"),
        ("artículo 7.º", "ARTICULO 7 º"),
    ],
)
def test_same_wording(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_different_words_stay_apart() -> None:
    assert fold("Form A") != fold("Form B")


@given(st.text(max_size=60))
def test_flat_text_keeps_places(text: str) -> None:
    assert len(flatten(text)) == len(text)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
