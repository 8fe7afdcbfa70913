"""Text with everything taken off that writers vary at will: case, accents, brackets, dots, look-alike letters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Arabic letters that are written for one another; alef with hamza or madda loses its mark by decomposition.
_ARABIC = str.maketrans({"ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": "", "ک": "ك", "ی": "ي"})
_LATIN_AS_CYRILLIC = str.maketrans("aceopxykmhtb", "асеорхукмнтв")
_CYRILLIC_AS_LATIN = str.maketrans("асеорхувнкмт", "aceopxybhkmt")
_GAPS = re.compile(r"[\W_]+")


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Return `text` in lower case without accents, with each run of other signs as one space.

    Digits of any script become 0-9. Two texts that a reader would call the same wording fold alike.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    plain = "".join(_digit(c) for c in plain.casefold().translate(_ARABIC))
    return " ".join(_one_script(word) for word in _GAPS.sub(" ", plain).split())


def flatten(text: str) -> str:
    """Return `text` in lower case without accents and with digits 0-9, each character in its old place."""
    return "".join(_flat(c) for c in text)


def _digit(char: str) -> str:
    return (
        str(unicodedata.digit(char)) if char.isdigit() and unicodedata.digit(char, None) is not None else char
    )


@lru_cache(maxsize=5_000)
def _flat(char: str) -> str:
    base = unicodedata.normalize("NFKD", char)[:1].lower()[:1].translate(_ARABIC)
    return _digit(base) if base and not base.isspace() else " " if char.isspace() else base or char


def _one_script(word: str) -> str:
    """Mend a word typed partly with look-alike letters of the other alphabet; a lone letter counts as Latin."""
    cyrillic = sum("а" <= c <= "я" for c in word)
    if not cyrillic:
        return word
    latin = sum("a" <= c <= "z" for c in word)
    if len(word) == 1 or latin > cyrillic:
        return word.translate(_CYRILLIC_AS_LATIN)
    return word.translate(_LATIN_AS_CYRILLIC) if latin else word
