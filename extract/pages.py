"""Every page of a document read: its words typed or by OCR, whichever the page needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2

from extract.documents import open_pdf
from extract.records import Box, PageKind, Problem
from extract.rules import find_rules
from extract.skew import level, slope_of
from extract.text import PageWords, read_words

FEW_WORDS = 20  # a page with fewer typed words may be a picture of a page
SCAN_SHARE = 0.5  # of the page that pictures cover, from which on such a page is taken for a scan
MIXED_SHARE = 0.25  # of a typed page: a picture this large may hold words of its own


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as read: what kind it is, its words, how sure OCR was (0-100; None if not used), what went wrong.

    Words and rules stand level; `slope` says how a scanned page lies (see `extract.skew`).
    """

    words: PageWords
    kind: PageKind
    confidence: float | None = None
    problems: tuple[Problem, ...] = ()
    slope: float = 0.0
    rules: tuple[Box, ...] = ()  # the lines drawn on a scanned page


def read_pages(data: bytes) -> Iterator[Sheet]:
    """Yield every page of the PDF in order; a page that cannot be read comes out empty, with a problem."""
    document = open_pdf(data)
    try:
        for index in range(len(document)):
            yield _read(document, index)
    finally:
        document.close()


def _read(document: pypdfium2.PdfDocument, index: int) -> Sheet:
    number = index + 1
    try:
        page = document[index]
        try:
            return _read_typed_or_scanned(page, number)
        finally:
            page.close()
    except Exception as error:  # one bad page must not cost the report; it is reported as a problem
        detail = (
            f"Page {number} could not be read ({type(error).__name__}: {error}). Look at it in a PDF reader."
        )
        problem = Problem("text", "page_failed", detail, number)
        return Sheet(PageWords(number, 0.0, 0.0, ()), "empty", None, (problem,))


def _read_typed_or_scanned(page: pypdfium2.PdfPage, number: int) -> Sheet:
    typed = read_words(page, number)
    few = len(typed.words) < FEW_WORDS
    if typed.garbage or (few and typed.image_share >= SCAN_SHARE):
        return _scanned(page, typed)
    if not typed.words:
        return _scanned(page, typed) if typed.image_share > 0.02 else Sheet(typed, "empty")
    return Sheet(typed, "mixed" if typed.image_share >= MIXED_SHARE else "typed")


def _scanned(page: pypdfium2.PdfPage, typed: PageWords) -> Sheet:
    """Return the page as OCR reads it; the typed words where OCR finds none."""
    from extract.ocr import read_scan

    scan = read_scan(page, typed.number)
    if scan.words.words or typed.garbage:
        slope = slope_of(scan.words.words)
        words, rules = level(scan.words, slope), find_rules(page, typed.number, slope)
        return Sheet(words, "scanned", scan.confidence, scan.problems, slope, rules)
    kind: PageKind = "mixed" if typed.words else "scanned" if scan.problems else "empty"
    return Sheet(typed, kind, scan.confidence, scan.problems)
