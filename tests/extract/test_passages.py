"""From blocks and tables to passages, on printed pages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extract.records import Passage, Report
from extract.report import read_report

Read = Callable[..., Report]
SENTENCE = "The survey teams of the authority visited {n} villages in the north and talked to their people. "


@pytest.fixture
def read(printed: Callable[..., bytes]) -> Read:
    """Return a function that prints HTML and reads the PDF."""

    def read_body(body: str, style: str = "", language: str = "en") -> Report:
        return read_report(printed(body, style, language), "made.pdf")

    return read_body


def texts(report: Report) -> list[str]:
    return [passage.text for passage in report.passages]


def test_heading_paragraph_and_list(read: Read) -> None:
    report = read(
        "<h2>4.2 Progress</h2><p>Work went on in all provinces without a break.</p><p>Teams found:</p>"
        "<ul><li>12 mines in the school yard</li><li>4 mines on the road</li></ul>"
    )
    assert [p.kind for p in report.passages] == [
        "heading",
        "paragraph",
        "paragraph",
        "list_item",
        "list_item",
    ]
    assert texts(report)[3:] == [
        "Teams found: • 12 mines in the school yard",
        "Teams found: • 4 mines on the road",
    ]


def test_long_paragraph_is_cut_at_sentence_ends(read: Read) -> None:
    sentences = [SENTENCE.format(n=n).strip() for n in range(30)]
    report = read(f"<p>{' '.join(sentences)}</p>")
    assert len(report.passages) > 2
    assert " ".join(texts(report)) == " ".join(sentences)
    for passage in report.passages:
        assert passage.text.endswith("people.")
        assert len(passage.text.split()) <= 120


def test_paragraph_that_runs_over_the_page_is_one_passage_with_boxes_on_both(read: Read) -> None:
    sentence = "The teams " + "that work in the hills of the north " * 3 + "came back."
    report = read(
        f"<div style='height: 245mm'>First page.</div><p>{sentence}</p>", "p { orphans: 1; widows: 1; }"
    )
    (passage,) = [p for p in report.passages if "came back" in p.text]
    assert passage.text == sentence
    assert [box.page for box in passage.boxes] == [1, 2]


def test_sentence_that_ends_on_its_page_is_not_joined(read: Read) -> None:
    report = read("<p class='break'>The first is over.</p><p>the second begins</p>")
    assert len(report.passages) == 2


def test_table_rows_carry_their_headers_and_caption(read: Read) -> None:
    body = "".join(f"<tr><td>Province {n}</td><td>{n * 7}</td></tr>" for n in range(1, 40))
    report = read(
        "<h2>Table 1. Areas left</h2>"
        f"<table class='ruled'><thead><tr><th>Province</th><th>Areas</th></tr></thead>{body}</table>"
    )
    rows = [p for p in report.passages if p.kind == "table_row"]
    lines = [line for p in rows for line in p.text.split("\n") if line.startswith("Province:")]
    assert lines == [f"Province: Province {n}; Areas: {n * 7}" for n in range(1, 40)]
    assert all(p.source == "table" and p.text.startswith("Table 1. Areas left") for p in rows[:1])
    assert all(len(p.text.split()) <= 80 for p in rows)


def test_table_that_goes_on_without_its_header_keeps_the_names(read: Read) -> None:
    rows = "".join(f"<tr><td>Province number {n}</td><td>{n * 7}</td></tr>" for n in range(60))
    report = read(f"<table class='ruled'><tr><th>Province</th><th>Areas</th></tr>{rows}</table>")
    last = report.passages[-1]
    assert last.page == 2
    assert last.text.split("\n")[-1] == "Province: Province number 59; Areas: 413"


def test_words_of_tables_are_not_read_twice(read: Read) -> None:
    report = read(
        "<p>Before the table stands this line.</p><table class='ruled'>"
        "<tr><th>Type</th><th>Quantity</th></tr><tr><td>PMN</td><td>340</td></tr></table><p>After it this one.</p>"
    )
    assert texts(report) == [
        "Before the table stands this line.",
        "Type: PMN; Quantity: 340",
        "After it this one.",
    ]


def words_on(report: Report, passage: Passage) -> set[str]:
    pages = {box.page for box in passage.boxes}
    return set(" ".join(report.pages[page - 1].text for page in pages).split())


WORDS = st.lists(
    st.sampled_from(["alpha", "beta", "gamma", "delta", "mines", "were", "found", "near", "villages"]),
    min_size=1,
    max_size=60,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WORDS, min_size=1, max_size=8))
def test_words_of_a_passage_stand_on_its_pages(read: Read, paragraphs: list[list[str]]) -> None:
    report = read("".join(f"<p>{' '.join(words).capitalize()}.</p>" for words in paragraphs))
    assert [p.order for p in report.passages] == list(range(len(report.passages)))
    for passage in report.passages:
        assert set(passage.text.split()) <= words_on(report, passage)
        for box in passage.boxes:
            page = report.pages[box.page - 1]
            assert -1 <= box.x0 < box.x1 <= page.width + 1
            assert -1 <= box.top < box.bottom <= page.height + 1
    told = sorted(re.findall(r"\w+", " ".join(texts(report)).lower()))
    assert told == sorted(word for words in paragraphs for word in words)
