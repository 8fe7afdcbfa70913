"""Where a text stands: form A to J, Guide section 1 to 8, cover, note verbale, annex - from heading to heading."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

from extract.folding import fold
from extract.layout import Block
from extract.records import around

HEADING_WORDS = 30
PLAIN_HEADING_WORDS = 14  # of a heading that is set like the text around it
LISTED_FORMS = 4  # so many form headings on a page with tick boxes, or page numbers, only list the forms
ENVELOPE_PAGES = 4  # a note verbale comes before the report
NUMBERING = re.compile(
    r"^(?:(?:section|seccion|secao|раздел|القسم|第)\s*)?((?:\d{1,2}|[ivx]{1,4})(?: \d{1,2}){0,2}) (?=\D)"
)

Style = Literal["forms", "guide", "own"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A row of headings.csv, its pattern made ready."""

    section: str
    kind: str
    pattern: re.Pattern[str]


def assign(blocks: Sequence[Block]) -> list[str]:
    """Return the section of each block: that of the last heading before it, "cover" before the first one."""
    marks = find_headings(blocks)
    envelope = _envelope_pages(blocks, marks)
    current, sections = "cover", []
    for block, mark in zip(blocks, marks, strict=True):
        if mark and not (current == "annex" and mark == "cover"):
            current = mark if mark != "cover" or current in ("cover", "note_verbale") else current
        elif current == "cover" and block.box.page in envelope:
            current = "note_verbale"
        elif current == "note_verbale" and block.box.page > max(envelope):
            current = "cover"
        sections.append(current)
    return sections


def find_headings(blocks: Sequence[Block]) -> list[str | None]:
    """Return for each block the section that it opens, or None where it is no heading of the report's frame."""
    letters = _without_lists(blocks, [_letter(block) for block in blocks])
    style = _style(blocks, letters)
    marks: list[str | None] = []
    for block, letter in zip(blocks, letters, strict=True):
        title = _title(block, style) if letter is None else None
        if title and _moves_back(title, marks):
            title = None
        own = "unknown" if style == "own" and _is_own_part(block) else None
        marks.append(letter or title or _other(block) or own)
    return _with_numbered(blocks, marks) if style == "guide" else marks


def _with_numbered(blocks: Sequence[Block], marks: list[str | None]) -> list[str | None]:
    """Let a Guide section with a title of the State's own open by its number, if it comes in its turn."""
    missing = {f"guide-{n}" for n in range(1, 9)} - set(marks)
    marks, last = list(marks), 0
    for i, (block, mark) in enumerate(zip(blocks, marks, strict=True)):
        numbered = NUMBERING.match(_plain(block)) if block.heading and not mark else None
        if numbered and numbered.group(1) == str(last + 1) and f"guide-{last + 1}" in missing and last:
            marks[i] = f"guide-{last + 1}"
        if (mark := marks[i]) and mark.startswith("guide-"):
            last = int(mark[-1])
    return marks


def split_headings(blocks: Sequence[Block]) -> list[Block]:
    """Cut form headings loose that stand in one block with the text under them."""
    return [part for block in blocks for part in _split(block)]


def is_boilerplate(text: str, language: str) -> bool:
    """Return whether a text only repeats the treaty or the form: never evidence of what a State did."""
    folded = fold(text)
    words = len(folded) / 2 if language == "zh" else folded.count(" ") + 1
    return any(
        words <= most and (folded.startswith(key) if kind == "start" else key in folded)
        for kind, key, most in _boilerplate()
    )


def counts_as_tick(text: str) -> bool:
    """Return whether a text is an answer of the cover page: unchanged since an earlier report."""
    folded = fold(text)
    return any(h.pattern.search(folded) for h in _headings() if h.kind == "tick")


def names_column(text: str) -> bool:
    """Return whether a text is the head of the forms' last column: supplementary information."""
    folded = fold(text)
    return len(folded) < 90 and any(h.pattern.match(folded) for h in _headings() if h.kind == "column")


@lru_cache(maxsize=1)
def _headings() -> tuple[Heading, ...]:
    with (Path(__file__).parent / "headings.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Heading(row["section"], row["kind"], _compiled(row["pattern"], row["kind"]))
            for row in csv.DictReader(file)
        )


def _compiled(pattern: str, kind: str) -> re.Pattern[str]:
    if kind in ("letter", "action"):
        return re.compile(pattern + r"(?![^\W_])" if kind == "letter" else pattern)
    return re.compile("|".join(re.escape(fold(words)) for words in pattern.split("|")))


@lru_cache(maxsize=1)
def _boilerplate() -> tuple[tuple[str, str, int], ...]:
    with (Path(__file__).parent / "boilerplate.csv").open(encoding="utf-8", newline="") as file:
        return tuple((r["kind"], fold(r["phrase"]), int(r["words"])) for r in csv.DictReader(file))


def _letter(block: Block) -> str | None:
    """Return the form that a block opens by its letter, or by the title behind the letter where there is one."""
    folded = _plain(block)
    for heading in _headings():
        if heading.kind == "letter" and (match := heading.pattern.match(folded)):
            letter = match.group(1).upper() if match.groups() else heading.section
            title = _title_of(_after_article(folded[match.end() :].strip()), "ABCDEFGHIJ")
            return (title or letter) if title or _is_short(block) else None
    return None


def _after_article(folded: str) -> str:
    """Drop "Article 7.1 a" between a form's letter and its title."""
    return re.sub(r"^(?:\w+ 7 1(?: [a-i])?|7 1(?: [a-i])?) ", "", folded)


