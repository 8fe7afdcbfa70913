"""What covers say of State, period, date and layout."""

from __future__ import annotations

import pytest

from extract.cover import read_cover
from extract.records import Box, Cover, Page, Passage, PassageKind

BOX = Box(1, 50, 100, 500, 120)


def passages(*texts: str, section: str = "cover", kind: PassageKind = "paragraph") -> list[Passage]:
    return [Passage(i, section, "en", text, kind, "text", (BOX,)) for i, text in enumerate(texts)]


def cover(*texts: str, furniture: tuple[str, ...] = ()) -> Cover:
    page = Page(1, 595, 842, "typed", "\n".join(texts), furniture=furniture)
    return read_cover(passages(*texts), [page], "a.pdf")[0]


def values(read: Cover) -> tuple[str | None, ...]:
    facts = (read.state, read.period_start, read.period_end, read.submitted)
    return tuple(fact.value if fact else None for fact in facts)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (
            (
                "STATE [PARTY]: KINGDOM OF CAMBODIA",
                "reporting for time period from 1 January 2024 to 31 December 2024",
            ),
            ("KHM", "2024-01-01", "2024-12-31", None),
        ),
        (
            (
                "NOM DE L'ETAT [PARTIE] : REPUBLIQUE DU CONGO",
                "DATE DE PRESENTATION DU RAPPORT : 12 Septembre 2002",
                "Renseignements pour la période allant du ______ au Aout 2002",
            ),
            ("COG", None, "2002-08-31", "2002-09-12"),
        ),
        (
            (
                "NOMBRE DEL ESTADO PARTE: Colombia",
                "Información del período comprendido del 1 de enero de 2007 al 31 de marzo de 2008",
                "FECHA DE PRESENTACIÓN: ABRIL 2008",
            ),
            ("COL", "2007-01-01", "2008-03-31", "2008-04"),
        ),
        (
            (
                "Estado Parte: Angola",
                "Data de apresentação: 29 de Abril de 2025",
                "Período do relatório: 2024",
            ),
            ("AGO", "2024-01-01", "2024-12-31", "2025-04-29"),
        ),
        (
            ("Государство-участник: Таджикистан", "Отчетный период с 1 января по 31 декабря 2024 г."),
            ("TJK", "2024-01-01", "2024-12-31", None),
        ),
        (
            (
                "اسم الدولة الطرف: العراق",
                "الفترة المشمولة بالتقرير من ١ كانون الثاني/يناير إلى ٣١ كانون الأول/ديسمبر ٢٠٢٤",
            ),
            ("IRQ", "2024-01-01", "2024-12-31", None),
        ),
        (
            ("国家名称：柬埔寨", "报告所涉期间：2024年1月1日至12月31日", "提交日期：2025年4月15日"),
            ("KHM", "2024-01-01", "2024-12-31", "2025-04-15"),
        ),
    ],
)
def test_labels(texts: tuple[str, ...], expected: tuple[str | None, ...]) -> None:
    assert values(cover(*texts)) == expected


def test_facts_say_where_they_stand() -> None:
    read = cover("A title", "STATE [PARTY]: Peru")
    assert read.state is not None
    assert (read.state.words, read.state.passage) == ("Peru", 1)


def test_letter_o_in_the_year() -> None:
    assert values(cover("REPORTING PERIOD: from 1 JANUARY 2O17 to 31 DECEMBER 2O17"))[1:3] == (
        "2017-01-01",
        "2017-12-31",
    )


def test_point_of_contact_does_not_name_the_state() -> None:
    read = cover(
        "STATE [PARTY]: Botswana", "POINT OF CONTACT: Permanent Mission, Geneva, Switzerland", "Switzerland"
    )
    assert read.state is not None
    assert read.state.value == "BWA"


def test_donors_do_not_win_over_the_state_of_the_running_header() -> None:
    donors = passages(*["Germany and Norway gave money."] * 9, section="J")
    page = Page(1, 595, 842, "typed", "", furniture=("INFORME ARTICULO 7 - ECUADOR página 1",))
    read, _ = read_cover(donors, [page], "a.pdf")
    assert read.state is not None
    assert read.state.value == "ECU"


def test_file_name_is_not_trusted() -> None:
    read, problems = read_cover(passages("Nothing is said here."), [], "ecuador+2007.pdf")
    assert values(read) == (None, None, None, None)
    assert {problem.kind for problem in problems} == {"no_state", "no_period"}


def test_end_of_the_period_is_no_date_of_submission() -> None:
    assert cover("Reporting period: 1 January 2024 to 31 December 2024").submitted is None


def test_place_and_date_on_a_line_is_the_date_of_the_report() -> None:
    read = cover("Period covered: 01.01.2024 - 31.12.2024", "Sarajevo, 25.04.2025")
    assert values(read)[3] == "2025-04-25"


def test_report_dated_before_its_period_ends_is_doubted() -> None:
    texts = ("STATE PARTY: Peru", "Reporting period: 2024", "Date of submission: 30 April 2024")
    read, problems = read_cover(passages(*texts), [], "a.pdf")
    assert values(read)[3] == "2024-04-30"
    assert [problem.kind for problem in problems] == ["unsure_submitted"]


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        (["cover", "A", "B", "J"], "forms"),
        (["cover", "guide-1", "guide-4", "guide-7"], "guide"),
        (["cover", "unknown", "action"], "unknown"),
    ],
)
def test_template(sections: list[str], expected: str) -> None:
    read, _ = read_cover([p for s in sections for p in passages("Some text.", section=s)], [], "a.pdf")
    assert read.template is not None
    assert read.template.value == expected


def test_cover_page_alone() -> None:
    ticks = [f"Form {letter}: ☐ changed ☒ unchanged (last reporting: 2016)" for letter in "ABCDEFGHI"]
    read = cover("NAME OF STATE [PARTY]: BOTSWANA", *ticks)
    assert read.template is not None
    assert read.template.value == "cover_only"


def test_voluntary_report_of_a_state_not_party() -> None:
    read = cover("Voluntary report of Morocco, a State not party to the Convention")
    assert read.voluntary is not None
    assert cover("STATE PARTY: Peru").voluntary is None
