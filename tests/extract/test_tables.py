"""Tables: ruled, without rules, from right to left, spanned; and what a row reads like."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extract.aligned import find_aligned
from extract.documents import open_pdf
from extract.records import Table
from extract.tables import headers, read_tables, row_text, title_of
from extract.text import read_words

ROWS = "<tr><td>Borkou</td><td>9</td><td>4,310</td></tr><tr><td>Lac</td><td>3</td><td>0,380</td></tr>"
PLAIN = f"<table class='%s'><tr><th>Province</th><th>Number</th><th>km²</th></tr>{ROWS}</table>"


Print = Callable[..., bytes]
Read = Callable[..., list[Table]]


@pytest.fixture
def ruled(printed: Print) -> Read:
    """Return a function that prints HTML and returns the ruled tables of its first page."""

    def read(body: str, language: str = "en") -> list[Table]:
        pdf = printed(body, language=language)
        found, problems = read_tables(pdf, [read_words(open_pdf(pdf)[0], 1)])
        assert problems == []
        return found[1]

    return read


def rows(table: Table) -> list[str]:
    return [row_text(table, row) for row in range(table.header_rows, table.rows)]


def test_ruled_table(ruled: Read) -> None:
    (table,) = ruled(PLAIN % "ruled")
    assert (table.rows, table.columns, table.header_rows) == (3, 3, 1)
    assert rows(table) == ["Province: Borkou; Number: 9; km²: 4,310", "Province: Lac; Number: 3; km²: 0,380"]


def test_header_of_two_rows_with_spans(ruled: Read) -> None:
    head = (
        "<tr><th rowspan='2'>Province</th><th colspan='2'>SHA</th></tr><tr><th>Number</th><th>km²</th></tr>"
    )
    (table,) = ruled(f"<table class='ruled'>{head}{ROWS}</table>")
    assert headers(table) == ["Province", "SHA Number", "SHA km²"]
    assert rows(table)[0] == "Province: Borkou; SHA Number: 9; SHA km²: 4,310"


def test_cell_over_two_rows_counts_for_both(ruled: Read) -> None:
    body = (
        "<table class='ruled'><tr><th>Institution</th><th>Type</th><th>Quantity</th></tr>"
        "<tr><td rowspan='2'>Engineer School</td><td>PMN</td><td>92</td></tr>"
        "<tr><td>PMD-6</td><td>30</td></tr></table>"
    )
    (table,) = ruled(body)
    assert rows(table)[1] == "Institution: Engineer School; Type: PMD-6; Quantity: 30"


def test_equal_numbers_side_by_side_are_both_kept(ruled: Read) -> None:
    (table,) = ruled(
        "<table class='ruled'><tr><th>Area</th><th>Men</th><th>All</th></tr>"
        "<tr><td>Lac</td><td>7</td><td>7</td></tr></table>"
    )
    assert rows(table) == ["Area: Lac; Men: 7; All: 7"]


def test_labels_beside_values_are_no_header(ruled: Read) -> None:
    body = "<tr><th>STATE [PARTY]:</th><td>FREEDONIA</td></tr><tr><th>Reporting period</th><td>2024</td></tr>"
    (table,) = ruled(f"<table class='ruled'>{body}</table>")
    assert rows(table) == ["STATE [PARTY]: FREEDONIA", "Reporting period: 2024"]


def test_arabic_table_begins_at_the_right_and_reads_in_logical_order(ruled: Read) -> None:
    body = (
        "<table class='ruled'><tr><th>المحافظة</th><th>العدد</th></tr>"
        "<tr><td>ديالى</td><td>٣١٨</td></tr><tr><td>البصرة</td><td>١٬٢٠٧</td></tr></table>"
    )
    (table,) = ruled(body, "ar")
    assert rows(table) == ["المحافظة: ديالى; العدد: ٣١٨", "المحافظة: البصرة; العدد: ١٬٢٠٧"]


def test_frame_round_text_is_no_table(ruled: Read) -> None:
    assert ruled("<table class='ruled'><tr><td>A note in a frame, nothing more.</td></tr></table>") == []


def test_table_without_rules(printed: Print) -> None:
    pdf = printed("<p>In this period these areas were found.</p>" + PLAIN % "plain")
    (table,) = find_aligned(read_words(open_pdf(pdf)[0], 1))
    assert rows(table) == ["Province: Borkou; Number: 9; km²: 4,310", "Province: Lac; Number: 3; km²: 0,380"]


def test_rows_of_several_lines_without_rules(printed: Print) -> None:
    body = "".join(
        f"<tr><th>{label}</th><td>{value}</td></tr>"
        for label, value in (
            ("State Party", "Republic of Freedonia"),
            ("Point of contact", "Ministry of Foreign Affairs, department of conventions, " * 3),
            ("Date of submission", "30 April 2025"),
        )
    )
    pdf = printed(f"<table>{body}</table>", "th { width: 25%; } ")
    (table,) = find_aligned(read_words(open_pdf(pdf)[0], 1))
    assert [row.split(":")[0] for row in rows(table)] == [
        "State Party",
        "Point of contact",
        "Date of submission",
    ]


def test_columns_of_text_and_lists_are_no_tables(printed: Print) -> None:
    text = "The teams went to the hills every morning and came back at night with what they had found. " * 12
    listed = (
        "<ol>"
        + "".join(f"<li>Item number {n} of this list, as long as others.</li>" for n in range(6))
        + "</ol>"
    )
    for body in (f"<div class='columns'><p>{text}</p></div>", f"<p>{text}</p>", listed):
        assert find_aligned(read_words(open_pdf(printed(body))[0], 1)) == []


def test_what_pdfplumber_cannot_open_is_a_problem(printed: Print) -> None:
    page = read_words(open_pdf(printed(PLAIN % "ruled"))[0], 1)
    found, (problem,) = read_tables(b"%PDF-1.4 nothing more", [page])
    assert found == {}
    assert (problem.stage, problem.kind) == ("tables", "no_tables")


def test_title_across_the_table_is_no_column_name(ruled: Read) -> None:
    title = "<tr><th colspan='3'>Areas left at the end of the year</th></tr>"
    (table,) = ruled((PLAIN % "ruled").replace("<tr>", title + "<tr>", 1))
    assert title_of(table) == "Areas left at the end of the year"
    assert rows(table)[0] == "Province: Borkou; Number: 9; km²: 4,310"
