"""Who sent the report, for which period, when and in which layout: read off labels, titles and running headers."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from extract.dates import Dated, find_dates
from extract.folding import flatten
from extract.records import Cover, Fact, Page, Passage, Problem
from extract.sections import counts_as_tick
from extract.states import find_states

UNSURE = 0.6  # below this a person is asked
REACH = 170  # characters after a label in which its value stands
LISTED_TICKS = 4  # so many "unchanged" lines make a cover page
_TO = re.compile(r"(?:\bto|\bau|\bal|\ba|\bate|\bпо|الى|حتى|至|[-–—])\W*$")
_PLACEHOLDER = re.compile(r"_{2,}|\.{4,}|…+|\bdd/mm/yyyy\b|\byyyy\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of text that may hold a fact, and the passage it stands in (None for running headers)."""

    text: str
    passage: int | None
    on_cover: bool
    heading: bool = False
    row: bool = False  # of a table


@dataclass(frozen=True, slots=True)
class Label:
    """A label found in a piece: the words after it, up to the next label."""

    field: str
    after: str
    piece: Piece


def read_cover(
    passages: Sequence[Passage], pages: Sequence[Page], file_name: str
) -> tuple[Cover, list[Problem]]:
    """Return what the report says about itself, and a problem for each fact that is missing or unsure.

    The file name is never trusted; it is only named in the problems.
    """
    pieces = list(_pieces(passages, pages))
    labels = [label for piece in pieces for label in _labels(piece)]
    start, end = _period(labels, pieces)
    cover = Cover(
        state=_state(labels, pieces, passages),
        period_start=start,
        period_end=end,
        submitted=_submitted(labels, pieces, end),
        template=_template(passages),
        voluntary=_voluntary(labels),
    )
    return cover, list(_doubts(cover, file_name))


def _pieces(passages: Sequence[Passage], pages: Sequence[Page]) -> Iterator[Piece]:
    for passage in passages:
        on_cover = passage.section in ("cover", "note_verbale")
        lines = passage.text.split("\n") if passage.kind == "table_row" else [passage.text]
        for line in lines:
            yield Piece(line, passage.order, on_cover, passage.kind == "heading", passage.kind == "table_row")
    for line in dict.fromkeys(line for page in pages for line in page.furniture):
        yield Piece(line, None, False)


@lru_cache(maxsize=1)
def _wordings() -> list[tuple[str, re.Pattern[str]]]:
    """Return (field, pattern) of each label, the longest first; brackets and dots between its words are free."""
    with (Path(__file__).parent / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: -len(row["label"]))
    return [(row["field"], _wording(flatten(row["label"]))) for row in rows]


def _wording(label: str) -> re.Pattern[str]:
    words = r"[\W_]*".join(re.escape(word) for word in re.findall(r"\w+", label))
    edge = "" if "\u3400" <= label[0] <= "\u9fff" else r"(?![^\W_])"
    colon = r"[\W_]*?[:\uff1a]" if label.endswith(":") else rf"{edge}[\])]?"
    return re.compile((r"(?<![^\W_])" if edge else "") + words + colon)


def _labels(piece: Piece) -> list[Label]:
    """Return the labels of a line, each with the words up to the next one."""
    flat = flatten(piece.text)
    found: list[tuple[int, int, str]] = []
    for field, pattern in _wordings():
        for match in pattern.finditer(flat):
            if not any(start < match.end() and match.start() < end for start, end, _ in found):
                found.append((match.start(), match.end(), field))
    found.sort()
    ends = [*(start for start, _, _ in found), len(flat)][1:]
    return [
        Label(field, piece.text[end : min(until, end + REACH)], piece)
        for (start, end, field), until in zip(found, ends, strict=True)
        if field != "state" or _is_label(flat, start, end)
    ]


def _is_label(flat: str, start: int, end: int) -> bool:
    """Return whether words like "State Party" label a value: at the start of a line, or before a colon."""
    return flat[:start].strip(" .;:|([") == "" or re.match(r"[\s\])]*[:\uff1a]", flat[end - 1 :]) is not None


# State


def _state(labels: Sequence[Label], pieces: Sequence[Piece], passages: Sequence[Passage]) -> Fact | None:
    votes: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in (
        *_labelled_states(labels, pieces),
        *_titled_states(labels, pieces),
        *_named_states(passages),
    ):
        votes[fact.value].append(fact)
    ranked = sorted(((_together(facts), facts) for facts in votes.values()), key=lambda r: -r[0])
    if not ranked:
        return None
    sure, facts = ranked[0]
    rival = ranked[1][0] if len(ranked) > 1 else 0.0
    best = max(facts, key=lambda fact: fact.confidence)
    return Fact(best.value, round(sure * (1 - rival / 2), 2), best.words, best.passage)


