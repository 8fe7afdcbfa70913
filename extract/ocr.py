"""Scanned pages: what Tesseract reads, with boxes and how sure it is.

A page is read with the data of the language it is likely to be in, which takes a look at its script first and, for
Latin letters, a first reading in English.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pypdfium2

from extract.language import detect
from extract.records import LANGUAGES, Box, Problem, Word
from extract.text import PageWords

if TYPE_CHECKING:
    from PIL.Image import Image
    from tesserocr import PyTessBaseAPI

DPI = 300
MOST_PIXELS = 25_000_000  # about three A4 pages at 300 dpi; larger ones (maps) are read more coarsely
NEEDS_EYES = 60.0  # mean confidence below which a person should look at the page
_DATA = {"ar": "ara", "en": "eng", "es": "spa", "fr": "fra", "pt": "por", "ru": "rus", "zh": "chi_sim"}
_PACKAGES = {language: f"tesseract-ocr-{data.replace('_', '-')}" for language, data in _DATA.items()}
_SCRIPTS = {"Latin": "en", "Cyrillic": "ru", "Arabic": "ar", "Han": "zh", "HanS": "zh", "HanT": "zh"}
_PLACES = ("/usr/share/tesseract-ocr/*/tessdata", "/usr/share/tessdata", "/usr/local/share/tessdata")
_SURE_TURN = 3.0  # how sure Tesseract must be that a page lies on its side
_SPECKLE = 30.0  # signs without a letter or digit below this confidence are dirt on the glass
_RULES = "|_~`"  # what lines of a table are taken for
_DARK, _BLANK = 110, 0.0005  # a page with a smaller share of dark points than this is blank
_WORD_ROW = "5"  # level of words in Tesseract's table of results
_DIRECTIONS = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
_HAN = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


@dataclass(frozen=True, slots=True)
class Scan:
    """A scanned page as read: its words, their mean confidence (0-100; 0 when nothing was read), what is doubtful."""

    words: PageWords
    confidence: float
    problems: tuple[Problem, ...] = ()


class _Reading(NamedTuple):
    words: list[Word]
    confidence: float


class _Scale(NamedTuple):
    """How pixels of the image that is read lie on the page: pixels a point, and the turn that set it upright."""

    number: int
    pixels: float
    turn: int  # degrees that the page was turned counter-clockwise before reading
    width: float  # of the page, points
    height: float


def ocr_available() -> dict[str, bool]:
    """Return for each language of the reports whether Tesseract's data for it is installed."""
    installed = _installed()
    return {language: _DATA[language] in installed for language in LANGUAGES}


def read_scan(page: pypdfium2.PdfPage, number: int, languages: Sequence[str] | None = None) -> Scan:
    """Return what can be read of a scanned page, which a person would call page `number` (from 1).

    `languages`, likeliest first, saves looking for the language; it is looked for all the same if that reads badly.
    What is missing or doubtful is in `problems`; nothing is raised for it.
    """
    width, height = page.get_size()
    if not any(ocr_available().values()):
        return Scan(PageWords(number, width, height, (), image_share=1.0), 0.0, (_no_data(number),))
    image, pixels = _picture(page)
    turn, script = _orientation(image) if not languages else (0, "")
    scale = _Scale(number, pixels, turn, width, height)
    upright = image.rotate(turn, expand=True) if turn else image
    reading, missing = _read(upright, scale, list(languages or ()), script)
    if languages and reading.confidence < NEEDS_EYES:
        return read_scan(page, number)
    problems = (*missing, *_doubts(reading, image, scale))
    words = PageWords(number, width, height, tuple(reading.words), image_share=1.0)
    return Scan(words, reading.confidence, problems)


def _read(image: Image, scale: _Scale, languages: list[str], script: str) -> tuple[_Reading, list[Problem]]:
    """Return the better of a first reading and one in the language that the first turned out to be in."""
    missing: list[Problem] = []
    first = languages or [_SCRIPTS.get(script, "en")]
    if script in _SCRIPTS and not ocr_available()[first[0]]:
        missing.append(_lacks(scale.number, first[0]))
    best = _read_in(image, scale, first)
    for language in _next(best, first[0], script):
        if not ocr_available()[language]:
            missing.append(_lacks(scale.number, language))
            continue
        again = _read_in(image, scale, [language])
        best = max(again, best, key=lambda reading: reading.confidence)
    return best, missing


