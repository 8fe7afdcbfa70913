"""The names of States: what a report calls them, in seven languages, and where a text names one.

The names stand in `states.csv`. A row of kind `area` has no State: it is a longer name that holds a State's
("Gulf of Guinea", "Northern Ireland") or the name of a place that is no State here, and it shields the words
from being taken for the State. Towns that bear a State's name (Armenia in Colombia) cannot be told apart here.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from extract.folding import fold as fold  # callers compare names with it

NAMES = Path(__file__).parent / "states.csv"
KINDS = ("short", "official", "alias", "former", "area")  # the best reading first

_CJK = "\u3400-\u9fff\uf900-\ufaff"
_MARKS = "\u00ad\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u200b-\u200f\u202a-\u202e\u2060\ufeff"
# A Chinese character is a word of its own; digits stay out, so that a footnote mark does not hide a name.
_WORD = re.compile(rf"[{_CJK}]|(?:(?![{_CJK}])[^\W\d_][{_MARKS}]*)+")
_ARTICLES = frozenset({"the", "la", "le", "les", "l", "el", "los", "las", "o", "a", "os", "as"})
_JOINS = frozenset(" \t\r\n\u00a0\u202f-\u2010\u2011\u2012\u2013\u2014'’‘ʼ`´·•")
_ASIDES = frozenset("(),（），،")
_STOPS = frozenset('.,;:!?()[]{}<>|/"“”«»،؛؟。，、；：？！（）《》\n\r\t')
# Names that are also everyday words or given names (grenade, financial, diameter, Amman, "of that"):
# they count only where they stand alone between punctuation marks or line ends.
EVERYDAY = frozenset(
    {"grenade", "granada", "maurice", "mauricio", "dominique", "того", "مالي", "عمان", "قطر"}
)


class StatesError(ValueError):
    """The file of names is wrong; the message names the line and what to do."""


@dataclass(frozen=True, slots=True)
class StateName:
    """One name of a State (ISO 3166-1 alpha-3; empty for an area) in one language, with its dates if known."""

    iso3: str
    language: str
    name: str
    kind: str  # one of KINDS
    valid_from: date | None = None
    valid_to: date | None = None  # the first day it was no longer in use

    def in_use(self, on: date | None) -> bool:
        """Return True when the name was in use on the day, or no day is given."""
        return on is None or ((self.valid_from or on) <= on and (self.valid_to is None or on < self.valid_to))


@dataclass(frozen=True, slots=True)
class Mention:
    """A State named in a text: `text[start:end]` are its words there, `name` is the name as listed."""

    iso3: str
    name: str
    start: int
    end: int
    kind: str


@dataclass(slots=True)
class _Node:
    """A place in the tree of names, one folded word an edge."""

    next: dict[str, _Node] = field(default_factory=dict)
    names: list[StateName] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Word:
    text: str  # folded
    start: int
    end: int

    @property
    def plain(self) -> bool:
        """True when folding kept the number of letters, so that places in the one are places in the other."""
        return self.end - self.start == len(self.text)


@dataclass(frozen=True, slots=True)
class _Candidate:
    name: StateName
    first: int  # number of its first word
    last: int
    start: int
    end: int


@lru_cache
def load_names(path: Path = NAMES) -> tuple[StateName, ...]:
    """Return all rows of the file of names; StatesError names the line that is wrong."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            _read_row(row, f"{path.name}, line {line}") for line, row in enumerate(csv.DictReader(file), 2)
        )


def _read_row(row: dict[str, str], place: str) -> StateName:
    if row["kind"] not in KINDS:
        raise StatesError(f"{place}: kind {row['kind']!r} is unknown; write one of {', '.join(KINDS)}")
    if bool(row["iso3"]) == (row["kind"] == "area"):
        raise StatesError(f"{place}: an area has no iso3 and every other name has one; correct iso3 or kind")
    try:
        since, until = (date.fromisoformat(row[x]) if row[x] else None for x in ("valid_from", "valid_to"))
    except ValueError as error:
        raise StatesError(f"{place}: {error}; write dates as 2019-02-12") from error
    return StateName(row["iso3"], row["language"], row["name"], row["kind"], since, until)


@lru_cache(maxsize=1 << 16)
def _fold_word(word: str) -> str:
    if word.isascii():
        return word.lower()
    return fold("".join(c for c in word if unicodedata.category(c) != "Cf"))  # soft hyphens, direction marks


def _words(text: str) -> list[_Word]:
    return [_Word(_fold_word(m.group()), m.start(), m.end()) for m in _WORD.finditer(text)]


@lru_cache
def _tree() -> _Node:
    root = _Node()
    for name in load_names():
        node = root
        for word in _words(name.name):
            node = node.next.setdefault(word.text, _Node())
        if not any((n.iso3, n.name, n.kind) == (name.iso3, name.name, name.kind) for n in node.names):
            node.names.append(name)  # once, though six languages write it so
    return root


@lru_cache
def _exact() -> dict[str, str | None]:
    """Return folded name -> iso3; None where the name is that of an area."""
    return {fold(name.name): name.iso3 or None for name in load_names()}


@lru_cache
def _shorts() -> dict[tuple[str, str], str]:
    return {(n.iso3, n.language): n.name for n in load_names() if n.kind == "short"}


