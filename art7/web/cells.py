"""How values stand in Datasette's tables: links to our pages, lists, badges, quoted words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markupsafe import Markup

from art7.web.labels import FACTS, badge, language_name, quoted, section_name

if TYPE_CHECKING:
    from datasette.app import Datasette

_LISTS = {"languages", "sources", "facets", "cues", "exclusions", "furniture", "paths"}
_INDICATORS = {"indicator", "indicator_id", "base"}
_LONGEST = 400  # characters of a passage shown in a cell


def render(datasette: Datasette, table: str | None, row: Any, column: str, value: Any) -> Markup | None:
    """Return a cell as markup; None leaves it to Datasette."""
    if value in (None, ""):
        return None
    plain, label = (value["value"], value["label"]) if isinstance(value, dict) else (value, value)
    if column in ("report_id", "file_name"):
        return _report(datasette, table, row, column, plain, label)
    if column in _INDICATORS:
        return _indicator(datasette, plain, label)
    if column == "look_alikes":
        return Markup(", ").join(_indicator(datasette, i, i) for i in _listed(plain))
    if column == "name" and table in ("indicators", "states"):
        return _named(datasette, table, row, plain)
    if column == "state" and isinstance(value, dict):
        return _link(datasette, f"/state/{plain}", label)
    return _words(datasette, row, column, plain)


def _words(datasette: Datasette, row: Any, column: str, value: Any) -> Markup | None:
    if column == "verdict":
        return badge(value)
    if column == "language":
        return Markup("{}").format(language_name(value))
    if column == "section":
        return Markup("{}").format(section_name(value))
    if column == "score" and isinstance(value, float):
        return Markup("{:.0%}").format(value)
    if column in ("evidence", "text"):
        return _passage(datasette, row, value)
    if column == "boxes":
        return _boxes(value)
    if column == "characters":
        return Markup("(for the search of Chinese)")
    if column == "sha256":
        return Markup('<span title="{}">{}…</span>').format(value, value[:12])
    if column == "cover":
        return _cover(value)
    return _list(value) if column in _LISTS else None


def _link(datasette: Datasette, path: str, shown: Any) -> Markup:
    return Markup('<a href="{}">{}</a>').format(datasette.urls.path(path), shown)


def _report(
    datasette: Datasette, table: str | None, row: Any, column: str, value: Any, label: Any
) -> Markup | None:
    if column == "report_id":
        return _link(datasette, f"/report/{quote(str(value))}", label)
    held = _plain(row, "id") if table == "reports" else _plain(row, "report_id")
    return _link(datasette, f"/report/{quote(str(held))}", value) if held else None


def _indicator(datasette: Datasette, value: Any, label: Any) -> Markup:
    link = _link(datasette, f"/indicator/{quote(str(value))}", value)
    return link if label == value else link + Markup(" {}").format(label)


def _named(datasette: Datasette, table: str, row: Any, value: Any) -> Markup:
    if table == "states":
        return _link(datasette, f"/state/{quote(str(_plain(row, 'iso3')))}", value)
    return _link(datasette, f"/indicator/{quote(str(_plain(row, 'id')))}", value)


def _passage(datasette: Datasette, row: Any, text: str) -> Markup | None:
    """Return a State's words, as a link to their place on the page where the row tells it."""
    report, page = _plain(row, "report_id"), _plain(row, "page")
    shown = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    words = quoted(shown, _plain(row, "language"))
    if not (report and page):
        return words
    place = _plain(row, "passage_id") or _plain(row, "id")
    indicator = _plain(row, "indicator") or _plain(row, "indicator_id")
    mark = f"p-{place}" if place else f"c-{indicator}"
    return _link(datasette, f"/report/{quote(str(report))}?page={int(page)}#{quote(mark)}", words)


def _boxes(value: str) -> Markup | None:
    pages = [int(box[0]) for box in _listed(value)]
    if not pages:
        return None
    where = ", ".join(str(page) for page in sorted(set(pages)))
    return Markup("{} on page {}").format("1 box" if len(pages) == 1 else f"{len(pages)} boxes", where)


def _cover(value: str) -> Markup:
    """Return the facts of a cover, in short; the page of the report shows their words too."""
    found = [(FACTS[name], fact["value"]) for name, fact in json.loads(value).items() if fact]
    return Markup("; ").join(Markup("{}: {}").format(*fact) for fact in found) or Markup("nothing found")


def _list(value: Any) -> Markup | None:
    entries = _listed(value)
    if value == "[]":
        return Markup("&nbsp;")
    if not entries:
        return None
    if all(isinstance(entry, str) and len(entry) < 12 for entry in entries):
        return Markup(", ").join(entries)
    return Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(e) for e in entries))


def _listed(value: Any) -> list[Any]:
    """Return the entries of a JSON list; none when it is something else."""
    try:
        held = json.loads(value)
    except (TypeError, ValueError):
        return []
    return held if isinstance(held, list) else []


def _plain(row: Any, column: str) -> Any:
    """Return a row's value, without the label Datasette may have put to it; None when it has no such column."""
    if column not in (row.columns if hasattr(row, "columns") else row.keys()):
        return None
    value = row[column]
    return value["value"] if isinstance(value, dict) else value
