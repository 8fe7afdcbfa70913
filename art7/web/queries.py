"""Every question the pages ask of the database; rows come back as dictionaries."""

from __future__ import annotations

from typing import Any

from datasette.database import Database, QueryInterrupted

from art7.web.database import Unanswered
from art7.web.search import MARK_END, MARK_START, match_query

Row = dict[str, Any]

SEARCH_PAGE = 25
_PASSAGES_OF_PAGE = """
SELECT id, page, section, language, text, kind, source, boxes FROM passages
WHERE report_id = :report AND EXISTS (
    SELECT 1 FROM json_each(passages.boxes) AS box WHERE json_extract(box.value, '$[0]') = :page
)
ORDER BY place
"""
_SEARCH_FROM = """
FROM passages_fts
JOIN passages ON passages.rowid = passages_fts.rowid
JOIN reports ON reports.id = passages.report_id
LEFT JOIN states ON states.iso3 = reports.state
WHERE passages_fts MATCH :match
    AND (:language = '' OR passages.language = :language)
    AND (:state = '' OR reports.state = :state)
    AND (:year = '' OR reports.year = :year)
"""


async def _rows(db: Database, sql: str, **values: object) -> list[Row]:
    try:
        return [dict(row) for row in await db.execute(sql, values)]
    except QueryInterrupted as error:
        raise Unanswered(
            "The question took too long and was stopped; narrow it by State, year or language", status=503
        ) from error


async def _first(db: Database, sql: str, **values: object) -> Row | None:
    return next(iter(await _rows(db, sql, **values)), None)


# the whole corpus


async def title(db: Database) -> str:
    """Return the title of the codebook the corpus is coded with."""
    row = await _first(db, "SELECT value FROM settings WHERE name = 'codebook_title'")
    return str(row["value"]) if row else "no codebook"


async def totals(db: Database) -> Row:
    """Return how much there is: reports, States, first and last year, pages, passages, codings, problems."""
    row = await _first(
        db,
        """
        SELECT count(*) AS reports, count(DISTINCT state) AS states,
            min(year) AS first_year, max(year) AS last_year,
            (SELECT count(*) FROM pages) AS pages, (SELECT count(*) FROM passages) AS passages,
            (SELECT count(*) FROM codings) AS codings, (SELECT count(*) FROM problems) AS problems
        FROM reports
        """,
    )
    return row or {}


async def choices(db: Database) -> dict[str, list[Row]]:
    """Return the languages, States and years that the search can be narrowed to."""
    return {
        "languages": await _rows(db, "SELECT DISTINCT language FROM passages ORDER BY language"),
        "states": await _rows(
            db,
            "SELECT iso3, name FROM states WHERE iso3 IN (SELECT state FROM reports) ORDER BY name",
        ),
        "years": await _rows(
            db, "SELECT DISTINCT year FROM reports WHERE year IS NOT NULL ORDER BY year DESC"
        ),
    }


async def search(
    db: Database, typed: str, language: str, state: str, year: str, page: int
) -> tuple[int, list[Row]]:
    """Return how many passages hold what was typed, and one page of them, best first."""
    values = {"match": match_query(typed), "language": language, "state": state, "year": year}
    count = await _first(db, f"SELECT count(*) AS n {_SEARCH_FROM}", **values)
    found = await _rows(
        db,
        f"""
        SELECT passages.id, passages.report_id, passages.page, passages.section, passages.language,
            reports.year, reports.state, reports.file_name, states.name AS state_name,
            snippet(passages_fts, -1, :start, :end, ' … ', 48) AS snippet
        {_SEARCH_FROM}
        ORDER BY passages_fts.rank, reports.year DESC, passages.rowid LIMIT :size OFFSET :skip
        """,
        **values,
        start=MARK_START,
        end=MARK_END,
        size=SEARCH_PAGE,
        skip=(page - 1) * SEARCH_PAGE,
    )
    return (count["n"] if count else 0), found


# one report


async def report(db: Database, report_id: str) -> Row | None:
    """Return a report with its State's name; None when there is none."""
    return await _first(
        db,
        "SELECT reports.*, states.name AS state_name FROM reports"
        " LEFT JOIN states ON states.iso3 = reports.state WHERE reports.id = :report",
        report=report_id,
    )


