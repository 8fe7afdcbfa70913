"""Full-text search: Datasette's own on the passages and the search page."""

from __future__ import annotations

import re
import sqlite3

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.rows import one_by_one
from art7.web.search import MARK_END, MARK_START, marked, match_query

from .conftest import Server

ODD = [
    '"',
    "*",
    "AND",
    "-",
    ":",
    "' OR 1=1 --",
    '"a" NEAR',
    "(",
    "text:mine",
    "^",
    "\\",
    "%",
    "a\x00b",
    "{}",
    "地*",
    '"地',
    "+",
]


def _index() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE found USING fts5(text, characters)")
    return connection


def _holds(text: str, typed: str) -> bool:
    connection = _index()
    connection.execute("INSERT INTO found VALUES (?, ?)", [text, one_by_one(text)])
    return (
        connection.execute("SELECT 1 FROM found WHERE found MATCH ?", [match_query(typed)]).fetchone()
        is not None
    )


@given(st.text())
def test_sqlite_takes_whatever_is_typed(typed: str) -> None:
    _index().execute("SELECT * FROM found WHERE found MATCH ?", [match_query(typed)]).fetchall()


@given(
    st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=12),
    st.data(),
)
def test_any_run_of_chinese_is_found_in_what_holds_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert _holds(f"前{text}后", text[start:end])


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("destroyed stock", True),
        ('"destroyed stock"', False),
        ('"stock destroyed"', True),
        ("destr*", True),
        ("destr", False),
        ("stock NOT", False),
        ("EOD培训", True),
        ("培训 stock", True),
        ("训培", False),
    ],
)
def test_words_phrases_and_beginnings(typed: str, found: bool) -> None:
    assert _holds("The stock destroyed by EOD teams; 培训", typed) is found


def test_snippets_are_escaped_and_chinese_is_joined() -> None:
    snippet = f"<b> 排  雷 {MARK_START}销  毁{MARK_END} ， 了 & EOD"
    assert str(marked(snippet)) == "&lt;b&gt; 排雷<mark>销毁</mark>，了 &amp; EOD"


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("地雷", "zh"),
        ("雷", "zh"),
        ("库存的地雷", "zh"),
        ("уничтожены", "ru"),
        ("الألغام", "ar"),
        ("destroyed", "en"),
    ],
)
def test_search_page_finds_every_script_and_leads_to_the_page(
    server: Server, typed: str, language: str
) -> None:
    answer = httpx.get(
        f"{server.url}/search", params={"q": typed, "state": "THA", "language": language, "year": "2023"}
    )
    assert answer.status_code == 200
    assert f"<mark>{typed}</mark>" in answer.text
    assert re.search(rf'href="/report/{server.corpus.invented}\?page=1#p-[0-9a-f]{{16}}"', answer.text)
    assert "2 passages" in answer.text


def test_search_narrows_by_state_year_and_language(server: Server) -> None:
    for key, value in (("state", "KHM"), ("year", "2024"), ("language", "fr")):
        answer = httpx.get(f"{server.url}/search", params={"q": "地雷", key: value})
        assert "0 passages" in answer.text


def test_datasettes_own_search_finds_chinese(server: Server) -> None:
    answer = httpx.get(
        f"{server.url}/some+corpus/passages.json", params={"_search": "地雷", "_shape": "array"}
    )
    assert {row["language"] for row in answer.json()} == {"zh"}
    assert len(answer.json()) == 2


@pytest.mark.parametrize("odd", ODD)
def test_odd_input_is_answered(server: Server, odd: str) -> None:
    for path, name in (("/search", "q"), ("/some+corpus/passages", "_search")):
        assert httpx.get(f"{server.url}{path}", params={name: odd}).status_code == 200
    for name in ("state", "language", "year", "page"):
        assert httpx.get(f"{server.url}/search", params={"q": "mine", name: odd}).status_code == 200


def test_many_results_are_shown_page_by_page(server: Server) -> None:
    first = httpx.get(f"{server.url}/search", params={"q": "the"}).text
    total = int(re.search(r"([\d,]+) passages, 1 to 25 shown", first)[1])  # type: ignore[index]
    second = httpx.get(f"{server.url}/search", params={"q": "the", "page": "2"}).text
    assert "26 to" in second
    ids = [set(re.findall(r"#p-([0-9a-f]{16})", text)) for text in (first, second)]
    assert len(ids[0]) == 25
    assert len(ids[1]) == min(25, total - 25)
    assert not ids[0] & ids[1]
