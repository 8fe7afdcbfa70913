"""Lines that are read from right to left, put in logical order (the order in which they are spoken).

A PDF stores such a line as drawn. pdfium turns it round, but stumbles over ligatures, marks, brackets, percent signs
and embedded Latin; so the order is taken from where each character stands on the page instead.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise, takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extract.text import Glyph

_RTL = re.compile(
    "[\u0590-\u05ff\u0600-\u060b\u060d-\u065f\u066d-\u06ef\u06fa-\u07ff\ufb1d-\ufdff\ufe70-\ufefc]"
)
_LAM = "\u0644"
_SEPARATORS = ".,:/\u066b\u066c\u060c"  # between two digits they belong to the number
_PERCENT = "%\u066a"
_STOPS = ".,:;،؛"  # one that is drawn at the left end of a line ends a line that runs left
_BRACKETS = {"(": "()", ")": "()", "[": "[]", "]": "[]", "{": "{}", "}": "{}", "«": "«»", "»": "«»"}
_SPACE, _FAINT_SPACE = (
    0.13,
    0.05,
)  # of the letter height: a gap this wide parts two words; a fainter one where pdfium says so
_WIDE_SPACE = 0.7  # does not part words of one phrase
_SAME_LINE = 0.35  # of the letter height: bottoms this near stand on one line
_SAME_CELL = 1.5  # of the letter height: pieces further apart are left as pdfium cut them


def has_rtl(text: str) -> bool:
    """Return whether `text` has letters of a script written from right to left."""
    return bool(_RTL.search(text))


def logical_lines(lines: Sequence[list[Glyph]]) -> list[list[Glyph]]:
    """Return `lines` with those that run from right to left in logical order and in one piece."""
    page_runs_left = _rtl_share([glyph for line in lines for glyph in line]) >= 0.5
    whole = _joined(lines, page_runs_left)
    as_stored = _ligatures_as_stored(whole)
    brackets = _Brackets()
    return [
        _logical(line, as_stored, brackets) if _runs_left(line, page_runs_left) else line for line in whole
    ]


def _runs_left(line: Sequence[Glyph], page_runs_left: bool) -> bool:
    """On a page in Arabic every line does but a Latin one; elsewhere only a line that is mostly Arabic."""
    share = _rtl_share(line)
    if not page_runs_left or share:
        return share >= (0.01 if page_runs_left else 0.5)
    drawn = [glyph for glyph in line if glyph.text != " "]
    return not any(_is_latin(g.text) for g in drawn) or min(drawn, key=lambda g: g.x0).text in _STOPS


def _rtl_share(glyphs: Sequence[Glyph]) -> float:
    rtl = sum(1 for glyph in glyphs if has_rtl(glyph.text))
    return rtl / max(1, sum(1 for glyph in glyphs if glyph.text.isalpha()))


def _joined(lines: Sequence[list[Glyph]], page_runs_left: bool) -> list[list[Glyph]]:
    """Put together pieces of one line: pdfium starts a new line at some marks above letters."""
    whole: list[list[Glyph]] = []
    for line in lines:
        if whole and _runs_left(whole[-1] + line, page_runs_left) and _one_line(whole[-1], line):
            whole[-1] = whole[-1] + line
        else:
            whole.append(line)
    return whole


def _one_line(one: Sequence[Glyph], two: Sequence[Glyph]) -> bool:
    a, b = [g for g in one if g.text != " "], [g for g in two if g.text != " "]
    if not a or not b:
        return False
    height = max(g.bottom - g.top for g in (*a, *b))
    gap = max(min(g.x0 for g in b) - max(g.x1 for g in a), min(g.x0 for g in a) - max(g.x1 for g in b))
    apart = abs(max(g.bottom for g in a) - max(g.bottom for g in b))
    return gap < _SAME_CELL * height and apart < _SAME_LINE * height


def _ligatures_as_stored(lines: Sequence[list[Glyph]]) -> bool:
    """Return whether letters that share one glyph come in spoken order on this page.

    They do where the glyph's code is a presentation form, and come backwards where the font maps one glyph to
    several letters. Nearly all ligatures begin with lam, which tells which it is.
    """
    votes = 0
    for line in lines:
        for one, two in pairwise(line):
            if _together(one, two):
                votes += (one.text == _LAM) - (two.text == _LAM)
    return votes > 0


def _together(one: Glyph, two: Glyph) -> bool:
    return one.text != " " and one[1:5] == two[1:5]


def _logical(line: Sequence[Glyph], as_stored: bool, brackets: _Brackets) -> list[Glyph]:
    clusters = _with_marks(_clusters(line, as_stored))
    clusters.sort(key=lambda cluster: -(cluster[0].x0 + cluster[0].x1))
    ordered: list[Glyph] = []
    for run in _runs(_spaced(clusters)):
        ordered += run
    return brackets.mend(_percent_behind(ordered))


def _clusters(line: Sequence[Glyph], as_stored: bool) -> list[list[Glyph]]:
    """Return letters in groups that share one glyph, each group in spoken order; made-up spaces are dropped."""
    clusters: list[list[Glyph]] = []
    for glyph in line:
        if glyph.text == " " and glyph.x1 - glyph.x0 < 0.01:
            continue
        if clusters and _together(clusters[-1][-1], glyph):
            clusters[-1].append(glyph)
        else:
            clusters.append([glyph])
    if not as_stored:
        clusters = [cluster[::-1] if has_rtl(cluster[0].text) else cluster for cluster in clusters]
    return clusters


def _with_marks(clusters: list[list[Glyph]]) -> list[list[Glyph]]:
    """Put each vowel mark behind the letter that it stands over."""
    letters = [c for c in clusters if c[0].text != " " and not _is_mark(c[0])]
    spaces = [c for c in clusters if c[0].text == " "]
    marks = [c for c in clusters if _is_mark(c[0])]
    for cluster in [c for c in letters if any(_is_mark(glyph) for glyph in c)]:
        if any(_covers(other[0], cluster[0]) for other in letters if other is not cluster):
            letters.remove(cluster)
            marks.append([glyph for glyph in cluster if _is_mark(glyph)])
    for mark in marks if letters else []:
        max(letters, key=lambda c: _overlap(c[0], mark[0])).extend(mark)
    return letters + spaces


def _is_mark(glyph: Glyph) -> bool:
    return unicodedata.combining(glyph.text[0]) > 0


def _covers(letter: Glyph, mark: Glyph) -> bool:
    """Return whether what a font calls letter with mark is drawn over another letter: then it is the mark alone."""
    return _overlap(letter, mark) > 0.6 * (mark.x1 - mark.x0)


def _overlap(one: Glyph, two: Glyph) -> float:
    return min(one.x1, two.x1) - max(one.x0, two.x0)


def _spaced(clusters: Sequence[list[Glyph]]) -> list[list[Glyph]]:
    """Return clusters, right to left, with a space wherever the page shows a gap."""
    spaced: list[list[Glyph]] = []
    for cluster in clusters:
        before = spaced[-1][0] if spaced else None
        glyph = cluster[0]
        if before and " " not in (before.text, glyph.text):
            gap = (before.x0 - glyph.x1) / max(before.bottom - before.top, glyph.bottom - glyph.top)
            if gap > (_FAINT_SPACE if _parted_by_pdfium(spaced[-1], cluster) else _SPACE):
                spaced.append([glyph._replace(text=" ", x0=glyph.x1, x1=before.x0)])
        spaced.append(cluster)
    return spaced


def _parted_by_pdfium(one: Sequence[Glyph], two: Sequence[Glyph]) -> bool:
    """Return whether one character, a space that was dropped, stood between the two in pdfium's text."""
    return min(glyph.place for glyph in two) - max(glyph.place for glyph in one) == 2


