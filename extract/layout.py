"""Reading order: words -> lines -> blocks, column by column; running headers and footers taken out."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from extract.folding import fold
from extract.records import Box, Line, Word, around
from extract.text import PageWords

GUTTER = 8.0  # points of white that part two columns
STRETCH = 12  # points; one gutter at most is looked for in each
COLUMN_LINES = 4  # fewer lines beside each other are not columns
EVEN_LINES = 2  # the same, where the gutter is in the middle
MANY_LINES = 12
LOOSE = 1.28  # line pitch, against the usual one, above which a new paragraph begins
HEADING_WORDS = 25
SIGN = "•●▪■◦○‣·∙◆❖✓➢►"
BULLET = re.compile(
    rf"\s*(?:[{SIGN}*–—-]|"
    + r"\(?\d{1,2}[.)、]|\(?[a-zA-Zа-яА-Яا-ي][.)]|\(?[ivxIVX]{1,4}[.)]|[①-⑳])(?=\s|$|[^\d\W])"
)
# Words that are written with a hyphen anyway: "anti-personnel", "non-technical", "l'Etat-major".
KEEPS_HYPHEN = re.compile(
    r"(?<![^\W_])(?:anti|non|sub|co|inter|multi|self|post|pre|semi|ex|sous|contre|vice|mine|state|etat|état|"
    r"sous-préfecture|mid|long|short|well|half|cross|gender|age|risk|high|low|so|sex|quasi|hors|mise|там|из)[-\u2010]$"
    r"|[\d-][^\W_]*-$",
    re.IGNORECASE,
)
LABELLED = re.compile(r"[^\W\d][^.:;]{2,60}[:\uff1a](?:\s|$)")  # "Reporting period: ..."
ENDS_SENTENCE = re.compile(r"[.!?:;。！？：；؟؛…][»”\"')\]）]*\s*$")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together: a paragraph, a heading, a list item. `column` counts from 0 in reading order."""

    lines: tuple[Line, ...]
    box: Box
    column: int = 0
    heading: bool = False

    @property
    def text(self) -> str:
        return spell([line.words for line in self.lines])[0]

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for line in self.lines for word in line.words)

    @property
    def size(self) -> float:
        """Font size in points, or the height of its lines where no size is known."""
        return median(word.size or word.box.height for word in self.words)


def spell(lines: Iterable[Sequence[Word]]) -> tuple[str, list[int]]:
    """Return lines as running text, and where in it each word starts.

    Words are parted by a space, Chinese signs by none; a word that a line end cuts in two is put together.
    """
    text, starts = "", []
    for words in lines:
        for at_start, word in zip([True] + [False] * len(words), words, strict=False):
            if at_start and _is_cut(text, word.text):
                text = text[:-1] if word.text[0].islower() and not KEEPS_HYPHEN.search(text) else text
            elif text and not _closes_up(text[-1], word.text[:1]):
                text += " "
            starts.append(len(text))
            text += word.text
    return text, starts


def arrange(page: PageWords, barriers: Sequence[Box] = ()) -> list[Block]:
    """Return the blocks of a page in reading order; no column runs through a barrier (a table, say)."""
    blocks: list[Block] = []
    for number, column in enumerate(columns_of(page, barriers)):
        blocks.extend(_blocks(_lines(column), number))
    return _with_headings(blocks)


def columns_of(page: PageWords, barriers: Sequence[Box] = ()) -> list[list[Word]]:
    """Return the words of each column of a page, in reading order of the columns."""
    words = [word for word in page.words if word.text.strip()]
    return _columns(words, barriers, is_rtl(words))


def is_rtl(words: Sequence[Word]) -> bool:
    """Return whether most letters of the words are written from right to left."""
    letters = [c for word in words for c in word.text if c.isalpha()]
    return 2 * sum("\u0590" <= c <= "\u08ff" or "\ufb1d" <= c <= "\ufefc" for c in letters) > len(letters)


def _closes_up(before: str, after: str) -> bool:
    return _is_han(before) and _is_han(after)


def _is_cut(text: str, after: str) -> bool:
    """Return whether the line before ends in a hyphen that cuts a word, or joins two."""
    return len(text) > 2 and text[-1] in "-\u2010" and text[-2].isalpha() and after[:1].isalpha()


def _is_han(char: str) -> bool:
    return "\u3000" <= char <= "\u303f" or "\u3400" <= char <= "\u9fff" or "\uff00" <= char <= "\uff65"


