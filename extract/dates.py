"""Dates in running text, in the seven languages and as precisely as they are written."""

from __future__ import annotations

import calendar
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from extract.folding import flatten

Precision = Literal["day", "month", "year"]
NEAR = 60  # characters within which "1 January to 31 December 2024" may give its year to the first date


@dataclass(frozen=True, slots=True)
class Dated:
    """A date as written: where it stands in the text, and as much of it as the text says."""

    start: int
    end: int
    year: int
    month: int | None = None
    day: int | None = None

    @property
    def precision(self) -> Precision:
        return "day" if self.day else "month" if self.month else "year"

    @property
    def first(self) -> date:
        """The first day that the written date covers."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The last day that the written date covers."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])


def find_dates(text: str) -> list[Dated]:
    """Return the dates of `text` in their order; spans count its characters. Years run from 1990 to 2049.

    Numeric dates are read day first, as the forms ask; a month over 12 turns them round.
    """
    flat = _with_zeros(_arabic_numerals_of_chinese(flatten(text)))
    found: list[Dated] = []
    for pattern in _patterns():
        for match in pattern.finditer(flat):
            dated = _read(match)
            if dated and not any(d.start < dated.end and dated.start < d.end for d in found):
                found.append(dated)
    return list(_with_years(sorted(found, key=lambda d: d.start)))


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    with (Path(__file__).parent / "months.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        name.replace("_", " "): int(row["month"]) for row in rows for name in flatten(row["names"]).split(" ")
    }


@lru_cache(maxsize=1)
def _patterns() -> list[re.Pattern[str]]:
    names = "|".join(re.escape(n).replace(r"\ ", r"\s+") for n in sorted(_months(), key=len, reverse=True))
    # Arabic writes both names of a month: "nisan/abril".
    month = rf"(?<![^\W\d_])(?P<month>{names})(?![^\W\d_])\.?(?:\s*[/(-]\s*(?:{names})\)?(?![^\W\d_]))?"
    year = r"(?P<year>(?:19[9]|20[0-4])\d)(?!\d)"
    day = r"(?<!\d)(?P<day>[0-3]?\d)"
    ordinal = r"(?:\.?\s*(?:st|nd|rd|th|er|re|ro|o|a|-?го|-?е)(?![^\W\d_])\.?)?"
    of = r"(?:\s*(?:,|/|-|\.|\bde\b|\bdel\b|\bdo\b|\bof\b|\bl'an\b|عام|سنه|لعام|من)){0,2}\s*"
    number = r"(?P<number>0?[1-9]|1[0-2]|[12]\d|3[01])"
    return [
        re.compile(p)
        for p in (
            rf"{year}\s*年\s*(?P<number>\d{{1,2}})\s*月\s*(?P<day>\d{{1,2}})\s*日",
            rf"{year}\s*年\s*(?P<number>\d{{1,2}})\s*月",
            rf"(?<![\d./-]){year}(?P<sign>[-/.])(?P<number>0?[1-9]|1[0-2])(?P=sign)(?P<day>[0-3]?\d)(?!\d)",
            rf"{day}\s*[-/.]\s*{number}\s*[-/.]\s*{year}",
            rf"{day}\s*/\s*{number}\s*/\s*(?P<short>[0-4]\d|9\d)(?!\d)",
            rf"{day}{ordinal}{of}{month}{of}{year}",
            rf"{month}\s+{day}{ordinal}{of}{year}",
            rf"(?<![\d/-]){month}{of}{year}",
            rf"(?<![\d/.]){number}\s*/\s*{year}",
            r"(?P<number>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日",
            rf"{day}{ordinal}{of}{month}",
            rf"(?<![\d.,/]){year}(?![.,]\d)",
        )
    ]


def _read(match: re.Match[str]) -> Dated | None:
    """Return the date of a match, with year 0 where the text leaves it to the next date; None if impossible."""
    part = match.groupdict()
    year = int(part.get("year") or 0)
    if part.get("short"):
        year = int(part["short"]) + (1900 if part["short"][0] == "9" else 2000)
    month, day = _month_of(part), int(part.get("day") or 0) or None
    if month and day and month > 12 and part.get("number"):
        month, day = day, month
    if month and not 1 <= month <= 12:
        return None
    if month and day and day > calendar.monthrange(year or 2000, month)[1]:
        return None
    return Dated(match.start(), match.end(), year, month, day)


def _month_of(part: dict[str, str | None]) -> int | None:
    if number := part.get("number"):
        return int(number)
    name = part.get("month")
    return _months()[re.sub(r"\s+", " ", name)] if name else None


def _with_years(found: list[Dated]) -> Iterator[Dated]:
    """Give a date without a year that of the date after it ("1 January to 31 December 2024"), or before it.

    A date that stands alone without a year is dropped.
    """
    before: Dated | None = None
    for this, after in zip(found, [*found[1:], None], strict=False):
        if not this.year and after and after.year and after.month and after.start - this.end <= NEAR:
            this = replace(this, year=after.year - ((this.month or 0) > after.month))
        elif not this.year and before and before.month and this.start - before.end <= NEAR:
            this = replace(this, year=before.year + ((this.month or 0) < before.month))
        if this.year:
            yield this
            before = this


def _with_zeros(flat: str) -> str:
    """Write 2017 where somebody typed 2O17."""
    return re.sub(r"(?<!\w)(?=\w*o)([12][\do]{3})(?!\w)", lambda m: m.group(1).replace("o", "0"), flat)


def _arabic_numerals_of_chinese(flat: str) -> str:
    """Write Chinese numerals before year, month and day signs as digits of the same length."""
    flat = re.sub(r"[〇零○一二三四五六七八九]{4}(?=\s*年)", lambda m: _digits(m.group()), flat)
    return re.sub(r"[一二三四五六七八九十]{1,3}(?=\s*[月日])", lambda m: _tens(m.group()), flat)


_NUMERALS = {"零": 0, "○": 0} | {sign: value for value, sign in enumerate("〇一二三四五六七八九")}


def _digits(numerals: str) -> str:
    return "".join(str(_NUMERALS[sign]) for sign in numerals)


def _tens(numerals: str) -> str:
    tens, has_ten, ones = numerals.rpartition("十")
    value = (_NUMERALS.get(tens, 1) * 10 if has_ten else 0) + _NUMERALS.get(ones, 0)
    return str(value).rjust(len(numerals))
