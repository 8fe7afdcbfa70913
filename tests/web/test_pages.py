"""Every page answers, says what is in the database, and hands nothing of a report on as markup."""

from __future__ import annotations

import html
import io
import re
import sqlite3

import httpx
import pytest
from PIL import Image

from annotations.codebook import load_codebook

from .conftest import HOSTILE, INVENTED, Server

TABLES = "/some+corpus"


def _get(server: Server, path: str, **headers: str) -> httpx.Response:
    return httpx.get(server.url + path, headers=headers)


def test_every_page_answers(server: Server) -> None:
    ids = server.corpus
    reports = (ids.typed, ids.invented, ids.unkept, ids.refused)
    ours = ["/", "/search", "/indicators", "/states", "/state/KHM", "/state/NOR"]
    ours += [f"/report/{report}" for report in reports] + [f"/report/{ids.typed}?page=9999&zoom=x"]
    ours += [f"/indicator/{indicator.id}" for indicator in load_codebook().indicators]
    named = "coded reports indicators states problems runs models codings evidence suggestions passages pages"
    queries = "evidence_for_an_indicator silent_reports problems_by_kind passages_of_a_state"
    theirs = [f"{TABLES}/{name}" for name in f"{named} actions state_groups {queries}".split()]
    for path in ours + theirs + [TABLES]:
        assert _get(server, path).status_code == 200, path


@pytest.mark.parametrize(
    "path",
    [
        "/report/0000000000000000",
        "/report/not-an-id",
        "/indicator/99.9",
        "/indicator/x",
        "/state/ZZZ",
        "/state/khm",
        "/page-image/0000000000000000/1.png",
        "/page-image/x/1.png",
    ],
)
def test_unknown_ids_are_not_found(server: Server, path: str) -> None:
    assert _get(server, path).status_code == 404


