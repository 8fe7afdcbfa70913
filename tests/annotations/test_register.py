"""The register counts Parties and groups by the day that decides, and refuses a wrong file by its place."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from annotations.codebook import load_codebook
from annotations.register import REGISTER, Register, RegisterError, due_date, load_register
from extract.states import load_names

STATES = frozenset(name.iso3 for name in load_names() if name.iso3)
LEAVERS = {"EST", "LVA", "LTU", "FIN", "POL"}
NOT_PARTY = """
    ARM AZE BHR CHN CUB EGY GEO IND IRN ISR KAZ PRK KOR KGZ LAO LBN LBY FSM MNG MAR MMR NPL PAK RUS SAU SGP SYR
    ARE USA UZB VNM
"""
NEVER_PARTY = set(NOT_PARTY.split())
PARTIES = "iso3,party_from,party_to,deposited,source,certainty,note\n"
GROUPS = "group,iso3,valid_from,valid_to,source,certainty,note\n"
BOOK = load_codebook()


@pytest.fixture(scope="module")
def register() -> Register:
    return load_register(STATES)


def counted(register: Register, group: str, day: date) -> int:
    return len(register.members(group, day, BOOK))


@pytest.mark.parametrize(
    ("day", "parties"),
    [
        (date(1999, 2, 28), 0),
        (date(1999, 3, 1), 45),
        (date(2025, 4, 30), 164),
        (date(2025, 12, 15), 166),
        (date(2025, 12, 26), 166),
        (date(2025, 12, 27), 163),
        (date(2026, 1, 10), 162),
        (date(2026, 4, 30), 161),
    ],
)
def test_parties_by_day(register: Register, day: date, parties: int) -> None:
    assert counted(register, "ALL", day) == parties
    assert counted(register, "NSP", day) == 197 - parties


def test_who_is_not_party(register: Register) -> None:
    assert register.members("NSP", date(2025, 4, 30), BOOK) == NEVER_PARTY | {"MHL", "TON"}
    assert register.members("NSP", date(2026, 4, 30), BOOK) == NEVER_PARTY | LEAVERS


def test_the_due_day_decides_for_a_report_year(register: Register) -> None:
    assert due_date(2024) == BOOK.baseline_due == date(2025, 4, 30)
    assert all(register.is_party(state, due_date(2024)) for state in LEAVERS)
    assert not any(register.is_party(state, due_date(2025)) for state in LEAVERS)
    assert not register.is_party("TON", due_date(2024))
    assert register.is_party("TON", due_date(2025))


def test_ukraine_is_a_party_with_a_flag(register: Register) -> None:
    row = next(row for row in register.parties if row.iso3 == "UKR")
    assert row.party_to is None
    assert row.note.startswith("flag: still a Party")


def test_groups_of_the_shipped_register(register: Register) -> None:
    day = due_date(2024)
    assert register.members("A4F", day, BOOK) == {"GRC", "UKR"}
    assert register.members("A4F", date(2009, 1, 1), BOOK) == {"GRC"}
    assert register.members("A4", day, BOOK) == frozenset()
    assert counted(register, "AFF5", day) == 33
    assert counted(register, "AFFV", day) == 35
    assert "ALB" in register.members("AFFV", day, BOOK) - register.members("AFF5", day, BOOK)


def test_unions_hold_what_their_parts_hold(register: Register) -> None:
    day = due_date(2024)
    for group in BOOK.groups:
        if group.union_of:
            parts = [register.members(part, day, BOOK) for part in group.union_of]
            assert register.members(group.id, day, BOOK) == frozenset().union(*parts)
    assert register.members("STOCK", day, BOOK) == {"GRC", "UKR"}


def test_only_parties_are_members(register: Register) -> None:
    assert "FIN" in register.members("A3", due_date(2024), BOOK)
    assert "FIN" not in register.members("A3", due_date(2025), BOOK)
    for group in BOOK.groups:
        if group.id != "NSP":
            members = register.members(group.id, due_date(2025), BOOK)
            assert members <= register.members("ALL", due_date(2025), BOOK)


def test_groups_of_a_state(register: Register) -> None:
    assert register.groups_of("USA", due_date(2024), BOOK) == {"NSP"}
    assert register.groups_of("TUV", due_date(2024), BOOK) == {"ALL"}
    assert register.groups_of("GRC", due_date(2024), BOOK) == {
        "ALL",
        "A4F",
        "STOCK",
        "A3",
        "OBL",
        "COMPLETED",
    }


def test_an_unknown_group_is_named(register: Register) -> None:
    with pytest.raises(KeyError, match="no group AFF9 in codebook"):
        register.members("AFF9", due_date(2024), BOOK)


def test_shipped_rows_belong_to_groups_of_the_codebook_and_say_where_from(register: Register) -> None:
    assert {row.group for row in register.groups} <= {group.id for group in BOOK.groups}
    assert not [row for row in register.parties if row.party_to and not row.deposited]
    assert Counter(row.certainty for row in register.groups if row.group == "A3") == {"low": 58}


def written(folder: Path, parties: str = "", groups: str = "") -> Path:
    (folder / "parties.csv").write_text(PARTIES + parties, encoding="utf-8")
    (folder / "groups.csv").write_text(GROUPS + groups, encoding="utf-8")
    return folder


FINE = "AFG,2003-03-01,,,depositary,high,\n"


@pytest.mark.parametrize(
    ("parties", "groups", "message"),
    [
        (
            FINE + "AGO,1.1.2003,,,depositary,high,\n",
            "",
            "parties.csv, line 3, column party_from: '1.1.2003' will",
        ),
        (
            FINE + "Ago,,,,depositary,high,\n",
            "",
            "parties.csv, line 3, column iso3: 'Ago' will not do; write the three",
        ),
        (FINE + "XKX,,,,depositary,high,\n", "", "parties.csv, line 3, column iso3: 'XKX' is no State"),
        (
            FINE + "AGO,,,,depositary,sure,\n",
            "",
            "parties.csv, line 3, column certainty: 'sure' will not do; write hi",
        ),
        (FINE + "AGO,,,,,high,\n", "", "parties.csv, line 3, column source: '' will not do; say where"),
        (FINE + "AGO,,,,depositary,high\n", "", "parties.csv, line 3: too many or too few columns"),
        (FINE + "AGO,,,,depositary,high,a,b\n", "", "parties.csv, line 3: too many or too few columns"),
        (
            FINE + "AFG,2010-01-01,,,depositary,high,\n",
            "",
            "line 3, column iso3: AFG stands twice for the same time",
        ),
        (
            "AGO,2003-01-01,2002-01-01,,depositary,high,\n",
            "",
            "line 2: party_to 2002-01-01 does not lie after the",
        ),
        (
            FINE,
            "A3,AFG,,,list,low,\nA3,AFG,,,list,low,\n",
            "groups.csv, line 3, column iso3: AFG stands twice",
        ),
        (
            FINE,
            "a3,AFG,,,list,low,\n",
            "groups.csv, line 2, column group: 'a3' will not do; write the group's id",
        ),
        (
            FINE,
            "A3,AFG,,soon,list,low,\n",
            "line 2, column valid_to: 'soon' will not do; write the date as 2026-02-20",
        ),
        (
            FINE,
            'A3,AFG,,,"list,low,\n',
            "groups.csv, line 2: unexpected end of data; check the quotation marks",
        ),
    ],
)
def test_a_wrong_row_is_refused_by_its_place(tmp_path: Path, parties: str, groups: str, message: str) -> None:
    with pytest.raises(RegisterError) as error:
        load_register(STATES, written(tmp_path, parties, groups))
    assert message in str(error.value)


def test_a_wrong_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match=r"parties\.csv: there is no such file; restore it"):
        load_register(STATES, tmp_path)
    written(tmp_path)
    (tmp_path / "groups.csv").write_text(GROUPS.replace(",", ";"), encoding="utf-8")
    with pytest.raises(RegisterError, match=r"groups\.csv, line 1: the columns must be"):
        load_register(STATES, tmp_path)
    (tmp_path / "groups.csv").write_bytes(GROUPS.encode() + b"A3,AFG,,,\xff,low,\n")
    with pytest.raises(RegisterError, match=r"groups\.csv: not in UTF-8"):
        load_register(STATES, tmp_path)


def test_a_state_may_leave_and_come_back(tmp_path: Path) -> None:
    rows = "AFG,2003-03-01,2010-01-01,2009-07-01,list,high,\nAFG,2012-01-01,,,list,high,\n"
    again = load_register(STATES, written(tmp_path, rows, "A3,AFG,2004-01-01,2013-01-01,list,low,\n"))
    days = [date(2003, 3, 1), date(2009, 12, 31), date(2010, 1, 1), date(2012, 1, 1)]
    assert [again.is_party("AFG", day) for day in days] == [True, True, False, True]
    years = [2003, 2005, 2011, 2012, 2013]
    assert [counted(again, "A3", date(year, 6, 1)) for year in years] == [0, 1, 0, 1, 0]


def test_the_shipped_files_are_read_with_a_byte_order_mark(tmp_path: Path, register: Register) -> None:
    for name in ("parties.csv", "groups.csv"):
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + (REGISTER / name).read_bytes())
    assert load_register(STATES, tmp_path) == register
