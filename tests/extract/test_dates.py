"""Dates as States write them, in seven languages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.dates import find_dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("submitted on 30 April 2025", "2025-04-30"),
        ("the 30th of April, 2018", "2018-04-30"),
        ("April 25, 2008", "2008-04-25"),
        ("31 DECEMBER 2O17", "2017-12-31"),
        ("30/04/2025", "2025-04-30"),
        ("30.04.2025", "2025-04-30"),
        ("04/30/2025", "2025-04-30"),
        ("2025-04-30", "2025-04-30"),
        ("1er janvier 2024", "2024-01-01"),
        ("12 Septembre 2002", "2002-09-12"),
        ("Abril 25 de 2008", "2008-04-25"),
        ("1.º de enero de 2024", "2024-01-01"),
        ("01 de febrero de 2018", "2018-02-01"),
        ("29 de Abril de 2025", "2025-04-29"),
        ("1.º de março de 2024", "2024-03-01"),
        ("30 апреля 2025 г.", "2025-04-30"),
        ("29 نيسان/أبريل 2025", "2025-04-29"),
        ("٣٠ نيسان/أبريل ٢٠١٠", "2010-04-30"),
        ("١ كانون الثاني/يناير ٢٠٢٤", "2024-01-01"),
        ("2024年4月30日", "2024-04-30"),
        ("二〇二四年十二月三十一日", "2024-12-31"),
    ],
)
def test_day_is_read(text: str, expected: str) -> None:
    (found,) = find_dates(text)
    assert found.precision == "day"
    assert found.first.isoformat() == expected == found.last.isoformat()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("du 1er janvier au 31 décembre 2024", "2024-01-01", "2024-12-31"),
        ("с 1 января по 31 декабря 2024 года", "2024-01-01", "2024-12-31"),
        ("2024年1月1日至12月31日", "2024-01-01", "2024-12-31"),
        ("de 1 de Janeiro a 31 de Dezembro de 2024", "2024-01-01", "2024-12-31"),
        ("from 1 July to 30 June 2024", "2023-07-01", "2024-06-30"),
        ("01.01.2024 - 31.12.2024", "2024-01-01", "2024-12-31"),
        ("1 January 2007 to 31 March 2008", "2007-01-01", "2008-03-31"),
    ],
)
def test_period_gives_both_days(text: str, first: str, last: str) -> None:
    start, end = find_dates(text)
    assert (start.first.isoformat(), end.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("text", "precision", "last"),
    [
        ("Aout 2002", "month", "2002-08-31"),
        ("ABRIL 2008", "month", "2008-04-30"),
        ("in 2024", "year", "2024-12-31"),
    ],
)
def test_what_is_not_written_stays_open(text: str, precision: str, last: str) -> None:
    (found,) = find_dates(text)
    assert found.precision == precision
    assert found.last.isoformat() == last


@pytest.mark.parametrize(
    "text",
    ["1,234,567 m2", "Article 7.1", "tel. +992 000 00 00", "in May they came", "section 4.2.1"],
)
def test_other_numbers_are_no_dates(text: str) -> None:
    assert [d for d in find_dates(text) if d.precision != "year"] == []


def test_impossible_day_is_read_as_its_month() -> None:
    assert [d.precision for d in find_dates("31 February 2024")] == ["month"]


DAYS = st.dates(date(1995, 1, 1), date(2045, 12, 31))


@given(DAYS, st.sampled_from(["{d}/{m}/{y}", "{d:02}.{m:02}.{y}", "{y}年{m}月{d}日", "{y}-{m:02}-{d:02}"]))
def test_written_day_comes_back(day: date, pattern: str) -> None:
    text = "x " + pattern.format(d=day.day, m=day.month, y=day.year) + " y"
    (found,) = find_dates(text)
    assert found.first == day


@given(DAYS, st.text(alphabet="abc ,.é", max_size=8))
def test_span_is_of_the_words(day: date, before: str) -> None:
    written = f"{day.day} {day:%B} {day.year}"
    text = f"{before} {written} end"
    found = [d for d in find_dates(text) if d.precision == "day"]
    assert [text[d.start : d.end] for d in found] == [written]
    assert found[0].first == day
    assert found[0].last - found[0].first == timedelta(0)
