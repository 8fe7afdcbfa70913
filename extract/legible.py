"""Are the words of a page a language, and can misread ones be mended?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extract.records import Word

_MOST_BAD = 0.2  # share of characters that are no letters of any script
_BAD = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]|\\(cid:\\d+\\)")
_LATIN_WORD = re.compile(r"^[A-Za-zÀ-ɏ]{4,}$")
_VOWEL = re.compile("[aeiouyàáâãäåèéêëìíîïòóôõöùúûüýÿæœø]", re.IGNORECASE)
_LEAST_VOWELS = (
    0.25  # of the letters; the reports' languages have 0.38 and more, letters put for others about 0.15
)
_ENOUGH_WORDS = 20  # fewer say nothing about a page
_HIGH_LATIN = re.compile("[\u00c0-\u00ff\u00a8\u00b8]")
_ASCII_LETTER = re.compile("[A-Za-z]")


def is_garbage(words: Sequence[Word]) -> bool:
    """Return whether `words` are no language: unmapped glyphs, or Latin letters that form no words."""
    text = "".join(word.text for word in words)
    if not text:
        return False
    bad = sum(len(found) for found in _BAD.findall(text))
    if bad > _MOST_BAD * len(text):
        return True
    latin = [word.text for word in words if _LATIN_WORD.match(word.text)]
    letters = "".join(latin)
    return len(latin) >= _ENOUGH_WORDS and len(_VOWEL.findall(letters)) < _LEAST_VOWELS * len(letters)


def mend_cyrillic(words: Sequence[Word]) -> list[Word]:
    """Return `words` with Cyrillic that was stored as Western letters (code page 1251 read as 1252) put right.

    Done only where the page's letters are nearly all of the accented kind, as no Western language writes.
    """
    text = "".join(word.text for word in words)
    high, plain = len(_HIGH_LATIN.findall(text)), len(_ASCII_LETTER.findall(text))
    if high < 30 or high < 3 * plain:
        return list(words)
    return [replace(word, text=_as_cyrillic(word.text)) for word in words]


def _as_cyrillic(text: str) -> str:
    if not _HIGH_LATIN.search(text):
        return text
    try:
        return text.encode("cp1252").decode("cp1251")
    except UnicodeError:
        return text