def test_start_page_counts_what_is_there(server: Server, connection: sqlite3.Connection) -> None:
    page = _get(server, "/").text
    for table in ("reports", "pages", "passages", "problems"):
        (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        assert f'href="{TABLES}/{table}' in page
        assert f">{count:,}</a>" in page
    assert "Siem Reap-Angkor Action Plan" in page


def test_report_page_shows_facts_with_their_words_and_problems(server: Server) -> None:
    page = html.unescape(_get(server, f"/report/{server.corpus.typed}").text)
    for words in (
        "Cambodia (KHM)",
        "99% sure",
        "submitted 2025-04-30",
        "Guide to Reporting",
        "khm-2024-en.pdf",
    ):
        assert words in page
    assert "A figure could not be read; look at the page" in page
    assert page.count('class="coding"') == 3
    assert "Action 4: National Mine Action Standards" in page


def test_refused_file_says_so(server: Server) -> None:
    page = _get(server, f"/report/{server.corpus.refused}").text
    assert "it was refused" in page
    assert "Another treaty" in page


def test_evidence_is_marked_with_language_and_direction(server: Server) -> None:
    page = _get(server, f"/report/{server.corpus.invented}").text
    arabic = next(text for code, text in INVENTED if code == "ar")
    assert f'<span dir="auto" lang="ar">{arabic}</span>' in page


def test_indicator_page_counts_strictly_and_leniently(server: Server) -> None:
    page = _get(server, "/indicator/26.1?year=2024").text
    assert '<strong>0</strong></td><td class="number"><strong>1</strong>' in page
    assert f'href="/report/{server.corpus.typed}?page=1#p-' in page
    silent = _get(server, "/indicator/1.1?year=2023").text
    assert "Silent (2)" in silent
    assert f'href="/report/{server.corpus.unkept}#c-1.1"' in silent
    for alike in load_codebook().indicator("26.1").look_alikes:
        assert f'href="/indicator/{alike}"' in page


def test_register_only_indicator_has_no_codings(server: Server) -> None:
    only = next(i for i in load_codebook().indicators if not i.codable)
    assert "answered from a register" in _get(server, f"/indicator/{only.id}").text


def test_state_page_lays_verdicts_side_by_side(server: Server) -> None:
    page = _get(server, "/state/KHM").text
    assert (
        f'href="/report/{server.corpus.typed}#c-26.1"><span class="verdict verdict-partial">partial' in page
    )


def test_table_cells_lead_to_our_pages(server: Server) -> None:
    ids = server.corpus
    coded = _get(server, f"{TABLES}/coded?verdict=yes&state=Cambodia").text
    assert re.search(rf'href="/report/{ids.typed}\?page=1#p-[0-9a-f]{{16}}"', coded)  # to the very passage
    assert '<span class="verdict verdict-yes">yes</span>' in coded
    assert 'href="/indicator/4.1"' in coded
    assert f'<a href="/report/{ids.typed}">khm-2024-en.pdf</a>' in _get(server, f"{TABLES}/reports").text
    codings = _get(server, f"{TABLES}/codings?report_id={ids.typed}").text
    assert '<a href="/indicator/1.1">1.1</a> Convention work in wider national plans' in codings
    assert '<a href="/state/KHM">Cambodia</a>' in _get(server, f"{TABLES}/reports").text
    indicators = _get(server, f"{TABLES}/indicators").text
    assert "<li>Kept up to date</li>" in indicators


def test_every_column_of_every_table_is_described(server: Server, connection: sqlite3.Connection) -> None:
    tables = _get(server, "/-/metadata.json").json()["databases"]["some corpus"]["tables"]
    names = [
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
        if not name.startswith(("passages_fts", "sqlite_"))
    ]
    for name in names:
        described = tables[name]
        if not described.get("hidden"):
            columns = {row[1] for row in connection.execute(f"PRAGMA table_info([{name}])")}
            assert set(described["columns"]) == columns, name


def test_facets_of_codings(server: Server) -> None:
    found = _get(server, f"{TABLES}/coded.json?_size=0").json()["facet_results"]
    assert set(found) == {"state", "year", "chapter", "verdict", "language"}


def test_canned_query_gives_the_evidence(server: Server) -> None:
    answer = _get(
        server, f"{TABLES}/evidence_for_an_indicator.json?indicator=26.1&year=2024&_shape=array"
    ).json()
    assert [(row["state"], row["verdict"], row["page"]) for row in answer] == [("Cambodia", "partial", 1)]
    silent = _get(server, f"{TABLES}/silent_reports.json?indicator=1.1&year=&_shape=array").json()
    assert len(silent) == 3
    spoken = _get(server, f"{TABLES}/passages_of_a_state.json?state=tha&year=2023&_shape=array").json()
    assert len(spoken) == 2 * len(INVENTED)


def test_page_image_is_a_picture_of_the_page(server: Server) -> None:
    path = f"/page-image/{server.corpus.typed}/1.png"
    answer = _get(server, f"{path}?width=600")
    assert answer.headers["content-type"] == "image/png"
    picture = Image.open(io.BytesIO(answer.content))
    assert picture.width == 600
    assert abs(picture.height / picture.width - 842 / 595) < 0.01
    assert len(picture.convert("L").getcolors(256) or []) > 10, "nothing is drawn on it"


@pytest.mark.parametrize(
    ("asked", "given"), [("1", 400), ("99999999999", 2000), ("x", 1000), ("-5", 1000), ("", 1000)]
)
def test_page_image_keeps_its_width_within_bounds(server: Server, asked: str, given: int) -> None:
    answer = _get(server, f"/page-image/{server.corpus.typed}/2.png?width={asked}")
    assert Image.open(io.BytesIO(answer.content)).width == given


def test_page_image_is_not_sent_twice(server: Server) -> None:
    path = f"/page-image/{server.corpus.typed}/1.png"
    tag = _get(server, path).headers["etag"]
    again = _get(server, path, **{"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert _get(server, f"{path}?width=500", **{"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("which", ["no such page", "no PDF"])
def test_page_that_cannot_be_drawn_gives_a_picture_of_words(server: Server, which: str) -> None:
    report = server.corpus.unkept if which == "no PDF" else server.corpus.typed
    answer = _get(server, f"/page-image/{report}/99.png")
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"
    assert Image.open(io.BytesIO(answer.content)).width == 1000


def test_report_without_its_pdf_says_what_to_do_and_shows_the_text(server: Server) -> None:
    page = _get(server, f"/report/{server.corpus.unkept}").text
    assert "art7 code" in page
    assert f'<p dir="auto">{INVENTED[0][1]}</p>' in page


def test_words_of_a_report_are_never_markup(server: Server) -> None:
    ids = server.corpus
    pages = [f"/report/{ids.invented}", "/indicator/4.1?year=2023", "/search?q=destroyed", "/state/THA"]
    pages += [
        f"{TABLES}/{name}" for name in ("coded?verdict=yes", "reports", "passages", "evidence", "pages")
    ]
    for path in pages:
        text = _get(server, path).text
        assert HOSTILE not in text, path
        assert "<script>window" not in text, path


def test_pages_forbid_foreign_scripts(server: Server) -> None:
    ours = _get(server, f"/report/{server.corpus.typed}").headers["content-security-policy"]
    assert "script-src 'self'" in ours
    assert "script-src 'self' 'unsafe-inline'" not in ours
    for path in ("/", f"{TABLES}/coded", "/-/static-plugins/art7/art7.css"):
        assert "default-src 'self'" in _get(server, path).headers["content-security-policy"]