def _runs(clusters: Sequence[list[Glyph]]) -> Iterator[list[Glyph]]:
    """Yield the characters run by run: numbers and Latin words run to the right, so they are turned round."""
    texts = [cluster[0].text for cluster in clusters]
    for at in range(1, len(clusters) - 1):
        before, glyph, after = (clusters[i][0] for i in (at - 1, at, at + 1))
        if glyph.text == " " and before.x0 - after.x1 > _WIDE_SPACE * (before.bottom - before.top):
            texts[at] = "\t"  # the next cell of a table, not the next word
    kinds = _kinds(texts)
    for to_right, pairs in groupby(zip(kinds, clusters, strict=True), key=lambda pair: pair[0]):
        run = [cluster for _, cluster in pairs]
        yield [glyph for cluster in (reversed(run) if to_right else run) for glyph in cluster]


def _kinds(texts: Sequence[str]) -> list[bool]:
    """Return for each character of a line, from right to left, whether it belongs to a run to the right."""
    kinds = [_is_latin(text) or text.isdigit() for text in texts]
    separators = _SEPARATORS if any(map(has_rtl, texts)) else _SEPARATORS + "-"
    for start, end in _neutral_stretches(kinds):
        left, right = texts[end], texts[start - 1]  # the stretch lies between these two as seen
        between = texts[start:end]
        number = left.isdigit() and right.isdigit() and len(between) == 1
        number = number and (between[0] in separators or _in_thousands(texts, start, end, between[0]))
        words = not any(has_rtl(text) or text in _BRACKETS or text == "\t" for text in between) and (
            _in_latin(texts, end, 1) or _in_latin(texts, start - 1, -1)
        )
        if number or words:
            kinds[start:end] = [True] * (end - start)
    return kinds


