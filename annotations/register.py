"""The register: which States are Parties, and which belong to a group, each with its dates and source.

`register/parties.csv`: one row a period as Party. `party_from` is the day the Convention entered into force for
the State (empty: a Party since before 2025), `party_to` the first day it no longer did, `deposited` the day a
withdrawal was handed in. `register/groups.csv`: one row a State, group and period; `valid_to` is the first day
outside, an empty date leaves that side open.

A report on a calendar year is due on 30 April of the next, and that day decides who is counted: a State that has
left the Convention still counts for the years whose due day it saw as a Party.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
    model_validator,
)

from annotations.codebook import Codebook

REGISTER = Path(__file__).parent / "register"

_Day = Annotated[date | None, BeforeValidator(lambda value: value or None)]
_Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
_GroupId = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]*$")]
_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3)]

_ADVICE = {
    "iso3": "write the three capital letters of ISO 3166-1, such as COD",
    "group": "write the group's id as the codebook does, such as AFF5",
    "certainty": "write high, medium or low",
    "source": "say where this is known from",
}
_DATE_ADVICE = "write the date as 2026-02-20, or leave it empty"


class RegisterError(ValueError):
    """A file of the register is wrong; the message names file, line and column and says what to do."""


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    iso3: _Code
    source: _Words
    certainty: Literal["high", "medium", "low"]
    note: str = ""


class Party(_Row):
    """A period in which the Convention was or is in force for a State."""

    party_from: _Day
    party_to: _Day
    deposited: _Day  # of the withdrawal

    @property
    def period(self) -> tuple[date, date]:
        return self.party_from or date.min, self.party_to or date.max

    @model_validator(mode="after")
    def _check(self) -> Party:
        return _in_order(self, "party_to")


class Membership(_Row):
    """A period in which a State belonged or belongs to a group."""

    group: _GroupId
    valid_from: _Day
    valid_to: _Day

    @property
    def period(self) -> tuple[date, date]:
        return self.valid_from or date.min, self.valid_to or date.max

    @model_validator(mode="after")
    def _check(self) -> Membership:
        return _in_order(self, "valid_to")


_Dated = TypeVar("_Dated", Party, Membership)


def _in_order(row: _Dated, column: str) -> _Dated:
    since, until = row.period
    if since >= until:
        raise ValueError(
            f"{column} {until} does not lie after the start, {since}; correct one of the two days"
        )
    return row


def _covers(row: Party | Membership, day: date) -> bool:
    since, until = row.period
    return since <= day < until


@dataclass(frozen=True)
class Register:
    """Parties, memberships of groups, and all States there are."""

    parties: tuple[Party, ...]
    groups: tuple[Membership, ...]
    states: frozenset[str]

    def is_party(self, iso3: str, on: date) -> bool:
        """Return True when the Convention is in force for the State on that day."""
        return any(row.iso3 == iso3 and _covers(row, on) for row in self.parties)

    def members(self, group: str, on: date, codebook: Codebook) -> frozenset[str]:
        """Return the States of a group on a day; all but those of NSP are Parties on it.

        ALL is every Party, NSP every State that is none; a union holds what its parts hold. KeyError when
        the codebook has no such group. A known group of which the register says nothing is empty.
        """
        unions = {g.id: g.union_of for g in codebook.groups}
        if group not in unions:
            raise KeyError(f"no group {group} in codebook {codebook.id}; it has {', '.join(unions)}")
        parties = frozenset(row.iso3 for row in self.parties if _covers(row, on))
        if group == "ALL":
            return parties
        if group == "NSP":
            return self.states - parties
        wanted = _parts(group, unions)
        return parties & {row.iso3 for row in self.groups if row.group in wanted and _covers(row, on)}

    def groups_of(self, iso3: str, on: date, codebook: Codebook) -> frozenset[str]:
        """Return the ids of all the codebook's groups that the State belongs to on a day."""
        return frozenset(g.id for g in codebook.groups if iso3 in self.members(g.id, on, codebook))


def _parts(group: str, unions: dict[str, tuple[str, ...]]) -> set[str]:
    """Return a group and all groups it unites, directly or through another."""
    found: set[str] = set()
    waiting = [group]
    while waiting:
        part = waiting.pop()
        if part not in found:
            found.add(part)
            waiting.extend(unions.get(part, ()))
    return found


def due_date(year_covered: int) -> date:
    """Return the day a report on a calendar year is due: 30 April of the next year."""
    return date(year_covered + 1, 4, 30)


def load_register(states: Iterable[str], folder: Path = REGISTER) -> Register:
    """Read and check the register; `states` are the iso3 codes of all States there are.

    RegisterError names file, line and column of the first fault and says what to do.
    """
    known = frozenset(states)
    parties = _read(folder / "parties.csv", Party, known)
    groups = _read(folder / "groups.csv", Membership, known)
    return Register(parties, groups, known)


def _read(path: Path, kind: type[_Dated], known: frozenset[str]) -> tuple[_Dated, ...]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    except FileNotFoundError as error:
        raise RegisterError(f"{path}: there is no such file; restore it from the last release") from error
    except UnicodeDecodeError as error:
        raise RegisterError(f"{path.name}: not in UTF-8; save it again as CSV in UTF-8") from error
    reader = csv.DictReader(lines, strict=True)
    _check_header(path.name, reader.fieldnames, kind)
    rows: list[_Dated] = []
    try:
        for cells in reader:
            place = f"{path.name}, line {reader.reader.line_num}"
            rows.append(_checked(cells, place, kind))
            _check_among(rows, place, known)
    except csv.Error as error:
        raise RegisterError(
            f"{path.name}, line {reader.reader.line_num}: {error}; check the quotation marks"
        ) from error
    return tuple(rows)


def _check_header(name: str, header: Iterable[str] | None, kind: type[_Dated]) -> None:
    wanted = sorted(kind.model_fields)
    if sorted(header or ()) != wanted:
        found = ",".join(header or ()) or "nothing"
        raise RegisterError(
            f"{name}, line 1: the columns must be {','.join(wanted)} with commas; found {found}"
        )


def _checked(cells: dict[str, str], place: str, kind: type[_Dated]) -> _Dated:
    if None in cells or None in cells.values():
        raise RegisterError(
            f"{place}: too many or too few columns; put a text that holds a comma in quotation marks"
        )
    try:
        return kind.model_validate(cells)
    except ValidationError as error:
        fault = error.errors()[0]
        if not fault["loc"]:
            raise RegisterError(f"{place}: {fault['msg'].removeprefix('Value error, ')}") from error
        column = str(fault["loc"][0])
        advice = _ADVICE.get(column, _DATE_ADVICE)
        raise RegisterError(f"{place}, column {column}: {fault['input']!r} will not do; {advice}") from error


def _check_among(rows: list[_Dated], place: str, known: frozenset[str]) -> None:
    """Check the newest row against the States there are and the rows before it."""
    new = rows[-1]
    if new.iso3 not in known:
        raise RegisterError(
            f"{place}, column iso3: {new.iso3!r} is no State; correct it or name the State first"
        )
    since, until = new.period
    for row in rows[:-1]:
        same = row.iso3 == new.iso3 and getattr(row, "group", None) == getattr(new, "group", None)
        if same and row.period[0] < until and since < row.period[1]:
            raise RegisterError(
                f"{place}, column iso3: {new.iso3} stands twice for the same time; delete one row"
            )
