"""`art7 classify`: JSON lines of passages in, JSON lines of labels out, as they come."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from extract.language import detect
from extract.records import SECTIONS
from models.classifier import Model
from models.reading import Excerpt

BATCH = 32  # passages encoded together


class Line(BaseModel):
    """One passage as it comes in."""

    model_config = ConfigDict(extra="ignore")
    id: str | int
    text: str
    lang: str | None = None
    section: str = "unknown"
    before: str = ""
    after: str = ""


class LineError(ValueError):
    """A line of the input is wrong; the message names its number."""


def labelled(lines: Iterable[str], model: Model, every: bool = False) -> Iterator[str]:
    """Yield one line of JSON a passage, in order; with `every`, all scores, not only those that count."""
    passages = _read(lines)
    while batch := list(islice(passages, BATCH)):
        floor = 0.0 if every else model.about.threshold
        for line, suggestions in zip(
            batch, model.suggest([_excerpt(line) for line in batch], floor), strict=True
        ):
            labels: list[dict[str, Any]] = [
                {"indicator": s.indicator, "verdict": s.verdict, "score": s.score} for s in suggestions
            ]
            out = {"id": line.id, "lang": line.lang or detect(line.text), "labels": labels}
            yield json.dumps(out, ensure_ascii=False)


def _excerpt(line: Line) -> Excerpt:
    section = line.section if line.section in SECTIONS else "unknown"
    return Excerpt(line.text, section, line.lang, line.before, line.after)


def _read(lines: Iterable[str]) -> Iterator[Line]:
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            yield Line.model_validate_json(text)
        except ValidationError as error:
            fault = error.errors()[0]
            place = ".".join(str(part) for part in fault["loc"])
            raise LineError(
                f"line {number}: {place + ': ' if place else ''}{fault['msg']}. "
                'Each line must be JSON such as {"id": 1, "text": "..."}'
            ) from error