def _together(facts: Iterable[Fact]) -> float:
    """Return how sure several independent signs are together; the same kind of sign counts once."""
    doubt = 1.0
    for confidence in {fact.confidence for fact in facts}:
        doubt *= 1 - confidence
    return 1 - doubt


def _labelled_states(labels: Sequence[Label], pieces: Sequence[Piece]) -> Iterator[Fact]:
    for label in labels:
        if label.field != "state" or (label.piece.row and not label.piece.on_cover):
            continue  # a table of receiving countries labels them as a form does the reporter
        after = label.after[:90]
        if not any(map(str.isalpha, after)):
            after = _next_text(label.piece, pieces)[:90]
        for mention in find_states(after)[:1]:
            if mention.start < 40:
                sure = 0.95 if label.piece.on_cover else 0.9
                yield Fact(mention.iso3, sure, after[mention.start : mention.end], label.piece.passage)


def _next_text(piece: Piece, pieces: Sequence[Piece]) -> str:
    return next((after.text for this, after in pairwise(pieces) if this is piece), "")


def _titled_states(labels: Sequence[Label], pieces: Sequence[Piece]) -> Iterator[Fact]:
    """Yield States named in the title block or in running headers, but not beside a point of contact."""
    contacts = {label.piece.text for label in labels if label.field == "contact"}
    for piece in pieces:
        title = piece.heading and piece.on_cover
        if (title or piece.passage is None) and piece.text not in contacts:
            for mention in find_states(piece.text)[:1]:
                words = piece.text[mention.start : mention.end]
                yield Fact(mention.iso3, 0.8 if title else 0.7, words, piece.passage)


def _named_states(passages: Sequence[Passage]) -> Iterator[Fact]:
    """Yield the States by how often the report names them, cooperation and assistance left out."""
    counts: Counter[str] = Counter()
    first: dict[str, tuple[str, int]] = {}
    for passage in passages:
        if passage.section not in ("J", "guide-8", "note_verbale"):
            for mention in find_states(passage.text):
                counts[mention.iso3] += 1
                first.setdefault(mention.iso3, (passage.text[mention.start : mention.end], passage.order))
    total = sum(counts.values())
    for iso3, count in counts.most_common(3):
        words, order = first[iso3]
        yield Fact(iso3, round(0.55 * count / total, 3), words, order)


# Period and dates


def _period(labels: Sequence[Label], pieces: Sequence[Piece]) -> tuple[Fact | None, Fact | None]:
    """Return first and last day of the period; votes of all the forms, the cover's counting double."""
    votes: Counter[tuple[str | None, str]] = Counter()
    where: dict[tuple[str | None, str], Label] = {}
    for label in labels:
        period = _period_after(label, pieces) if label.field == "period" else None
        if period:
            votes[period] += 3 if label.piece.on_cover else 1
            where.setdefault(period, label)
    if not votes:
        return _period_of_title(pieces)
    (start, end), count = votes.most_common(1)[0]
    label = where[start, end]
    sure = round(0.55 + 0.4 * count / sum(votes.values()), 2)
    words = label.after.strip()
    return (
        Fact(start, sure, words, label.piece.passage) if start else None,
        Fact(end, sure, words, label.piece.passage),
    )


def _period_after(label: Label, pieces: Sequence[Piece]) -> tuple[str | None, str] | None:
    text = label.after
    dates = find_dates(text)
    if len(dates) < 2 and _TO.search(flatten(text)) and len(text) < REACH:  # cut by the end of the page
        text = f"{text} {_next_text(label.piece, pieces)[:40]}"
        dates = find_dates(text)
    if not dates or dates[0].start > 60:
        return None
    if len(dates) == 1 or dates[1].start - dates[0].end > 45:
        return _single(dates[0], text)
    start, end = dates[0], dates[1]
    if end.last < start.first:
        return None
    return start.first.isoformat(), end.last.isoformat()


def _single(date: Dated, text: str) -> tuple[str | None, str]:
    """Return the period that one date stands for: its whole year or month, or an end whose start is blank."""
    before = flatten(text[: date.start])
    if date.precision == "day" or _PLACEHOLDER.search(before) or _TO.search(before):
        return None, date.last.isoformat()
    return date.first.isoformat(), date.last.isoformat()


