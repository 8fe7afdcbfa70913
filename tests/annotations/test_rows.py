"""Records as rows: ids, search text, boxes, status."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.codebook import load_codebook
from annotations.rows import (
    CodedReport,
    Versions,
    hash_id,
    indicator_row,
    one_by_one,
    page_rows,
    passage_row,
    report_row,
)
from extract.records import Box, Cover, Fact, Page, Passage, Problem, Report

VERSIONS = Versions("m-1", "c" * 16, "0.0")
PARTS = st.lists(st.text(alphabet=st.sampled_from('12a|",\\ [\0é地')), max_size=4)
REPORT = Report(
    "r.pdf",
    "ab" * 32,
    5,
    pages=(Page(1, 595.276, 841.89, "typed", "Text", furniture=("page 1",)),),
    cover=Cover(state=Fact("KHM", 0.9, "Cambodia", 0), period_end=Fact("2024-12-31", 0.8, "2024", 0)),
    languages=("en", "fr"),
)


@given(PARTS, PARTS)
def test_ids_differ_as_their_parts_do(one: list[str], other: list[str]) -> None:
    assert (hash_id(*one) == hash_id(*other)) == (one == other)
    assert re.fullmatch("[0-9a-f]{16}", hash_id(*one))


def test_parts_are_kept_apart() -> None:
    assert hash_id("1", "12") != hash_id("11", "2")
    assert hash_id("a", "") != hash_id("a")
    assert hash_id(1, "x") == hash_id("1", "x")


@given(st.text(alphabet=st.sampled_from("ab 地雷销毁，1")))
def test_chinese_characters_stand_alone_for_the_search(text: str) -> None:
    spaced = one_by_one(text)
    if spaced is None:
        assert not set(text) & set("地雷销毁")
    else:
        assert re.search(r"[地雷销毁]\S|\S[地雷销毁]", spaced) is None
        assert spaced.replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("coded", "status"),
    [
        (CodedReport(REPORT), "coded"),
        (CodedReport(replace(REPORT, problems=(Problem("ocr", "k", "d"),))), "coded_with_problems"),
        (CodedReport(replace(REPORT, refused=True)), "refused"),
        (CodedReport(REPORT, failed=True), "failed"),
    ],
)
def test_status(coded: CodedReport, status: str) -> None:
    assert coded.status == status


def test_a_report_row_holds_the_facts_and_where_they_stand() -> None:
    row = report_row(CodedReport(REPORT), "ab" * 8, "run", VERSIONS)
    assert (row["state"], row["year"], row["submitted"]) == ("KHM", 2024, None)
    assert (row["period_end"], row["page_count"]) == ("2024-12-31", 1)
    assert (row["model_id"], row["codebook_hash"], row["version"]) == ("m-1", "c" * 16, "0.0")
    assert json.loads(row["cover"])["state"] == {
        "value": "KHM",
        "confidence": 0.9,
        "words": "Cambodia",
        "passage": 0,
    }
    assert json.loads(row["languages"]) == ["en", "fr"]


def test_pages_and_passages() -> None:
    (page,) = page_rows(REPORT, "r")
    assert (page["number"], page["width"], json.loads(page["furniture"])) == (1, 595.276, ["page 1"])
    boxes = (Box(1, 10.04, 20.06, 30, 40), Box(2, 1, 2, 3, 4))
    row = passage_row(Passage(7, "C", "zh", "地雷", "paragraph", "ocr", boxes, True), "p", "r")
    assert json.loads(row["boxes"]) == [[1, 10.0, 20.1, 30, 40], [2, 1, 2, 3, 4]]
    assert (row["page"], row["place"], row["boilerplate"], row["source"]) == (1, 7, 1, "ocr")
    assert row["characters"].split() == ["地", "雷"]
    assert (
        passage_row(Passage(0, "C", "en", "Mines", "paragraph", "text", boxes), "p", "r")["characters"]
        is None
    )


def test_every_indicator_has_a_row() -> None:
    book = load_codebook()
    rows = [indicator_row(book, indicator, place) for place, indicator in enumerate(book.indicators)]
    assert [row["id"] for row in rows] == [indicator.id for indicator in book.indicators]
    for row in rows:
        assert json.loads(row["cues"])
        assert int(row["id"].split(".")[0]) == row["action"]