async def pages(db: Database, report_id: str) -> list[Row]:
    """Return a report's pages in order, each with how many codings have evidence that begins on it."""
    return await _rows(
        db,
        """
        SELECT number, width, height, kind, confidence, (
            SELECT count(*) FROM evidence JOIN passages ON passages.id = evidence.passage_id
            WHERE evidence.report_id = pages.report_id AND passages.page = pages.number
        ) AS evidence
        FROM pages WHERE report_id = :report ORDER BY number
        """,
        report=report_id,
    )


async def page_text(db: Database, report_id: str, number: int) -> str:
    row = await _first(
        db,
        "SELECT text FROM pages WHERE report_id = :report AND number = :page",
        report=report_id,
        page=number,
    )
    return str(row["text"]) if row else ""


async def page_passages(db: Database, report_id: str, number: int) -> list[Row]:
    """Return the passages that stand, wholly or in part, on a page."""
    return await _rows(db, _PASSAGES_OF_PAGE, report=report_id, page=number)


async def passages_at(db: Database, report_id: str, places: list[int]) -> dict[int, Row]:
    """Return id and page of the passages at these places of a report."""
    marks = ", ".join(str(int(place)) for place in places) or "NULL"
    rows = await _rows(
        db,
        f"SELECT id, place, page, language FROM passages WHERE report_id = :report AND place IN ({marks})",
        report=report_id,
    )
    return {row["place"]: row for row in rows}


async def codings(db: Database, report_id: str) -> list[Row]:
    """Return a report's codings in the codebook's order."""
    return await _rows(
        db,
        """
        SELECT codings.indicator_id, codings.verdict, codings.score, codings.reason, indicators.name,
            indicators.chapter, indicators.action, actions.name AS action_name
        FROM codings
        JOIN indicators ON indicators.id = codings.indicator_id
        JOIN actions ON actions.id = indicators.action
        WHERE codings.report_id = :report ORDER BY indicators.place
        """,
        report=report_id,
    )


async def evidence(db: Database, report_id: str) -> list[Row]:
    """Return the passages that carry a report's codings, strongest first within a coding."""
    return await _rows(
        db,
        """
        SELECT evidence.indicator_id, evidence.verdict, evidence.score, evidence.passage_id,
            passages.page, passages.language, passages.text, passages.section
        FROM evidence JOIN passages ON passages.id = evidence.passage_id
        WHERE evidence.report_id = :report ORDER BY evidence.indicator_id, evidence.rank
        """,
        report=report_id,
    )


async def problems(db: Database, report_id: str) -> list[Row]:
    return await _rows(
        db,
        "SELECT page, stage, kind, detail FROM problems WHERE report_id = :report ORDER BY page, id",
        report=report_id,
    )


# indicators


async def indicators(db: Database) -> list[Row]:
    """Return every indicator with its action and its number of codings by verdict."""
    return await _rows(
        db,
        """
        SELECT indicators.id, indicators.name, indicators.chapter, indicators.action, indicators.sources,
            actions.name AS action_name,
            count(*) FILTER (WHERE codings.verdict = 'yes') AS yes,
            count(*) FILTER (WHERE codings.verdict = 'partial') AS partial,
            count(*) FILTER (WHERE codings.verdict = 'planned') AS planned,
            count(*) FILTER (WHERE codings.verdict = 'no') AS "no",
            count(*) FILTER (WHERE codings.verdict = 'silent') AS silent,
            count(*) FILTER (WHERE codings.verdict = 'not_applicable') AS not_applicable
        FROM indicators
        JOIN actions ON actions.id = indicators.action
        LEFT JOIN codings ON codings.indicator_id = indicators.id
        GROUP BY indicators.id ORDER BY indicators.place
        """,
    )


async def indicator(db: Database, indicator_id: str) -> Row | None:
    """Return an indicator with its action's name; None when there is none."""
    return await _first(
        db,
        "SELECT indicators.*, actions.name AS action_name FROM indicators"
        " JOIN actions ON actions.id = indicators.action WHERE indicators.id = :indicator",
        indicator=indicator_id,
    )


