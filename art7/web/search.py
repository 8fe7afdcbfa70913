"""Full-text search: what a person types as a match expression, what was found as marked text."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_HAN = r"\u3400-\u9fff\uf900-\ufaff"
_PIECE = re.compile(r'"([^"]*)"?|(\S+)')
_WIDE = rf"[{_HAN}\u3000-\u303f\uff00-\uffef\x01\x02]"
_BETWEEN_WIDE = re.compile(rf"(?<={_WIDE})\s+(?={_WIDE})")
_RUN = re.compile(rf"[{_HAN}]+|[^{_HAN}]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_MARKED = re.compile("\x01([^\x01\x02]*)\x02")

# What SQLite's snippet() puts before and after a hit.
MARK_START, MARK_END = "\x01", "\x02"


def match_query(typed: str) -> str:
    """Return what a person typed as a match expression that SQLite always accepts.

    Every word must be found; words in double quotes must stand together; a star ends a beginning of a word.
    Chinese characters are indexed one by one, so a run of them becomes a phrase.
    """
    pieces = []
    for quoted, word in _PIECE.findall(_CONTROL.sub(" ", typed)):
        if quoted:
            pieces.append(_phrase(quoted))
        else:
            pieces += [_phrase(part, word.endswith("*")) for part in _RUN.findall(word.replace('"', " "))]
    return " ".join(piece for piece in pieces if piece) or '""'


def _spaced(text: str) -> str:
    return " ".join(" ".join(part) if re.match(rf"[{_HAN}]", part) else part for part in _RUN.findall(text))


def _phrase(text: str, beginning: bool = False) -> str:
    if not any(character.isalnum() for character in text):
        return ""  # no word in it: nothing could be found
    star = "*" if beginning and text.endswith("*") else ""
    return f'"{_spaced(text)}"{star}'


def marked(snippet: str) -> Markup:
    """Return a snippet escaped, its hits in <mark>, Chinese characters joined again."""
    safe = str(escape(_BETWEEN_WIDE.sub("", snippet)))
    whole = _MARKED.sub(r"<mark>\1</mark>", safe)
    return Markup(_CONTROL.sub(" ", whole))  # escaped above; only <mark> is added
