"""What reading a PDF yields: frozen records, no behaviour beyond their own measures.

Coordinates are PDF points (1/72 inch) on the page as a person sees it (rotation applied), the origin in the
top left corner, x to the right and y down.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

PageKind = Literal["typed", "scanned", "mixed", "empty"]
PassageKind = Literal["heading", "paragraph", "list_item", "table_row"]
Source = Literal["text", "table", "ocr"]
Template = Literal["forms", "guide", "cover_only", "unknown"]
Stage = Literal[
    "triage", "text", "ocr", "layout", "tables", "sections", "passages", "language", "cover", "code"
]

SECTIONS = (
    "cover", "note_verbale", "A", "B", "C", "D", "E", "F", "G", "H", "I", "J",
    "guide-1", "guide-2", "guide-3", "guide-4", "guide-5", "guide-6", "guide-7", "guide-8",
    "action", "annex", "unknown",
)  # fmt: skip
LANGUAGES = ("ar", "en", "es", "fr", "pt", "ru", "zh")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on one page (1-based number)."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.bottom - self.top


def around(boxes: list[Box]) -> Box:
    """Return the smallest box that holds all of `boxes` (one page, at least one box)."""
    return Box(
        boxes[0].page,
        min(b.x0 for b in boxes),
        min(b.top for b in boxes),
        max(b.x1 for b in boxes),
        max(b.bottom for b in boxes),
    )


@dataclass(frozen=True, slots=True)
class Word:
    """A word in logical order; confidence is None for typed text, 0-100 for OCR."""

    text: str
    box: Box
    confidence: float | None = None
    size: float | None = None  # font size in points, where known
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """Words that stand on one line of one column, in reading order."""

    words: tuple[Word, ...]
    box: Box
    rtl: bool = False

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell; row and column count from 0."""

    row: int
    column: int
    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Table:
    """A table of one page."""

    box: Box
    cells: tuple[Cell, ...]
    rows: int
    columns: int
    header_rows: int = 0  # so many first rows name the columns


@dataclass(frozen=True, slots=True)
class Page:
    """One page as read. `text` is its words in reading order, a line of the page a line of the text."""

    number: int
    width: float
    height: float
    kind: PageKind
    text: str
    confidence: float | None = None  # mean OCR confidence 0-100; None when nothing was read by OCR
    furniture: tuple[str, ...] = ()  # running headers, footers, page numbers taken out of the text


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, list item or table row group: what a model reads and a person checks."""

    order: int  # 0-based place in the report
    section: str  # one of SECTIONS
    language: str  # BCP 47: one of LANGUAGES, or "und"
    text: str
    kind: PassageKind
    source: Source
    boxes: tuple[Box, ...]  # at least one; a passage that runs over pages has one or more on each
    boilerplate: bool = False  # treaty letters, form remarks, questions: never evidence

    @property
    def page(self) -> int:
        """The page where the passage begins."""
        return self.boxes[0].page


@dataclass(frozen=True, slots=True)
class Fact:
    """Something read off the cover: the value, how sure (0-1), the words and the passage they came from."""

    value: str
    confidence: float
    words: str
    passage: int | None = None  # Passage.order


@dataclass(frozen=True, slots=True)
class Cover:
    """State (ISO 3166-1 alpha-3), dates (ISO 8601) and layout of a report; None where the report does not say."""

    state: Fact | None = None
    period_start: Fact | None = None
    period_end: Fact | None = None
    submitted: Fact | None = None
    template: Fact | None = None  # value is a Template
    voluntary: Fact | None = None  # value "yes": sent by a State not party


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that went wrong, in words a person can act on."""

    stage: Stage
    kind: str  # short snake_case name, stable: "password", "no_text", "look_alike", ...
    detail: str  # what happened and what to do next
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was read from one submission. `pages` always holds every page of the PDF."""

    file_name: str
    sha256: str
    size: int
    pages: tuple[Page, ...] = ()
    passages: tuple[Passage, ...] = ()
    tables: tuple[Table, ...] = ()
    cover: Cover = field(default_factory=Cover)
    languages: tuple[str, ...] = ()  # by share of text, most first
    problems: tuple[Problem, ...] = ()
    refused: bool = False  # True: triage would not let it be coded; `problems` says why

    @property
    def year(self) -> int | None:
        """Calendar year that the report covers: that of its period's end."""
        end = self.cover.period_end
        return date.fromisoformat(end.value).year if end else None
