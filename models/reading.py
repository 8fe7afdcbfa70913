"""The words that the encoder sees of a passage: its section, then its text."""

from __future__ import annotations

from dataclasses import dataclass

PREFIX = "query: "  # what the base encoder was trained to see before a text to classify


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A passage as the model reads it, with where it stands and its neighbours."""

    text: str
    section: str = "unknown"
    language: str | None = None
    before: str = ""
    after: str = ""


def as_read(text: str, section: str) -> str:
    """Return the text with its section in front, where that is known: it tells a donor's table from a victim's."""
    if section == "unknown":
        return PREFIX + text
    name = f"form {section}" if len(section) == 1 else section.replace("_", " ").replace("-", " ")
    return f"{PREFIX}{name} | {text}"
