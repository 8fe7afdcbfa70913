"""The words of typed pages, in the order in which they are spoken, where they stand."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.documents import open_pdf
from extract.legible import is_garbage, mend_cyrillic
from extract.records import Box, Word
from extract.text import PageWords, read_words

PDFS = Path(__file__).parents[1] / "pdfs"
TYPED = ["english.pdf", "arabic.pdf", "turned.pdf", "filled_form.pdf", "cluster_munitions.pdf"]
ARABIC = (
    "أتلفت الدولة 1250 لغماً مضاداً للأفراد في عام 2024 (المادة 7) وفق معيار IMAS 10.40 للإزالة. "
    "الفترة من ١ كانون الثاني/يناير ٢٠٢٤ إلى 31/12/2024، وتم تطهير 3.5 كم² بنسبة 45% من الأراضي الملغومة. "
    "وبلغت المساحة المطهرة 1 234 567 متراً مربعاً في الأعوام 2020-2024 [DMA]."
)


def _read(name: str) -> PageWords:
    return read_words(open_pdf((PDFS / name).read_bytes())[0], 1)


def _text(page: PageWords) -> str:
    return " ".join(word.text for word in page.words)


def _find(page: PageWords, text: str) -> Word:
    return next(word for word in page.words if word.text == text)


def test_english_page() -> None:
    page = _read("english.pdf")
    assert _text(page).startswith(
        "Form I Measures to provide warning to the population Teams held 48 sessions in"
    )
    assert _text(page).endswith("District Women Men North 1 204 987 South 655 701")
    assert page.ruled
    assert (page.image_share, page.garbage) == (0.0, False)


def test_size_and_bold_say_what_a_heading_is() -> None:
    page = _read("english.pdf")
    heading, plain, strong = _find(page, "Form"), _find(page, "Teams"), _find(page, "twelve")
    assert heading.size == pytest.approx(20, abs=0.1)
    assert plain.size == pytest.approx(10, abs=0.1)
    assert (heading.bold, plain.bold, strong.bold) == (True, False, True)


def test_arabic_is_in_logical_order() -> None:
    assert _text(_read("arabic.pdf")) == ARABIC


def test_arabic_words_keep_their_places() -> None:
    page = _read("arabic.pdf")
    first, second = page.words[0].box, page.words[1].box
    assert first.x0 > second.x1  # the first word of a line stands furthest right
    assert abs(first.top - second.top) < 3


def test_page_that_is_turned_reads_like_the_upright_one() -> None:
    upright, turned = _read("english.pdf"), _read("turned.pdf")
    assert (round(turned.width), round(turned.height)) == (round(upright.width), round(upright.height))
    assert _text(turned) == _text(upright)
    for a, b in zip(upright.words, turned.words, strict=True):
        assert (b.box.x0, b.box.x1) == pytest.approx((a.box.x0, a.box.x1), abs=3)
        assert (b.box.top + b.box.bottom) == pytest.approx(a.box.top + a.box.bottom, abs=8)


def test_blank_page_has_no_words_and_no_images() -> None:
    page = _read("no_text.pdf")
    assert (page.words, page.image_share, page.ruled) == ((), 0.0, False)


def test_scan_is_an_image_without_words() -> None:
    page = _read("scan_english.pdf")
    assert page.words == ()
    assert page.image_share > 0.95


@pytest.mark.parametrize("name", [*TYPED, "scan_english.pdf"])
def test_words_lie_on_their_page(name: str) -> None:
    _check_boxes(_read(name))


def test_unmapped_glyphs_and_voiceless_letters_are_garbage() -> None:
    assert is_garbage(_as_words(["\ue012\ue044\ufffd"] * 5))
    assert is_garbage(
        _as_words(["Wkh", "vwdwh", "sduwb", "frqgxfwhg", "fohdudqfh", "lq", "plqhg", "duhdv"] * 10)
    )
    assert not is_garbage(_as_words(["The", "State", "Party", "conducted", "clearance"] * 10))
    assert not is_garbage(_as_words(["PMN", "PMD-6", "M14", "TS-50", "RPK"] * 10))
    assert not is_garbage([])


@given(st.lists(st.sampled_from(["Таджикистан", "сообщает", "отчетный", "период", "мины"]), min_size=12))
def test_cyrillic_stored_as_western_letters_is_mended(words: list[str]) -> None:
    stored = [word.encode("cp1251").decode("cp1252") for word in words]
    assert [word.text for word in mend_cyrillic(_as_words(stored))] == words


def test_western_accents_are_left_alone() -> None:
    french = _as_words(["à", "été", "réalisée", "où", "élevée", "déminées"] * 10)
    assert mend_cyrillic(french) == french


def test_no_page_with_words_comes_out_empty(public_pages: Iterator[pypdfium2.PdfPage]) -> None:
    for page in public_pages:
        left, bottom, right, top = page.get_bbox()
        shown = page.get_textpage().get_text_bounded(left, bottom, right, top)
        read = read_words(page, 1)
        if sum(char.isalnum() for char in shown) > 20:
            assert read.words
        _check_boxes(read)


@pytest.fixture
def public_pages() -> Iterator[pypdfium2.PdfPage]:
    folder = os.environ.get("ART7_TEST_PDFS")
    if not folder:
        pytest.skip("ART7_TEST_PDFS names no folder of public PDFs: pages from elsewhere are not tested")
    return _pages(sorted(Path(folder).rglob("*.pdf"))[::15])


def _pages(paths: list[Path]) -> Iterator[pypdfium2.PdfPage]:
    for path in paths:
        try:
            yield open_pdf(path.read_bytes())[0]
        except pypdfium2.PdfiumError:
            continue


def _check_boxes(page: PageWords) -> None:
    for word in page.words:
        assert 0 <= word.box.x0 < word.box.x1 <= page.width
        assert 0 <= word.box.top < word.box.bottom <= page.height
        assert word.text.strip() == word.text != ""


def _as_words(texts: list[str]) -> list[Word]:
    return [Word(text, Box(1, 0, 0, 1, 1)) for text in texts]