def _next(reading: _Reading, language: str, script: str) -> list[str]:
    """Return the languages that are worth another reading."""
    found = detect(" ".join(word.text for word in reading.words))
    if reading.confidence >= NEEDS_EYES:
        return [found] if found in _DATA and found != language else []
    if script:
        return [found] if found in ("es", "fr", "pt") and language == "en" else []
    return [other for other in ("ru", "ar", "zh") if ocr_available()[other]]


def _read_in(image: Image, scale: _Scale, languages: Sequence[str]) -> _Reading:
    api = _api(_names(languages))
    api.SetImage(image)
    api.SetSourceResolution(round(scale.pixels * 72))
    rows = [row.split("\t") for row in api.GetTSVText(0).splitlines()]
    api.Clear()
    read = [row for row in rows if row[0] == _WORD_ROW and row[-1].strip()]
    words: list[Word] = []
    for _, line in groupby(read, key=lambda row: row[2:5]):
        words += _cleaned([_word(row, scale) for row in line])
    joined = list(_han_joined(words))
    return _Reading(joined, _mean(joined))


def _word(row: Sequence[str], scale: _Scale) -> Word:
    """Return the word of a row of Tesseract's table, whose text, unlike that of its iterators, is in spoken order."""
    left, top, width, height = (int(value) for value in row[6:10])
    box = _on_page((left, top, left + width, top + height), scale)
    return Word(_DIRECTIONS.sub("", row[11]).strip(), box, round(float(row[10]), 1))


def _cleaned(line: Sequence[Word]) -> Iterator[Word]:
    """Yield the words of a line without dirt and without the lines of tables, which are read as upright strokes.

    A stroke that ends a heading of two words is a letter, as in "Form I".
    """
    for word in line:
        if word.text == "|" and len(line) == 2 and line[0].text.isalpha() and word is line[1]:
            yield replace(word, text="I")
        text = word.text.strip(_RULES)
        if text and ((word.confidence or 0.0) >= _SPECKLE or any(c.isalnum() for c in text)):
            yield word if text == word.text else replace(word, text=text)


def _names(languages: Sequence[str]) -> str:
    """Return what Tesseract calls `languages`; English is always among them, for names and numbers."""
    installed = _installed()
    names = [_DATA[language] for language in (*languages, "en") if _DATA[language] in installed]
    return "+".join(dict.fromkeys(names or sorted(installed & set(_DATA.values()))[:1]))


def _mean(words: Sequence[Word]) -> float:
    letters = sum(len(word.text) for word in words)
    return (
        round(sum((word.confidence or 0.0) * len(word.text) for word in words) / letters, 1)
        if letters
        else 0.0
    )


def _han_joined(words: Sequence[Word]) -> Iterator[Word]:
    """Yield words, with Chinese characters that stand next to each other as one word."""
    held: Word | None = None
    for word in words:
        if held and _writes_on(held.text[-1], word.text[0]) and _next_to(held.box, word.box):
            held = _glued(held, word)
            continue
        if held:
            yield held
        held = word
    if held:
        yield held


def _writes_on(one: str, two: str) -> bool:
    """Return whether no space belongs between the two: Chinese characters, and numbers among them."""
    return bool(_HAN.match(one) or _HAN.match(two)) and all(_HAN.match(c) or c.isdigit() for c in (one, two))


def _next_to(one: Box, two: Box) -> bool:
    height = max(one.height, two.height)
    return (
        -height < two.x0 - one.x1 < height
        and min(one.bottom, two.bottom) - max(one.top, two.top) > 0.3 * height
    )


def _glued(one: Word, two: Word) -> Word:
    box = Box(
        one.box.page,
        min(one.box.x0, two.box.x0),
        min(one.box.top, two.box.top),
        max(one.box.x1, two.box.x1),
        max(one.box.bottom, two.box.bottom),
    )
    return Word(one.text + two.text, box, _mean([one, two]))


