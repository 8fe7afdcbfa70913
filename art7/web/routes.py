"""The pages of our own: report, page image, indicators, States, search."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from art7.archive import Archive
from art7.web import queries
from art7.web.database import Unanswered, codebook_of, coded_database, coded_path
from art7.web.images import ImageError, bounded_width, page_image, placeholder
from art7.web.indicators import by_chapter, by_report, group_of, opened
from art7.web.labels import language_name
from art7.web.queries import SEARCH_PAGE, Row
from art7.web.reports import chapters, facts, outlines

if TYPE_CHECKING:
    from datasette.app import Datasette

ZOOMS = (100, 150, 200)  # per cent of the pane's width


View = Callable[["Datasette", Request], Awaitable[Response]]


def _answered(view: View) -> View:
    """Return the view with a plain page in place of what it cannot answer."""

    async def answer(datasette: Datasette, request: Request) -> Response:
        try:
            return await view(datasette, request)
        except Unanswered as error:
            context = {"message": str(error), "status": error.status}
            page = await datasette.render_template("unanswered.html", context, request=request)
            return Response.html(page, status=error.status)

    return answer


async def _page(datasette: Datasette, request: Request, template: str, context: dict[str, Any]) -> Response:
    return Response.html(await datasette.render_template(template, context, request=request))


def _number(text: str | None, least: int, most: int) -> int:
    """Return a number from an address, kept within bounds; `least` for anything else."""
    if text is None or not (text.isascii() and text.isdigit()):
        return least
    return min(max(int(text[:9]), least), max(least, most))


async def _report(datasette: Datasette, report_id: str) -> Row:
    row = await queries.report(coded_database(datasette), report_id)
    if row is None:
        raise Unanswered(
            f"No report {report_id} in this database; it may have been coded again. See Reports."
        )
    return row


async def report(datasette: Datasette, request: Request) -> Response:
    """A report: one of its pages with the evidence drawn on it, beside it all its codings."""
    db = coded_database(datasette)
    row = await _report(datasette, request.url_vars["report"])
    pages = await queries.pages(db, row["id"])
    number = _number(request.args.get("page"), 1, len(pages))
    zoom = _number(request.args.get("zoom"), ZOOMS[0], ZOOMS[-1])
    evidence = await queries.evidence(db, row["id"])
    passages = await queries.page_passages(db, row["id"], number)
    context = {
        "report": row,
        "languages": ", ".join(language_name(code) for code in json.loads(row["languages"])),
        "facts": await facts(db, row),
        "problems": await queries.problems(db, row["id"]),
        "pages": pages,
        "page": pages[number - 1] if pages else None,
        "page_text": await queries.page_text(db, row["id"], number),
        "outlines": outlines(passages, evidence, number),
        "chapters": chapters(await queries.codings(db, row["id"]), evidence, await codebook_of(db)),
        "kept": Archive(coded_path(datasette)).path(row["sha256"]).is_file(),
        "zoom": zoom if zoom in ZOOMS else ZOOMS[0],
        "zooms": ZOOMS,
    }
    return await _page(datasette, request, "report.html", context)


async def image(datasette: Datasette, request: Request) -> Response:
    """A page of a report as a picture; a picture of a message when it cannot be drawn."""
    row = await _report(datasette, request.url_vars["report"])
    number = int(request.url_vars["page"])
    width = bounded_width(request.args.get("width"))
    tag = hashlib.sha256(f"{row['sha256']} {number} {width}".encode()).hexdigest()[:20]
    headers = {"ETag": f'"{tag}"', "Cache-Control": "private, max-age=86400"}
    path = Archive(coded_path(datasette)).path(row["sha256"])
    try:
        if tag in request.headers.get("if-none-match", "") and path.is_file():
            return Response("", status=304, headers=headers)
        drawn = await page_image(path, number, width)
    except ImageError as error:
        message = placeholder(str(error), width)
        return _png(message, {"Cache-Control": "no-store"}, status=404)
    return _png(drawn, headers)


def _png(body: bytes, headers: dict[str, str], status: int = 200) -> Response:
    return Response(body, status=status, headers=headers, content_type="image/png")


async def indicators(datasette: Datasette, request: Request) -> Response:
    """Every indicator by chapter and action, with its number of codings by verdict."""
    db = coded_database(datasette)
    book = await codebook_of(db)
    found = by_chapter(await queries.indicators(db), book)
    context = {"chapters": found, "rules": book.rules if book else (), "title": await queries.title(db)}
    return await _page(datasette, request, "indicators.html", context)


async def indicator(datasette: Datasette, request: Request) -> Response:
    """One indicator: what it asks, and the States that report it in a year."""
    db = coded_database(datasette)
    row = await queries.indicator(db, request.url_vars["indicator"])
    if row is None:
        raise Unanswered(f"No indicator {request.url_vars['indicator']} in this codebook. See Indicators.")
    years = await queries.indicator_years(db, row["id"])
    year = _chosen_year(request.args.get("year"), [held["year"] for held in years])
    codings = await queries.indicator_codings(db, row["id"], year) if years else []
    context = {
        "indicator": opened(row),
        "group": group_of(await codebook_of(db), row["group_id"]),
        "names": await queries.indicator_names(db),
        "years": years,
        "year": year,
        "spoken": [c for c in codings if c["verdict"] not in ("silent", "not_applicable")],
        "silent": [c for c in codings if c["verdict"] == "silent"],
        "not_applicable": [c for c in codings if c["verdict"] == "not_applicable"],
    }
    return await _page(datasette, request, "indicator.html", context)


def _chosen_year(asked: str | None, years: list[int | None]) -> int | None:
    """Return the year asked for when there are reports of it, else the latest; None for reports without."""
    if asked == "none" and None in years:
        return None
    wanted = _number(asked, 0, 9999)
    return wanted if wanted in years else next(iter(years), None)


async def states(datasette: Datasette, request: Request) -> Response:
    """The States that have reports."""
    context = {"states": await queries.states(coded_database(datasette))}
    return await _page(datasette, request, "states.html", context)


async def state(datasette: Datasette, request: Request) -> Response:
    """One State: its reports, and the verdicts on them side by side."""
    db = coded_database(datasette)
    iso3 = request.url_vars["state"]
    row = await queries.state(db, iso3)
    if row is None:
        raise Unanswered(f"No State {iso3} in this database. See States.")
    context = {
        "state": row,
        "groups": await queries.state_groups(db, iso3),
        "reports": await queries.state_reports(db, iso3),
        "chapters": by_report(await queries.state_codings(db, iso3), await codebook_of(db)),
    }
    return await _page(datasette, request, "state.html", context)


async def search(datasette: Datasette, request: Request) -> Response:
    """Passages that hold what was typed, with the hits marked and the way to their page."""
    db = coded_database(datasette)
    asked = {name: (request.args.get(name) or "").strip() for name in ("q", "language", "state", "year")}
    page = _number(request.args.get("page"), 1, 10_000)
    total, found = 0, list[Row]()
    if asked["q"]:
        total, found = await queries.search(
            db, asked["q"], asked["language"], asked["state"], asked["year"], page
        )
    context = {
        "asked": asked,
        "total": total,
        "found": found,
        "page": page,
        "first": (page - 1) * SEARCH_PAGE + 1,
        "more": page * SEARCH_PAGE < total,
        "choices": await queries.choices(db),
    }
    return await _page(datasette, request, "search.html", context)


ROUTES = [
    (address, _answered(view))
    for address, view in (
        (r"^/report/(?P<report>[0-9a-f]{16})$", report),
        (r"^/page-image/(?P<report>[0-9a-f]{16})/(?P<page>[0-9]{1,6})\.png$", image),
        (r"^/indicators$", indicators),
        (r"^/indicator/(?P<indicator>[0-9]+\.[0-9]+)$", indicator),
        (r"^/states$", states),
        (r"^/state/(?P<state>[A-Z]{3})$", state),
        (r"^/search$", search),
    )
]
