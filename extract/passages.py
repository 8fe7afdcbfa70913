"""Blocks and tables -> passages: what a model reads and a person checks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from extract.language import UNKNOWN, detect, detect_all
from extract.layout import BULLET, ENDS_SENTENCE, Block, spell
from extract.records import LANGUAGES, Box, Passage, PassageKind, Source, Table, Word, around
from extract.sections import assign, find_headings, is_boilerplate, split_headings
from extract.tables import headers, row_box, row_text, title_of

if TYPE_CHECKING:
    from spacy.language import Language

MOST_WORDS = 120  # of a paragraph before it is cut at sentence ends
ROW_WORDS = 60  # of a group of table rows
LEAD_WORDS = 25  # of a lead-in or caption that is kept in front of what it leads in
CAPTION = re.compile(r"^(?:table|tableau|cuadro|tabla|quadro|tabela|таблица|جدول|الجدول|表)\b", re.IGNORECASE)
ABBREVIATED = re.compile(r"(?:^|[\s(])(?:\w{1,3}|[A-Za-z]\.\w|tel|fax|art|approx)\.$", re.IGNORECASE)


@dataclass
class Draft:
    """A passage in the making: its lines of words, block by block, or a ready text with its boxes."""

    kind: PassageKind
    section: str
    blocks: list[Block] = field(default_factory=list)
    text: str = ""
    boxes: list[Box] = field(default_factory=list)
    source: Source = "text"
    lead: Draft | None = None  # the caption or lead-in kept in front

    def spelled(self) -> str:
        return self.text or spell([line.words for block in self.blocks for line in block.lines])[0]

    def places(self) -> list[Box]:
        return self.boxes or [block.box for block in self.blocks]


Item = Block | Table


def make_passages(pages: Sequence[Sequence[Block]], tables: Sequence[Table] = ()) -> list[Passage]:
    """Return the passages of a report in reading order, each with its section, language and boxes.

    `pages` holds the blocks of each page without the words that stand in `tables`.
    """
    blocks = split_headings([block for page in pages for block in page])
    drafts = _drafts(blocks, tables)
    drafts = list(_cut(_led(_joined(drafts))))
    texts = [_whole_text(draft) for draft in drafts]
    languages = detect_all(texts)
    return [
        _passage(order, draft, text, language)
        for order, (draft, text, language) in enumerate(zip(drafts, texts, languages, strict=True))
    ]


def _passage(order: int, draft: Draft, text: str, language: str) -> Passage:
    boxes = draft.places() + (draft.lead.places() if draft.lead else [])
    source: Source = "ocr" if _was_scanned(draft) else draft.source
    boilerplate = is_boilerplate(draft.spelled(), language)
    return Passage(order, draft.section, language, text, draft.kind, source, tuple(boxes), boilerplate)


def _was_scanned(draft: Draft) -> bool:
    return any(word.confidence is not None for block in draft.blocks for word in block.words)


def _whole_text(draft: Draft) -> str:
    text = draft.spelled()
    if not draft.lead:
        return text
    return f"{draft.lead.spelled()}{chr(10) if draft.kind == 'table_row' else ' '}{text}"


# From blocks and tables to drafts


def _drafts(blocks: list[Block], tables: Sequence[Table]) -> list[Draft]:
    sections = assign(blocks)
    marks = find_headings(blocks)
    drafts: list[Draft] = []
    pending = sorted(tables, key=lambda table: (table.box.page, table.box.top))
    carried: Table | None = None
    for block, section, mark in zip(blocks, sections, marks, strict=True):
        while pending and _comes_before(pending[0], block, blocks):
            drafts += _rows(table := pending.pop(0), carried, drafts[-1].section if drafts else section)
            carried = table
        drafts.append(Draft(_kind(block, mark), section, [block]))
    for table in pending:
        drafts += _rows(table, carried, drafts[-1].section if drafts else "unknown")
        carried = table
    return drafts


def _comes_before(table: Table, block: Block, blocks: Sequence[Block]) -> bool:
    """Return whether a table stands above a block of its page, or on an earlier page."""
    if table.box.page != block.box.page:
        return table.box.page < block.box.page
    beside = [b for b in blocks if b.box.page == table.box.page and _overlap(b.box, table.box)]
    if beside and not _overlap(block.box, table.box):
        return all(b.box.top > table.box.top for b in beside) and block.box.top > table.box.top
    return block.box.top > table.box.top


def _overlap(one: Box, other: Box) -> bool:
    return one.x0 < other.x1 and other.x0 < one.x1


def _kind(block: Block, mark: str | None) -> PassageKind:
    if mark or block.heading:
        return "heading"
    return "list_item" if BULLET.match(block.text) else "paragraph"


def _rows(table: Table, before: Table | None, section: str) -> list[Draft]:
    """Return the rows of a table in groups; a table that goes on from the page before keeps its headers."""
    names = headers(table)
    if not any(names) and before and _goes_on(before, table):
        names = headers(before)
    texts = [(row, row_text(table, row, names)) for row in range(table.header_rows, table.rows)]
    texts = [(row, text) for row, text in texts if any(map(str.isalnum, text))]
    title = [title_of(table)] if title_of(table) else []
    return [
        Draft(
            "table_row",
            section,
            text="\n".join([*title, *(text for _, text in group)]),
            boxes=[around([row_box(table, row) for row, _ in group])],
            source="table",
        )
        for group in _groups(texts)
    ]


def _groups(rows: Sequence[tuple[int, str]]) -> list[list[tuple[int, str]]]:
    """Return rows in groups of about ROW_WORDS words, all of much the same length."""
    lengths = [_length(text) for _, text in rows]
    aim = sum(lengths) / -(-sum(lengths) // ROW_WORDS) if rows else 0.0
    groups: list[list[tuple[int, str]]] = []
    count = 0
    for row, length in zip(rows, lengths, strict=True):
        if not groups or count + length / 2 > aim:
            groups.append([])
            count = 0
        groups[-1].append(row)
        count += length
    return groups


def _goes_on(before: Table, table: Table) -> bool:
    return (
        before.columns == table.columns
        and before.box.page + 1 == table.box.page
        and abs(before.box.x0 - table.box.x0) < 6
        and abs(before.box.x1 - table.box.x1) < 6
    )


def _length(text: str) -> int:
    """Return how many words a text has; two Chinese signs count as one."""
    han = sum("\u3400" <= char <= "\u9fff" for char in text)
    return len(text.split()) + han // 2


# Paragraphs that a column or page break cuts; lead-ins


def _joined(drafts: list[Draft]) -> list[Draft]:
    joined: list[Draft] = []
    for draft in drafts:
        if joined and _is_cut(joined[-1], draft):
            joined[-1].blocks += draft.blocks
        else:
            joined.append(draft)
    return joined


def _is_cut(above: Draft, draft: Draft) -> bool:
    """Return whether a paragraph goes on in the next column or on the next page, or was cut in a column."""
    if draft.kind != "paragraph" or above.kind not in ("paragraph", "list_item") or not above.blocks:
        return False
    last, first = above.blocks[-1], draft.blocks[0]
    if ENDS_SENTENCE.search(last.text) or abs(last.size - first.size) > 0.12 * last.size:
        return False
    letter = next(filter(str.isalpha, first.text), "")
    lower = first.text[:1].islower() or (letter.islower() and _is_full(last))
    if last.box.page == first.box.page and last.column == first.column:
        return lower and first.box.top - last.box.bottom < 1.5 * last.size
    return lower or (letter.lower() == letter.upper() and _is_full(last))


def _is_full(block: Block) -> bool:
    """Return whether the last line of a block runs on to the end of the line."""
    line = block.lines[-1]
    left = line.box.x0 - block.box.x0 if line.rtl else block.box.x1 - line.box.x1
    return left < 0.1 * block.box.width


def _led(drafts: list[Draft]) -> list[Draft]:
    """Give list items the sentence that leads them in, and table rows their caption or heading."""
    lead: Draft | None = None
    for before, draft in pairwise([Draft("heading", ""), *drafts]):
        if draft.kind == "table_row" and before.kind != "table_row":
            lead = before if _captions(before) else None
        elif draft.kind == "list_item" and before.kind not in ("list_item",):
            lead = before if _leads_in(before) else None
        elif draft.kind not in ("table_row", "list_item"):
            lead = None
        draft.lead = lead if draft.kind in ("table_row", "list_item") else None
    return drafts


def _captions(draft: Draft) -> bool:
    text = draft.spelled()
    short = 0 < _length(text) <= LEAD_WORDS and not is_boilerplate(text, detect(text))
    return short and (draft.kind == "heading" or bool(CAPTION.match(text)) or text.endswith((":", "\uff1a")))


def _leads_in(draft: Draft) -> bool:
    text = draft.spelled()
    return draft.kind == "paragraph" and text.endswith((":", "\uff1a")) and _length(text) <= LEAD_WORDS


# Long paragraphs


def _cut(drafts: Sequence[Draft]) -> Iterator[Draft]:
    """Cut paragraphs of more than MOST_WORDS at sentence ends."""
    for draft in drafts:
        if draft.blocks and _length(draft.spelled()) > MOST_WORDS:
            yield from _parts(draft)
        else:
            yield draft


def _parts(draft: Draft) -> Iterator[Draft]:
    lines = [line.words for block in draft.blocks for line in block.lines]
    text, starts = spell(lines)
    owners = [block for block in draft.blocks for _ in block.words]
    words = [word for line in lines for word in line]
    cuts = [0, *(_first_word(starts, place) for place in _cutting_places(text)), len(words)]
    for start, end in pairwise(cuts):
        until = starts[end] if end < len(words) else len(text)
        part = text[starts[start] : until].strip()
        boxes = [box for box in _boxes(words[start:end], owners[start:end])]
        if part:
            yield replace(draft, text=part, boxes=boxes, source="text", blocks=_blocks_of(owners[start:end]))


def _first_word(starts: Sequence[int], place: int) -> int:
    return next((i for i, start in enumerate(starts) if start >= place), len(starts))


def _boxes(words: Sequence[Word], owners: Sequence[Block]) -> Iterator[Box]:
    for _, group in groupby(zip(words, owners, strict=True), key=lambda pair: id(pair[1])):
        yield around([word.box for word, _ in group])


def _blocks_of(owners: Sequence[Block]) -> list[Block]:
    return [next(group) for _, group in groupby(owners, key=id)]


def _cutting_places(text: str) -> list[int]:
    """Return where sentences begin that start a new part, so that parts are even and none is too long."""
    sentences = _sentences(text)
    parts = -(-_length(text) // MOST_WORDS)
    aim = _length(text) / parts
    places, count = [], 0
    for start, end in sentences:
        length = _length(text[start:end])
        if count and (count + length > MOST_WORDS or count + length / 2 > aim):
            places.append(start)
            count = 0
        count += length
    return places


def _sentences(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for sentence in _pipeline(detect(text))(text).sents:
        start, end = sentence.start_char, sentence.end_char
        if spans and (ABBREVIATED.search(text[: spans[-1][1]]) or text[start : start + 1].islower()):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


@lru_cache(maxsize=len(LANGUAGES) + 1)
def _pipeline(language: str) -> Language:
    import spacy

    pipeline = spacy.blank("xx" if language == UNKNOWN else language)
    pipeline.add_pipe("sentencizer")
    return pipeline