def state_name(iso3: str, language: str = "en") -> str:
    """Return the short name of a State; KeyError when the code or the language is not listed."""
    try:
        return _shorts()[iso3, language]
    except KeyError:
        raise KeyError(f"no name of {iso3!r} in language {language!r} in {NAMES.name}") from None


def state_of(name: str) -> str | None:
    """Return the iso3 of the State that bears exactly this name in any language, article or not; else None."""
    folded = fold(name)
    if folded in _exact():
        return _exact()[folded]
    article, _, rest = folded.partition(" ")
    return _exact().get(rest) if article in _ARTICLES else None


def find_states(text: str, on: date | None = None) -> list[Mention]:
    """Return the States that the text names, in order of place; no two mentions overlap.

    The longest name wins. `on` is the day of the report: a name that was not in use then gives way to one that
    was, where the two overlap; alone it still counts.
    """
    cased = any(c.isupper() for c in text)
    words = _words(text)
    found = [c for i in range(len(words)) for c in _candidates(text, words, i) if _credible(text, c, cased)]
    chosen = _longest([c for c in found if not _outdated(c, found, on)])
    return [Mention(c.name.iso3, c.name.name, c.start, c.end, c.name.kind) for c in chosen if c.name.iso3]


def _candidates(text: str, words: list[_Word], first: int) -> Iterator[_Candidate]:
    """Yield every name that begins at a word, an Arabic "and", "to", "in" or "like" before it set aside."""
    for begin, cut in _openings(words[first].text):
        node: _Node | None = _tree().next.get(begin)
        last = first
        start = words[first].start + cut * words[first].plain  # marks or ligatures: the prefix stays in
        gaps: set[str] = set()
        while node:
            for name in node.names:
                if gaps <= _marks(name.name):
                    yield _Candidate(name, first, last, start, words[last].end)
            last += 1
            if last == len(words):
                break
            gap = text[words[last - 1].end : words[last].start]
            if gap.count("\n") > 1:
                break
            gaps.update(set(gap) - _JOINS)
            node = node.next.get(words[last].text)


@lru_cache(maxsize=1 << 16)
def _openings(word: str) -> tuple[tuple[str, int], ...]:
    """Return the readings of a first word that begin a name: itself, or less its Arabic prefix."""
    tops = _tree().next
    if word in tops:
        return ((word, 0),)
    for rest, cut in _unprefixed(word):
        if rest in tops:
            return ((rest, cut),)
    return ()


def _unprefixed(word: str) -> Iterator[tuple[str, int]]:
    starts = [0, 1] if word[:1] in ("و", "ف") else [0]
    for start in starts:
        rest = word[start:]
        if start:
            yield rest, start
        if rest[:2] == "لل":
            yield "ا" + rest[1:], start
        elif rest[:1] in ("ب", "ك", "ل"):
            yield rest[1:], start + 1


def _credible(text: str, candidate: _Candidate, cased: bool) -> bool:
    """Return False for words that merely look like the name once folded."""
    words, name = text[candidate.start : candidate.end], candidate.name.name
    if candidate.name.kind == "area":
        return True
    if not any(c.isupper() for c in words) and cased and words.lower() != words.upper():
        return False
    if _abbreviation(name):
        return words == name
    if len(name) <= 3 and name.lower() != name.upper():  # "Irã" is not "irá"
        return unicodedata.normalize("NFKC", words).casefold() == name.casefold()
    return not _everyday(name) or _alone(text, candidate)


@lru_cache(maxsize=1 << 14)
def _marks(name: str) -> frozenset[str]:
    """Return what may stand between the words of a name: its own marks, a bracket being as good as a comma."""
    return frozenset(name) | (_ASIDES if {"(", "（"} & set(name) else frozenset())


@lru_cache(maxsize=1 << 14)
def _everyday(name: str) -> bool:
    return fold(name) in EVERYDAY


@lru_cache(maxsize=1 << 14)
def _abbreviation(name: str) -> bool:
    return name.isalpha() and sum(c.isupper() for c in name) > 1


def _alone(text: str, candidate: _Candidate) -> bool:
    before, after = text[: candidate.start].rstrip(" "), text[candidate.end :].lstrip(" ")
    return (not before or before[-1] in _STOPS) and (not after or after[0] in _STOPS)


def _outdated(candidate: _Candidate, found: list[_Candidate], on: date | None) -> bool:
    if candidate.name.in_use(on) or not candidate.name.iso3:
        return False
    return any(other.name.iso3 and other.name.in_use(on) and _overlap(candidate, other) for other in found)


def _overlap(one: _Candidate, other: _Candidate) -> bool:
    return one.first <= other.last and other.first <= one.last


def _longest(found: list[_Candidate]) -> list[_Candidate]:
    """Return the candidates that no longer or better one overlaps, in order of place."""
    ranked = sorted(found, key=lambda c: (c.first - c.last, KINDS.index(c.name.kind), c.first))
    taken: set[int] = set()
    chosen = []
    for candidate in ranked:
        span = set(range(candidate.first, candidate.last + 1))
        if not span & taken:
            taken |= span
            chosen.append(candidate)
    return sorted(chosen, key=lambda c: c.start)