def _title(block: Block, style: Style) -> str | None:
    folded = _plain(block)
    numbered = NUMBERING.match(folded)
    rest = folded[numbered.end() :] if numbered else folded
    if not (_is_short(block) if block.heading or numbered else len(folded.split()) <= 8):
        return None
    wanted = list("ABCDEFGHIJ") if style == "forms" else [f"guide-{n}" for n in range(1, 9)]
    found = _title_of(rest, wanted)
    if not found or not (block.heading or numbered or _is_whole(rest, found)):
        return None
    if style == "guide" and numbered and numbered.group(1)[0].isdigit():
        return found if numbered.group(1).split()[0] == found[-1] else None
    return found


def _title_of(folded: str, sections: Sequence[str]) -> str | None:
    for heading in _headings():
        if heading.kind == "title" and heading.section in sections and heading.pattern.match(folded):
            return heading.section
    return None


def _is_whole(folded: str, section: str) -> bool:
    return any(
        h.kind == "title" and h.section == section and h.pattern.fullmatch(folded) for h in _headings()
    )


def _other(block: Block) -> str | None:
    folded = _plain(block)
    if not block.heading and len(folded.split()) > 6:
        return None
    for heading in _headings():
        if heading.kind in ("cover", "annex", "action") and (match := heading.pattern.match(folded)):
            if heading.kind == "annex" and not (_is_short(block) and _ends_word(folded, match.end())):
                continue
            return heading.section
    return None


def _ends_word(folded: str, at: int) -> bool:
    return not folded[at : at + 1].isalpha() or folded[at - 1] >= "\u3400"


def _plain(block: Block) -> str:
    return fold(block.text) if len(block.words) <= 2 * HEADING_WORDS else ""


def _is_short(block: Block) -> bool:
    """Return whether a block is as short as a heading, and no sentence."""
    words = len(block.text) / 3 if block.text[:1] >= "\u3400" else len(block.words)
    if block.heading:
        return words <= HEADING_WORDS
    return words <= PLAIN_HEADING_WORDS and not re.search(r"[.;,。；，؛،]\s*$", block.text)


def _style(blocks: Sequence[Block], letters: Sequence[str | None]) -> Style:
    """Return whether a report goes by form letters or by the Guide's numbered sections."""
    if len({letter for letter in letters if letter}) >= 2:
        return "forms"
    forms = {found for block in blocks if (found := _title(block, "forms"))}
    guide = {found for block in blocks if (found := _title(block, "guide"))}
    if len(forms & set("CFGIJ")) > len(guide & {"guide-4", "guide-7", "guide-8"}):
        return "forms"
    return "guide" if len(guide) >= 2 else "own"


def _is_own_part(block: Block) -> bool:
    """Return whether a block opens a part of a report that goes by neither forms nor Guide: "II. Survey"."""
    numbered = NUMBERING.match(_plain(block))
    return numbered is not None and block.heading and " " not in numbered.group(1) and _is_short(block)


def _without_lists(blocks: Sequence[Block], letters: list[str | None]) -> list[str | None]:
    """Drop form headings that only list the forms: on a cover page, or in a table of contents."""
    where: defaultdict[int, list[int]] = defaultdict(list)
    for i, letter in enumerate(letters):
        if letter:
            where[blocks[i].box.page].append(i)
    lists = {
        page for page, found in where.items() if len(found) >= LISTED_FORMS and _is_list(blocks, page, found)
    }
    return [None if blocks[i].box.page in lists else letter for i, letter in enumerate(letters)]


def _is_list(blocks: Sequence[Block], page: int, found: list[int]) -> bool:
    ticks = sum(counts_as_tick(block.text) for block in blocks if block.box.page == page)
    numbered = sum(bool(re.search(r"(?:\.{3}|…|\s)\s*\d{1,3}\s*$", blocks[i].text)) for i in found)
    return ticks >= LISTED_FORMS - 1 or numbered >= len(found) - 1


def _moves_back(title: str, marks: Sequence[str | None]) -> bool:
    """Return whether a bare title names a part that is already past: then it is a heading within a part."""
    passed = [mark for mark in marks if mark and (mark.startswith("guide-") or len(mark) == 1)]
    if not passed:
        return False
    if len(title) == 1:
        return title < passed[-1] and title in passed
    return title < max(passed, key=lambda m: m if m.startswith("guide-") else "")


def _envelope_pages(blocks: Sequence[Block], marks: Sequence[str | None]) -> set[int]:
    """Return the pages before the report's first part that are a note verbale."""
    first = next((b.box.page for b, m in zip(blocks, marks, strict=True) if m and m != "cover"), 10**6)
    wording = [h.pattern for h in _headings() if h.kind == "envelope"]
    found = {
        b.box.page
        for b in blocks
        if b.box.page <= min(first, ENVELOPE_PAGES) and any(p.search(fold(b.text)) for p in wording)
    }
    return found - {first} or {0}


def _split(block: Block) -> list[Block]:
    cuts = [i for i, line in enumerate(block.lines) if len(block.lines) > 1 and _is_heading_line(block, i)]
    if not cuts:
        return [block]
    edges = sorted({0, *cuts, *(i + 1 for i in cuts), len(block.lines)})
    parts = []
    for start, end in pairwise(edges):
        lines = block.lines[start:end]
        heading = block.heading or start in cuts
        parts.append(replace(block, lines=lines, box=around([x.box for x in lines]), heading=heading))
    return parts


def _is_heading_line(block: Block, i: int) -> bool:
    """Return whether a line is a whole form heading: its letter alone, or its letter and title."""
    if block.heading:
        return False
    folded = fold(block.lines[i].text)
    for heading in _headings():
        if heading.kind == "letter" and (match := heading.pattern.match(folded)):
            rest = _after_article(folded[match.end() :].strip())
            return not rest or bool(_title_of(rest, "ABCDEFGHIJ")) or bool(re.fullmatch(r"\w+ 7 1?", rest))
    return False
