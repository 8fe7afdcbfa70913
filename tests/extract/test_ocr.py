"""Scanned pages read with Tesseract. Tests that need its language data say so when it is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest

from extract.ocr import NEEDS_EYES, Scan, ocr_available, read_scan
from extract.records import LANGUAGES
from extract.text import read_words

PDFS = Path(__file__).parents[1] / "pdfs"
READ_WITHOUT_DATA = """
import sys, pypdfium2
from extract.ocr import ocr_available, read_scan
scan = read_scan(pypdfium2.PdfDocument(sys.argv[1])[0], 4)
print(any(ocr_available().values()), len(scan.words.words), scan.problems[0].kind, scan.problems[0].page)
print(scan.problems[0].detail)
"""


def _needs(*languages: str) -> pytest.MarkDecorator:
    missing = [language for language in languages if not ocr_available()[language]]
    return pytest.mark.skipif(
        bool(missing), reason=f"no Tesseract data for {missing}: their scans are not tested"
    )


def _scan(name: str, languages: tuple[str, ...] | None = None) -> Scan:
    return read_scan(pypdfium2.PdfDocument(PDFS / name)[0], 1, languages)


def _text(scan: Scan) -> str:
    return " ".join(word.text for word in scan.words.words)


def test_every_language_of_the_reports_is_answered_for() -> None:
    assert set(ocr_available()) == set(LANGUAGES)


@_needs("en")
def test_scanned_words_stand_where_the_typed_ones_did() -> None:
    typed = read_words(pypdfium2.PdfDocument(PDFS / "english.pdf")[0], 1)
    scan = _scan("scan_english.pdf")
    assert scan.problems == ()
    assert scan.confidence > 85
    assert _text(scan).startswith("Form I Measures")
    for text in ("Measures", "villages", "northern", "North"):
        one = next(word.box for word in typed.words if word.text == text)
        two = next(word.box for word in scan.words.words if word.text == text)
        assert (two.x0, two.x1) == pytest.approx((one.x0, one.x1), abs=3)
        assert one.top <= (two.top + two.bottom) / 2 <= one.bottom


@_needs("en", "es")
def test_language_is_found_without_being_told() -> None:
    scan = _scan("scan_spanish.pdf")
    assert "Durante el año 2024 se despejaron 1.250 metros cuadrados" in _text(scan)
    assert "con señales nuevas, que se revisarán el próximo año." in _text(scan)


@_needs("ar", "en")
def test_arabic_scan_is_in_logical_order() -> None:
    text = _text(_scan("scan_arabic.pdf"))
    assert "أتلفت الدولة 1250" in text
    assert "الأراضي الملغومة" in text


@_needs("en", "es")
def test_page_on_its_side_is_turned_and_boxes_turn_back() -> None:
    scan = _scan("scan_on_its_side.pdf")
    assert "señales nuevas" in _text(scan)
    assert [problem.kind for problem in scan.problems] == ["turned_page"]
    word = next(word for word in scan.words.words if word.text == "comunidades")
    assert word.box.height > 3 * word.box.width
    assert all(0 <= w.box.x0 < w.box.x1 <= scan.words.width for w in scan.words.words)


@_needs("en", "es", "ru")
def test_wrong_language_given_is_found_out() -> None:
    assert "señales nuevas" in _text(_scan("scan_spanish.pdf", ("ru",)))


@_needs("en")
def test_blank_scan_is_no_problem() -> None:
    scan = _scan("no_text.pdf")
    assert (scan.words.words, scan.confidence, scan.problems) == ((), 0.0, ())


@_needs("en")
def test_unreadable_scan_asks_for_eyes(tmp_path: Path) -> None:
    from PIL import Image

    noise = Image.effect_noise((600, 800), 90)
    noise.save(tmp_path / "noise.pdf", "PDF", resolution=72)
    scan = read_scan(pypdfium2.PdfDocument(tmp_path / "noise.pdf")[0], 7)
    assert scan.confidence < NEEDS_EYES
    assert [(problem.kind, problem.page) for problem in scan.problems] == [("needs_eyes", 7)]


def test_without_any_language_data_the_problem_says_what_to_install(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", READ_WITHOUT_DATA, PDFS / "scan_english.pdf"],
        env={**os.environ, "TESSDATA_PREFIX": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.splitlines()[0] == "False 0 ocr_missing 4", done.stderr
    assert "apt install tesseract-ocr-osd" in done.stdout