def _period_of_title(pieces: Sequence[Piece]) -> tuple[Fact | None, Fact | None]:
    """Return the period from a range of days on the cover, else from the one year that titles name."""
    for piece in pieces:
        dates = [date for date in find_dates(piece.text) if date.precision == "day"]
        if (
            piece.on_cover
            and len(dates) == 2
            and dates[1].start - dates[0].end < 12
            and dates[0].first < dates[1].first
        ):
            words = piece.text[dates[0].start : dates[1].end]
            return tuple(  # type: ignore[return-value]
                Fact(day.isoformat(), 0.7, words, piece.passage) for day in (dates[0].first, dates[1].last)
            )
    titles = [p for p in pieces if p.passage is None or (p.on_cover and p.heading)]
    years = [(date, p) for p in titles for date in find_dates(p.text) if date.precision == "year"]
    if len({date.year for date, _ in years}) != 1:
        return None, None
    date, piece = years[0]
    words = piece.text[date.start : date.end]
    return (
        Fact(date.first.isoformat(), 0.5, words, piece.passage),
        Fact(date.last.isoformat(), 0.5, words, piece.passage),
    )


def _submitted(labels: Sequence[Label], pieces: Sequence[Piece], end: Fact | None) -> Fact | None:
    """Return the date on the report: labelled, or alone on a line of the cover with at most a place name."""
    found = []
    for label in labels:
        if label.field == "submitted" and (label.piece.on_cover or label.piece.passage is None):
            dates = [date for date in find_dates(label.after) if date.start < 30 and date.precision != "year"]
            found += [(0.95, date, label.after, label.piece) for date in dates[:1]]
    for piece in pieces:
        dates = find_dates(piece.text)
        if piece.on_cover and len(dates) == 1 and dates[0].precision == "day" and len(piece.text) < 50:
            bare = len(piece.text) - (dates[0].end - dates[0].start) < 26
            found += [(0.7, dates[0], piece.text, piece)] if bare else []
    for sure, date, text, piece in sorted(found, key=lambda entry: -entry[0]):
        if not end or date.last.isoformat() >= end.value or sure > 0.9:
            late = end is not None and date.last.isoformat() < end.value
            return Fact(_iso(date), 0.5 if late else sure, text[date.start : date.end], piece.passage)
    return None


def _iso(date: Dated) -> str:
    """Return a day as YYYY-MM-DD; a month as YYYY-MM where the day is not written."""
    return date.first.isoformat() if date.precision == "day" else date.first.isoformat()[:7]


# Layout


def _template(passages: Sequence[Passage]) -> Fact:
    sections = {passage.section for passage in passages}
    ticks = [
        p for p in passages if p.section == "cover" for line in p.text.split("\n") if counts_as_tick(line)
    ]
    forms = sorted(section for section in sections if len(section) == 1)
    guide = sorted(section for section in sections if section.startswith("guide-"))
    if len(forms) >= 2 and len(forms) >= len(guide):
        return Fact("forms", 0.95, "Forms " + ", ".join(forms))
    if len(guide) >= 2:
        return Fact("guide", 0.95 if len(guide) > 3 else 0.7, "Sections " + ", ".join(guide))
    if len(ticks) >= LISTED_TICKS:
        return Fact("cover_only", 0.9, f"{len(ticks)} tick boxes", ticks[0].order)
    return Fact("unknown", 0.6 if passages else 0.0, "")


def _voluntary(labels: Sequence[Label]) -> Fact | None:
    for label in labels:
        if label.field == "voluntary" and label.piece.on_cover:
            return Fact("yes", 0.8, label.piece.text[:120], label.piece.passage)
    return None


def _doubts(cover: Cover, file_name: str) -> Iterator[Problem]:
    for name, fact, what in (
        ("state", cover.state, "which State sent the report"),
        ("period", cover.period_end, "which period the report covers"),
    ):
        if fact is None:
            yield Problem("cover", f"no_{name}", f"{file_name} does not say clearly {what}: enter it by hand")
        elif fact.confidence < UNSURE:
            read = f"read {fact.value} from “{fact.words[:60]}”"
            yield Problem("cover", f"unsure_{name}", f"{file_name}: not sure {what}; {read}: check it")
    if cover.submitted and cover.submitted.confidence < UNSURE:
        detail = f"{file_name}: the date of the report, {cover.submitted.value}, is before the period's end: check it"
        yield Problem("cover", "unsure_submitted", detail)
