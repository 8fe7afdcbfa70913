"""Labelled passages: what people say a passage reports. JSON lines, one passage a line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from annotations.codings import PassageVerdict

GOLD = Path(__file__).parent / "gold"


class GoldError(ValueError):
    """A file of labelled passages is wrong; the message names file, line and fault."""


class Label(BaseModel):
    """One indicator that a passage speaks to, and how."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    indicator: str
    verdict: PassageVerdict


class GoldPassage(BaseModel):
    """A passage with its labels; no label means it is evidence for nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    lang: str
    section: str
    text: str
    labels: tuple[Label, ...]
    before: str = ""  # the neighbouring passages, where they matter
    after: str = ""
    state: str | None = None
    year: int | None = None
    writer: str | None = None
    labeller: str | None = None
    note: str | None = None


def read_gold(paths: Iterable[Path]) -> list[GoldPassage]:
    """Return the passages of the files in order; GoldError names file and line of the first fault."""
    passages = []
    for path in paths:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            try:
                passages.append(GoldPassage(**json.loads(line)))
            except (ValueError, TypeError, ValidationError) as error:
                raise GoldError(f"{path.name}, line {number}: {error}") from error
    return passages


def load_gold() -> list[GoldPassage]:
    """Return every passage that ships with this package."""
    return read_gold(sorted(GOLD.glob("*.jsonl")))