def _percent_behind(line: list[Glyph]) -> list[Glyph]:
    """Put a percent sign that came before its number behind it; which side it is drawn on varies."""
    moved = list(line)
    for at, glyph in enumerate(line[:-1]):
        if (
            glyph.text not in _PERCENT
            or not line[at + 1].text.isdigit()
            or (at and line[at - 1].text.isdigit())
        ):
            continue
        end = at + 1
        while end < len(line) and (line[end].text.isdigit() or line[end].text in _SEPARATORS):
            end += 1
        moved[at:end] = [*line[at + 1 : end], glyph]
    return moved


def _neutral_stretches(kinds: Sequence[bool]) -> list[tuple[int, int]]:
    """Return the stretches of False that have True on both sides."""
    ends = [i for i, kind in enumerate(kinds) if kind]
    return [(a + 1, b) for a, b in pairwise(ends) if b - a > 1]


def _in_thousands(texts: Sequence[str], start: int, end: int, between: str) -> bool:
    """Return whether a space cuts a number into thousands: three digits to its right, one to three to its left."""
    right = [*takewhile(str.isdigit, reversed(texts[:start]))]
    left = [*takewhile(str.isdigit, texts[end:])]
    return between == " " and len(right) == 3 and len(left) <= 3


def _in_latin(texts: Sequence[str], at: int, step: int) -> bool:
    """Return whether the word at `at`, going on by `step`, holds a Latin letter."""
    while 0 <= at < len(texts) and not texts[at].isspace() and not has_rtl(texts[at]):
        if _is_latin(texts[at]):
            return True
        at += step
    return False


def _is_latin(text: str) -> bool:
    return text.isalpha() and not has_rtl(text)


class _Brackets:
    """Makes brackets open and close by turns: whether a font's bracket is the drawn or the spoken one varies."""

    def __init__(self) -> None:
        self.open: dict[str, int] = {}

    def mend(self, line: list[Glyph]) -> list[Glyph]:
        mended = list(line)
        for at, glyph in enumerate(line):
            pair = _BRACKETS.get(glyph.text)
            if pair is None:
                continue
            opens = not self.open.get(pair) and not self._is_label(line, at)
            mended[at] = glyph._replace(text=pair[0] if opens else pair[1])
            self.open[pair] = 2 if opens else 0
        self.open = {pair: lines - 1 for pair, lines in self.open.items() if lines > 0}
        return mended

    @staticmethod
    def _is_label(line: Sequence[Glyph], at: int) -> bool:
        """A bracket behind the first character or two of a line closes a label, as in "1)"."""
        return 0 < at <= 2 and all(glyph.text.isalnum() for glyph in line[:at])
