"""What the page of one report shows: its cover facts, one page with its boxes, its codings by chapter."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from datasette.database import Database

from annotations.codebook import Codebook
from art7.web import queries
from art7.web.labels import FACTS, TEMPLATES
from art7.web.queries import Row

QUIET = ("silent", "not_applicable")


@dataclass(frozen=True, slots=True)
class Fact:
    """Something read off the cover, with the words and the passage it came from."""

    name: str
    value: str
    words: str
    confidence: float
    passage: Row | None


@dataclass(frozen=True, slots=True)
class Outline:
    """A passage drawn on the page: rectangles (x, y, width, height) in points, the codings it carries."""

    passage_id: str
    rectangles: list[tuple[float, float, float, float]]
    indicators: list[str]
    verdict: str | None
    tag: str


@dataclass(slots=True)
class Chapter:
    """A chapter's codings: those that say something by action, the quiet ones apart."""

    id: str
    name: str
    actions: list[tuple[int, str, list[Row]]] = field(default_factory=list)
    quiet: list[Row] = field(default_factory=list)


async def facts(db: Database, report: Row) -> list[Fact]:
    """Return what was read off the cover, in the order of FACTS."""
    held: dict[str, Any] = json.loads(report["cover"])
    found = {name: held[name] for name in FACTS if held.get(name)}
    places = [fact["passage"] for fact in found.values() if fact.get("passage") is not None]
    passages = await queries.passages_at(db, report["id"], places)
    return [
        Fact(
            FACTS[name],
            _shown(name, fact["value"], report),
            fact["words"],
            fact["confidence"],
            passages.get(fact["passage"]),
        )
        for name, fact in found.items()
    ]


def _shown(name: str, value: str, report: Row) -> str:
    if name == "state":
        return f"{report['state_name'] or value} ({value})"
    return TEMPLATES.get(value, value) if name == "template" else value


def outlines(passages: Iterable[Row], evidence: Iterable[Row], page: int) -> list[Outline]:
    """Return the page's passages as outlines; those without codings have no verdict."""
    carried = defaultdict(list)
    for row in evidence:
        carried[row["passage_id"]].append(row)
    return [_outline(passage, carried[passage["id"]], page) for passage in passages]


def _outline(passage: Row, carried: list[Row], page: int) -> Outline:
    rectangles = [
        (x0, top, round(x1 - x0, 1), round(bottom - top, 1))
        for number, x0, top, x1, bottom in json.loads(passage["boxes"])
        if number == page
    ]
    ids = [row["indicator_id"] for row in carried]
    strongest = max(carried, key=lambda row: row["score"], default=None)
    tag = ", ".join(ids[:2]) + ("…" if len(ids) > 2 else "")
    return Outline(passage["id"], rectangles, ids, strongest["verdict"] if strongest else None, tag)


def chapters(codings: Iterable[Row], evidence: Iterable[Row], book: Codebook | None) -> list[Chapter]:
    """Return the codings by chapter and action, each coding with its `evidence` rows."""
    carried = defaultdict(list)
    for row in evidence:
        carried[row["indicator_id"]].append(row)
    names = {chapter.id: chapter.name for chapter in book.chapters} if book else {}
    found = []
    for chapter_id, rows in groupby(codings, key=lambda row: row["chapter"]):
        held = [row | {"evidence": carried[row["indicator_id"]]} for row in rows]
        chapter = Chapter(chapter_id, names.get(chapter_id, ""))
        chapter.quiet = [row for row in held if row["verdict"] in QUIET]
        chapter.actions = [
            (action, name, list(group))
            for (action, name), group in groupby(
                (row for row in held if row["verdict"] not in QUIET),
                key=lambda row: (row["action"], row["action_name"]),
            )
        ]
        found.append(chapter)
    return found
