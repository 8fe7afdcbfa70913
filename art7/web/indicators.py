"""What the pages of indicators and States show: definitions, and verdicts side by side."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from annotations.codebook import Codebook, Group
from art7.web.queries import Row

_LISTS = ("sources", "facets", "cues", "exclusions", "look_alikes")


def opened(indicator: Row) -> Row:
    """Return the indicator with its lists as lists."""
    return indicator | {name: json.loads(indicator[name]) for name in _LISTS}


def group_of(book: Codebook | None, group_id: str) -> Group | None:
    """Return the group an indicator counts over, where the codebook is one of ours."""
    return next((group for group in book.groups if group.id == group_id), None) if book else None


def by_chapter(indicators: Iterable[Row], book: Codebook | None) -> list[dict[str, Any]]:
    """Return chapters with their actions and the actions' indicators, in the codebook's order."""
    names = {chapter.id: chapter.name for chapter in book.chapters} if book else {}
    return [
        {
            "id": chapter,
            "name": names.get(chapter, ""),
            "actions": [
                {"id": action, "name": name, "indicators": list(rows)}
                for (action, name), rows in groupby(held, key=lambda row: (row["action"], row["action_name"]))
            ],
        }
        for chapter, held in groupby(indicators, key=lambda row: row["chapter"])
    ]


def by_report(codings: Iterable[Row], book: Codebook | None) -> list[dict[str, Any]]:
    """Return chapters with a row for each indicator: its verdict in each report, by the report's id."""
    names = {chapter.id: chapter.name for chapter in book.chapters} if book else {}
    return [
        {
            "id": chapter,
            "name": names.get(chapter, ""),
            "rows": [
                {"id": indicator, "name": name, "verdicts": {r["report_id"]: r["verdict"] for r in rows}}
                for (indicator, name), rows in groupby(
                    held, key=lambda row: (row["indicator_id"], row["name"])
                )
            ],
        }
        for chapter, held in groupby(codings, key=lambda row: row["chapter"])
    ]