# Columns: find the upright strip of white with the most text on both sides, and cut there, again and again.


def _columns(words: list[Word], barriers: Sequence[Box], rtl: bool) -> list[list[Word]]:
    cut = _gutter(words, barriers)
    if cut is None:
        return [words] if words else []
    x, top, bottom = cut
    above = [w for w in words if _middle(w.box) < top]
    below = [w for w in words if _middle(w.box) > bottom]
    between = [w for w in words if top <= _middle(w.box) <= bottom]
    sides = [[w for w in between if w.box.x0 < x], [w for w in between if w.box.x0 >= x]]
    parts = [above, *(reversed(sides) if rtl else sides), below]
    return [column for part in parts if part for column in _columns(part, barriers, rtl)]


def _gutter(words: list[Word], barriers: Sequence[Box]) -> tuple[float, float, float] | None:
    """Return (x, top, bottom) of the tallest gutter of these words, or None where they stand in one column."""
    if len(words) < 6 * EVEN_LINES:
        return None
    left, right = min(w.box.x0 for w in words), max(w.box.x1 for w in words)
    boxes = [*(w.box for w in words), *barriers]
    places = _likely_gutters(boxes, left, right)
    found = [(x, top, bottom) for x in places for top, bottom in _clear_runs(boxes, x)]
    near = 0.03 * (right - left)
    likely = sorted(found, key=lambda cut: (abs(cut[0] - (left + right) / 2) > near, cut[1] - cut[2]))[:24]
    return next((cut for cut in likely if _parts_text(words, *cut)), None)