def _on_page(box: tuple[int, int, int, int], scale: _Scale) -> Box:
    """Return the box of the page, in points, where the pixels `box` of the upright image lie."""
    x0, top, x1, bottom = (value / scale.pixels for value in box)
    width, height = scale.width, scale.height
    if scale.turn == 90:
        x0, top, x1, bottom = width - bottom, x0, width - top, x1
    elif scale.turn == 180:
        x0, top, x1, bottom = width - x1, height - bottom, width - x0, height - top
    elif scale.turn == 270:
        x0, top, x1, bottom = top, height - x1, bottom, height - x0
    return Box(scale.number, max(0.0, x0), max(0.0, top), min(width, x1), min(height, bottom))


def _picture(page: pypdfium2.PdfPage) -> tuple[Image, float]:
    """Return the page as a grey picture and its pixels a point."""
    width, height = page.get_size()
    pixels = min(DPI / 72, (MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    bitmap = page.render(scale=pixels, grayscale=True)
    image: Image = bitmap.to_pil().convert("L")
    bitmap.close()
    return image, pixels


def _orientation(image: Image) -> tuple[int, str]:
    """Return by how many degrees, counter-clockwise, the picture must be turned, and its script ("" if unknown)."""
    from tesserocr import PSM

    if "osd" not in _installed():
        return 0, ""
    api = _api("osd")
    api.SetPageSegMode(PSM.OSD_ONLY)
    api.SetImage(image)
    found = api.DetectOrientationScript()
    api.Clear()
    if not found:
        return 0, ""
    turn = found["orient_deg"] if found["orient_conf"] >= _SURE_TURN else 0
    return turn % 360, found["script_name"]


def _doubts(reading: _Reading, image: Image, scale: _Scale) -> Iterator[Problem]:
    if scale.turn:
        detail = (
            f"Page {scale.number} was scanned lying on its side or head; it was turned {scale.turn} degrees."
        )
        yield Problem("ocr", "turned_page", detail, scale.number)
    if reading.confidence >= NEEDS_EYES or (not reading.words and _is_blank(image)):
        return
    yield Problem(
        "ocr",
        "needs_eyes",
        f"Page {scale.number} is a scan that reads badly (confidence {reading.confidence:.0f} of 100). Read it "
        "yourself, or add a better scan (300 dpi, black on white, straight).",
        scale.number,
    )


def _is_blank(image: Image) -> bool:
    return sum(image.histogram()[:_DARK]) < _BLANK * image.width * image.height


def _no_data(number: int) -> Problem:
    detail = (
        f"Page {number} is a scan and Tesseract's language data is not installed, so it was not read. On Debian or "
        f"Ubuntu: apt install tesseract-ocr-osd {' '.join(_PACKAGES.values())}; elsewhere set TESSDATA_PREFIX to the "
        "folder of the .traineddata files. Then add the report again."
    )
    return Problem("ocr", "ocr_missing", detail, number)


def _lacks(number: int, language: str) -> Problem:
    detail = (
        f"Page {number} is a scan that looks to be in '{language}', a language that Tesseract has no data for "
        f"here, so its words are doubtful. On Debian or Ubuntu: apt install {_PACKAGES[language]}. Then add the "
        "report again."
    )
    return Problem("ocr", "ocr_missing", detail, number)


@cache
def _data_folder() -> Path | None:
    """Return the folder of Tesseract's data files: TESSDATA_PREFIX, else where packages put it."""
    named = os.environ.get("TESSDATA_PREFIX")
    places = [Path(named), Path(named) / "tessdata"] if named else _usual_places()
    return next((place for place in places if any(place.glob("*.traineddata"))), None)


def _usual_places() -> list[Path]:
    return [place for pattern in _PLACES for place in sorted(Path("/").glob(pattern[1:]), reverse=True)]


@cache
def _installed() -> frozenset[str]:
    folder = _data_folder()
    return frozenset(file.stem for file in folder.glob("*.traineddata")) if folder else frozenset()


@lru_cache(maxsize=8)
def _api(names: str) -> PyTessBaseAPI:
    """Return the Tesseract instance for `names`, made once a process; it keeps to one thread."""
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    from tesserocr import PSM, PyTessBaseAPI

    mode = PSM.OSD_ONLY if names == "osd" else PSM.AUTO
    return PyTessBaseAPI(path=f"{_data_folder()}/", lang=names, psm=mode)