async def indicator_names(db: Database) -> dict[str, str]:
    rows = await _rows(db, "SELECT id, name FROM indicators")
    return {row["id"]: row["name"] for row in rows}


async def indicator_years(db: Database, indicator_id: str) -> list[Row]:
    """Return for each year the reports by verdict, and the States that count strictly and leniently."""
    return await _rows(
        db,
        """
        SELECT reports.year,
            count(*) FILTER (WHERE codings.verdict = 'yes') AS yes,
            count(*) FILTER (WHERE codings.verdict = 'partial') AS partial,
            count(*) FILTER (WHERE codings.verdict = 'planned') AS planned,
            count(*) FILTER (WHERE codings.verdict = 'no') AS "no",
            count(*) FILTER (WHERE codings.verdict = 'silent') AS silent,
            count(*) FILTER (WHERE codings.verdict = 'not_applicable') AS not_applicable,
            count(DISTINCT reports.state) FILTER (WHERE codings.verdict = 'yes') AS strict,
            count(DISTINCT reports.state) FILTER (WHERE codings.verdict IN ('yes', 'partial')) AS lenient,
            count(*) AS reports
        FROM codings JOIN reports ON reports.id = codings.report_id
        WHERE codings.indicator_id = :indicator
        GROUP BY reports.year ORDER BY reports.year DESC
        """,
        indicator=indicator_id,
    )


async def indicator_codings(db: Database, indicator_id: str, year: int | None) -> list[Row]:
    """Return an indicator's codings of one year (None: reports without one), each with its best evidence."""
    return await _rows(
        db,
        """
        SELECT codings.report_id, codings.verdict, codings.score, codings.reason, reports.state,
            reports.file_name, states.name AS state_name, evidence.passage_id, passages.page,
            passages.language, passages.text
        FROM codings
        JOIN reports ON reports.id = codings.report_id
        LEFT JOIN states ON states.iso3 = reports.state
        LEFT JOIN evidence ON evidence.report_id = codings.report_id
            AND evidence.indicator_id = codings.indicator_id AND evidence.rank = 1
        LEFT JOIN passages ON passages.id = evidence.passage_id
        WHERE codings.indicator_id = :indicator AND reports.year IS :year
        ORDER BY states.name, reports.file_name
        """,
        indicator=indicator_id,
        year=year,
    )


# States


async def states(db: Database) -> list[Row]:
    """Return the States that have reports, with how many and of which years."""
    return await _rows(
        db,
        """
        SELECT states.iso3, states.name, states.is_party, count(*) AS reports,
            min(reports.year) AS first_year, max(reports.year) AS last_year,
            group_concat(DISTINCT reports.languages) AS languages
        FROM states JOIN reports ON reports.state = states.iso3
        GROUP BY states.iso3 ORDER BY states.name
        """,
    )


async def state(db: Database, iso3: str) -> Row | None:
    return await _first(db, "SELECT * FROM states WHERE iso3 = :iso3", iso3=iso3)


async def state_groups(db: Database, iso3: str) -> list[Row]:
    return await _rows(
        db,
        "SELECT group_id, valid_from, valid_to, source, certainty, note FROM state_groups"
        " WHERE state = :iso3 ORDER BY group_id, valid_from",
        iso3=iso3,
    )


async def state_reports(db: Database, iso3: str) -> list[Row]:
    return await _rows(
        db,
        "SELECT id, file_name, year, submitted, languages, template, page_count, status FROM reports"
        " WHERE state = :iso3 ORDER BY year DESC, submitted DESC, file_name",
        iso3=iso3,
    )


async def state_codings(db: Database, iso3: str) -> list[Row]:
    """Return the verdicts of all a State's reports, in the codebook's order."""
    return await _rows(
        db,
        """
        SELECT codings.report_id, codings.indicator_id, codings.verdict, indicators.name,
            indicators.chapter
        FROM codings
        JOIN reports ON reports.id = codings.report_id
        JOIN indicators ON indicators.id = codings.indicator_id
        WHERE reports.state = :iso3 ORDER BY indicators.place
        """,
        iso3=iso3,
    )