def _likely_gutters(boxes: Sequence[Box], left: float, right: float) -> list[float]:
    """Return, for each stretch of the middle of the page, where the fewest boxes stand in the way."""
    crossed = Counter(x for b in boxes for x in range(int(b.x0 - GUTTER / 2), int(b.x1 + GUTTER / 2) + 1))
    start, end = left + 0.2 * (right - left), left + 0.8 * (right - left)
    stretches = [range(x, min(x + STRETCH, int(end))) for x in range(int(start), int(end), STRETCH)]
    places = []
    for stretch in stretches:
        fewest = min(crossed[x] for x in stretch)
        clear = [x for x in stretch if crossed[x] == fewest]
        places.append(float(clear[len(clear) // 2]))
    return places


def _clear_runs(boxes: Sequence[Box], x: float) -> list[tuple[float, float]]:
    """Return the heights (top, bottom) between boxes that reach into the strip around x."""
    crossing = sorted((b.top, b.bottom) for b in boxes if b.x0 < x + GUTTER / 2 and b.x1 > x - GUTTER / 2)
    runs, edge = [], min(b.top for b in boxes) - 1
    for top, bottom in crossing:
        if top > edge:
            runs.append((edge, top))
        edge = max(edge, bottom)
    runs.append((edge, max(b.bottom for b in boxes) + 1))
    return [(top, bottom) for top, bottom in runs if bottom - top > 18]


def _parts_text(words: list[Word], x: float, top: float, bottom: float) -> bool:
    """Return whether running text, not the cells of a table, stands on both sides of a gutter."""
    inside = [w for w in words if top <= _middle(w.box) <= bottom]
    sides = [[w for w in inside if w.box.x0 < x], [w for w in inside if w.box.x0 >= x]]
    even = _is_even(words, x)
    labels = len({all(w.bold for w in side) for side in sides}) == 2  # bold labels beside what they label
    return not labels and all(_is_running(side, even) for side in sides)


def _is_even(words: list[Word], x: float) -> bool:
    """Return whether a gutter parts the text in two halves, as the columns of a page do."""
    left, right = min(w.box.x0 for w in words), max(w.box.x1 for w in words)
    return abs(x - (left + right) / 2) < 0.03 * (right - left)


def _is_running(words: list[Word], even: bool) -> bool:
    """Return whether the lines of these words are many and mostly full, as those of a column are.

    Where the page is cut in even halves, a few full lines are enough, and many lines may be short.
    """
    rows = rows_of(words)
    if len(rows) < (EVEN_LINES if even else COLUMN_LINES):
        return False
    width = max(w.box.x1 for w in words) - min(w.box.x0 for w in words)
    filled = [(max(w.box.x1 for w in row) - min(w.box.x0 for w in row)) / width for row in rows]
    signs = "".join(w.text for w in words)
    letters = sum(map(str.isalpha, signs))
    usual = 0.6 if even and len(rows) >= MANY_LINES else 0.8
    full = median(filled) > usual if len(rows) >= COLUMN_LINES else min(filled[:-1]) > 0.9
    return full and len(signs) > 15 * len(rows) and letters > 0.7 * len(signs)


def _middle(box: Box) -> float:
    return (box.top + box.bottom) / 2


# Lines


def rows_of(words: Iterable[Word]) -> list[list[Word]]:
    """Return words that stand at one height, from the top down; each row in the order of the page's content."""
    rows: list[list[tuple[int, Word]]] = []
    top = bottom = 0.0
    for place, word in sorted(enumerate(words), key=lambda placed: _middle(placed[1].box)):
        shared = min(bottom, word.box.bottom) - max(top, word.box.top)
        if rows and shared > 0.5 * min(bottom - top, word.box.height):
            rows[-1].append((place, word))
        else:
            rows.append([(place, word)])
            top, bottom = word.box.top, word.box.bottom
    return [[word for _, word in sorted(row, key=lambda placed: placed[0])] for row in rows]


def _lines(words: Iterable[Word]) -> list[Line]:
    return [line_of(row) for row in rows_of(words)]


def line_of(row: Sequence[Word]) -> Line:
    """Return words of one height as a line, in the order in which a person reads them."""
    rtl = is_rtl(row)
    words = sorted(row, key=lambda w: w.box.x0)
    if rtl:
        words = _mark_first(list(row)) if _runs_left(row) else _right_to_left(words)
    return Line(tuple(words), around([w.box for w in words]), rtl)


def _mark_first(words: list[Word]) -> list[Word]:
    """Put the bullet or number of a list at the right edge first, wherever the content has it."""
    first = max(words, key=lambda word: word.box.x1)
    if any(map(str.isalpha, first.text)):
        return words
    return [first, *(word for word in words if word is not first)]


def _runs_left(row: Sequence[Word]) -> bool:
    """Return whether the content has the words of a right-to-left line in reading order already."""
    return all(a.box.x0 > b.box.x0 for a, b in pairwise([word for word in row if is_rtl([word])]))


def _right_to_left(words: list[Word]) -> list[Word]:
    """Turn words round, but keep each run of Latin words (with the numbers among them) as it stands."""
    ordered: list[Word] = []
    run: list[Word] = []
    for word in reversed(words):
        if is_rtl([word]):
            ordered += [*_run(run), word]
            run = []
        else:
            run.append(word)
    return [*ordered, *_run(run)]


def _run(run: list[Word]) -> list[Word]:
    return run[::-1] if any(c.isalpha() for word in run for c in word.text) else run


# Blocks


def _blocks(lines: list[Line], column: int) -> list[Block]:
    if not lines:
        return []
    pitch = _usual_pitch(lines)
    left, right = min(line.box.x0 for line in lines), max(line.box.x1 for line in lines)
    groups = [[lines[0]]]
    for above, line in pairwise(lines):
        if _begins_block(above, line, pitch, Box(line.box.page, left, 0, right, 0)):
            groups.append([])
        groups[-1].append(line)
    return [Block(tuple(g), around([line.box for line in g]), column) for g in groups]


def _usual_pitch(lines: list[Line]) -> float:
    """Return the distance of lines within a paragraph, as a share of their size."""
    pitches = sorted(_pitch(a, b) for a, b in pairwise(lines) if _pitch(a, b) < 3)
    return max(1.1, pitches[len(pitches) // 8]) if pitches else 1.2


def _pitch(above: Line, line: Line) -> float:
    return (_middle(line.box) - _middle(above.box)) / _size(line)


def _size(line: Line) -> float:
    return median(w.size or w.box.height for w in line.words)


def _begins_block(above: Line, line: Line, pitch: float, column: Box) -> bool:
    if abs(_size(line) - _size(above)) > 0.12 * _size(above):
        return True
    if all(w.bold for w in line.words) != all(w.bold for w in above.words) and _bold_breaks(above, line):
        return True
    if _pitch(above, line) > LOOSE * pitch or line.text[0] in SIGN:
        return True
    if LABELLED.match(line.text) and not _reaches_end(above, column):
        return True
    if BULLET.match(line.text) and (ENDS_SENTENCE.search(above.text) or not _reaches_end(above, column)):
        return True
    if not ENDS_SENTENCE.search(above.text):
        return False
    indent = column.x1 - line.box.x1 if line.rtl else line.box.x0 - column.x0
    short = above.box.x0 - column.x0 if line.rtl else column.x1 - above.box.x1
    return indent > 1.2 * _size(line) or short > 0.25 * column.width


def _reaches_end(line: Line, column: Box) -> bool:
    """Return whether a line runs on to the end of its column, so that its sentence may go on below."""
    return (line.box.x0 - column.x0 if line.rtl else column.x1 - line.box.x1) < 0.12 * column.width


def _bold_breaks(above: Line, line: Line) -> bool:
    """A change of weight parts a heading from its text, not a bold label from the words that go on after it."""
    return all(w.bold for w in above.words) or not any(w.bold for w in above.words) or line.words[0].bold


def _with_headings(blocks: list[Block]) -> list[Block]:
    if not blocks:
        return blocks
    body = _body_size(blocks)
    return [Block(b.lines, b.box, b.column, _looks_like_heading(b, body)) for b in blocks]


def _body_size(blocks: list[Block]) -> float:
    sizes: Counter[float] = Counter()
    for block in blocks:
        for word in block.words:
            sizes[round(word.size or word.box.height, 1)] += len(word.text)
    return sizes.most_common(1)[0][0]


def _looks_like_heading(block: Block, body: float) -> bool:
    text = block.text
    large = block.size > 1.1 * body and block.words[0].confidence is None
    if (
        len(block.words) > HEADING_WORDS * (1 + large)
        or len(text) > 220 * (1 + large)
        or len(block.lines) > 5
    ):
        return False
    if not any(c.isalpha() for c in text) or re.search(r"[;,:؛،；，。]\s*$|[^.\d].\.\s*$", text):
        return False
    capitals = text.isupper() and sum(map(str.isalpha, text)) > 5 and len(text) < 120
    return large or capitals or all(w.bold for w in block.words if any(map(str.isalnum, w.text)))


# Furniture: what is printed on page after page near the edges


def strip_furniture(pages: list[list[Block]]) -> tuple[list[list[Block]], list[tuple[str, ...]]]:
    """Take running headers, footers and page numbers out of the pages; return the rest, and what was taken."""
    seen: defaultdict[str, set[int]] = defaultdict(set)
    for number, blocks in enumerate(pages):
        for line in _edge_lines(blocks):
            seen[_key(line)].add(number)
    enough = max(2, len([blocks for blocks in pages if blocks]) / 2)
    running = {key for key, where in seen.items() if len(where) >= enough}
    rest, taken = [], []
    for blocks in pages:
        edge = {id(line) for line in _edge_lines(blocks) if _key(line) in running or _is_number(line, blocks)}
        rest.append([kept for block in blocks if (kept := _without(block, edge))])
        taken.append(tuple(line.text for b in blocks for line in b.lines if id(line) in edge))
    return rest, taken


def _edge_lines(blocks: list[Block]) -> list[Line]:
    """Return the two topmost and the three lowest lines of a page."""
    lines = sorted((line for block in blocks for line in block.lines), key=lambda line: line.box.top)
    return lines[:2] + lines[2:][-3:]


def _key(line: Line) -> str:
    """Return what stays the same from page to page: the words without numbers; of short texts also the height."""
    words = re.sub(r"\b[\divxlc]+\b", "#", fold(line.text)).strip("# ")
    return words if words.count(" ") >= 4 else f"{words} {round(_middle(line.box) / 12)}"


def _is_number(line: Line, blocks: list[Block]) -> bool:
    """Return whether a line is the page's number alone, at the foot of the page."""
    lowest = max(b.box.bottom for b in blocks)
    mark = re.fullmatch(r"[\W_]*(?:(?:page|pagina|стр|第)\s*)?0*(\d{1,3})(?:\s*页)?[\W_]*", line.text, re.I)
    return mark is not None and line.box.bottom >= lowest - 2 and int(mark.group(1)) == line.box.page


def _without(block: Block, taken: set[int]) -> Block | None:
    lines = tuple(line for line in block.lines if id(line) not in taken)
    if len(lines) == len(block.lines):
        return block
    return Block(lines, around([x.box for x in lines]), block.column, block.heading) if lines else None
