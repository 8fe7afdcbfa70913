"""The Datasette plugin that shows a coded corpus: every hook, each handing on to the module that answers."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from jinja2 import Environment
from markupsafe import Markup
from pluggy import HookimplMarker

from art7.web import cells, labels, queries
from art7.web.canned import QUERIES
from art7.web.database import codebook_of, coded_name, find_coded
from art7.web.guard import guarded
from art7.web.indicators import by_chapter
from art7.web.metadata import describe
from art7.web.routes import ROUTES
from art7.web.search import marked, match_query

if TYPE_CHECKING:
    # at run time Datasette's own module is still loading when it loads its plugins
    from datasette.app import Datasette

hookimpl = HookimplMarker("datasette")


@hookimpl
def startup(datasette: Datasette) -> Callable[[], Awaitable[None]]:
    """Find the coded database among those that are open."""

    async def find() -> None:
        await find_coded(datasette)

    return find


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    return ROUTES


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[..., Any]:
    return guarded


@hookimpl
def get_metadata(datasette: Datasette) -> dict[str, Any]:
    name = coded_name(datasette)
    return describe(name) if name else {}


@hookimpl
def canned_queries(datasette: Datasette, database: str) -> dict[str, Any]:
    return QUERIES if database == coded_name(datasette) else {}


@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Put our reading of a search in place of Datasette's, whose own hook ran before."""
    conn.create_function("escape_fts", 1, lambda typed: match_query(str(typed)))


@hookimpl
def render_cell(
    row: Any, value: Any, column: str, table: str | None, database: str, datasette: Datasette
) -> Markup | None:
    if database != coded_name(datasette):
        return None
    return cells.render(datasette, table, row, column, value)


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    env.filters |= {
        "badge": labels.badge,
        "quoted": labels.quoted,
        "marked": marked,
        "percent": labels.percent,
        "language_name": labels.language_name,
        "section_name": labels.section_name,
    }
    env.globals |= {
        "verdict_names": labels.VERDICTS,
        "template_names": labels.TEMPLATES,
        "status_names": labels.STATUSES,
    }


@hookimpl
def extra_template_vars(datasette: Datasette, template: str) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Give every page the name of the coded database, and the start page what it counts."""

    async def found() -> dict[str, Any]:
        name = coded_name(datasette)
        if name is None or template != "index.html":
            return {"coded": name}
        db = datasette.get_database(name)
        chapters = by_chapter(await queries.indicators(db), await codebook_of(db))
        return {
            "coded": name,
            "totals": await queries.totals(db),
            "chapters": chapters,
            "codebook_title": await queries.title(db),
        }

    return found
