"""From headings to sections, and what only repeats the treaty."""

from __future__ import annotations

from itertools import groupby

import pytest

from extract.layout import Block
from extract.records import Box, Line, Word
from extract.sections import assign, is_boilerplate, split_headings


def block(text: str, heading: bool = False, page: int = 1) -> Block:
    """Return a block as layout gives it: one line for each line of `text`."""
    lines = []
    for number, written in enumerate(text.split("\n")):
        box = Box(page, 50, 100 + 14 * number, 500, 112 + 14 * number)
        lines.append(Line(tuple(Word(word, box, size=10.0) for word in written.split()), box))
    return Block(tuple(lines), Box(page, 50, 100, 500, 112 + 14 * len(lines)), 0, heading)


def in_order(blocks: list[Block]) -> list[str]:
    return [section for section, _ in groupby(assign(blocks))]


FORMS = {
    "en": ("Form A", "National implementation measures", "Form B", "Stockpiled anti-personnel mines"),
    "fr": ("Formule A", "Mesures d'application nationales", "FORMULE B", "Stocks de mines antipersonnel"),
    "es": (
        "Modelo A.",
        "Medidas de aplicación a nivel nacional",
        "Formulario B",
        "Minas antipersonal almacenadas",
    ),
    "pt": ("Formulário A", "Medidas nacionais de aplicação", "Formulário B", "Minas antipessoal armazenadas"),
    "ru": ("Форма А.", "Национальные меры по осуществлению", "Форма В.", "Запасы противопехотных мин"),
    "ar": ("الاستمارة ألف:", "التدابير الوطنية للتنفيذ", "الاستمارة باء:", "الألغام المضادة للأفراد المخزنة"),
    "zh": ("表A", "国家执行措施", "表格B", "库存的杀伤人员地雷"),
}


@pytest.mark.parametrize("language", FORMS)
def test_forms(language: str) -> None:
    one, first, two, second = FORMS[language]
    blocks = [
        block("x y z"),
        block(f"{one} {first}", True),
        block("text"),
        block(two, True),
        block(second, True),
    ]
    assert assign(blocks) == ["cover", "A", "A", "B", "B"]


GUIDE = {
    "en": ("1. National implementation measures", "7. Victim assistance", "8. Cooperation and assistance"),
    "fr": (
        "1. Mesures d'application nationales",
        "7. Assistance aux victimes",
        "8. Coopération et assistance",
    ),
    "es": (
        "1. Medidas de aplicación a nivel nacional",
        "7. Asistencia a las víctimas",
        "8. Cooperación y asistencia",
    ),
    "pt": ("1. Medidas nacionais de aplicação", "7. Assistência às vítimas", "8. Cooperação e assistência"),
    "ru": ("1. Национальные меры по осуществлению", "7. Помощь пострадавшим", "8. Сотрудничество и помощь"),
    "ar": ("1. التدابير الوطنية للتنفيذ", "7. مساعدة الضحايا", "8. التعاون والمساعدة"),
    "zh": ("1. 国家执行措施", "7. 援助受害者", "8. 合作与援助"),
}


@pytest.mark.parametrize("language", GUIDE)
def test_guide(language: str) -> None:
    blocks = [block(title, True) for title in GUIDE[language]]
    assert assign([block("x"), *blocks]) == ["cover", "guide-1", "guide-7", "guide-8"]


def test_guide_section_with_a_title_of_its_own_opens_by_its_number() -> None:
    titles = ["1. National implementation measures", "2. Stockpiled anti-personnel mines"]
    titles += ["3. What our army keeps", "4. Areas known or suspected to contain mines", "5. Table of teams"]
    assert assign([block(title, True) for title in titles]) == [f"guide-{n}" for n in range(1, 6)]


def test_mention_of_a_form_is_no_heading() -> None:
    blocks = [
        block("Form A National implementation measures", True),
        block("Form B Stockpiled anti-personnel mines", True),
        block("Form C of last year's report gives the places of these mines, and nothing has changed since."),
    ]
    assert assign(blocks)[-1] == "B"


def test_victims_within_form_j_stay_in_form_j() -> None:
    blocks = [
        block("Form I", True),
        block("Form J Other relevant matters", True),
        block("Victim assistance", True),
    ]
    assert assign(blocks)[-1] == "J"


def test_subheading_does_not_reopen_a_part() -> None:
    titles = [
        "7. Victim assistance",
        "8. Cooperation and assistance",
        "8.1 Victim assistance",
        "9. Other matters",
    ]
    assert assign([block(title, True) for title in titles])[1:] == ["guide-8"] * 3


def test_forms_listed_on_a_cover_page_open_nothing() -> None:
    names = ["National implementation measures", "Stockpiled anti-personnel mines", "Location of mined areas"]
    listed = [block(f"Form {letter}: {name}", True) for letter, name in zip("ABC", names, strict=True)]
    listed.append(block("Form D: Anti-personnel mines retained or transferred", True))
    ticks = [block("changed unchanged (last reporting: 2016)") for _ in listed]
    assert in_order([part for pair in zip(listed, ticks, strict=True) for part in pair]) == ["cover"]


def test_note_verbale_comes_before_the_cover() -> None:
    blocks = [
        block("The Permanent Mission presents its compliments to the Secretariat and has the honour to send"),
        block("Reporting formats for Article 7", True, page=2),
        block("Form A National implementation measures", True, page=3),
        block("Form B Stockpiled anti-personnel mines", True, page=4),
    ]
    assert assign(blocks) == ["note_verbale", "cover", "A", "B"]


def test_answers_by_action_and_annex_in_an_own_layout() -> None:
    blocks = [
        block("Annual report", True),
        block("I. Introduction", True),
        block("text"),
        block("II. Answers by action", True),
        block("Action 3", True),
        block("III. Means", True),
        block("Annex 1. Land released", True),
    ]
    assert in_order(blocks) == ["cover", "unknown", "action", "unknown", "annex"]


def test_heading_is_cut_loose_from_the_text_under_it() -> None:
    parts = split_headings(
        [block("Form A National implementation measures\nThe law of 2001 is in force\nsince 2002")]
    )
    assert [part.text for part in parts] == [
        "Form A National implementation measures",
        "The law of 2001 is in force since 2002",
    ]
    assert parts[0].heading


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Article 7.1 b) The total of all stockpiled anti-personnel mines owned or possessed by it.", "en"),
        ("Remark: In accordance with Article 9 measures are to be taken.", "en"),
        ("State [Party]: Freedonia reporting for time period from 1 January 2024 to 31 December 2024", "en"),
        ("Chaque Etat partie présente au Secrétaire général un rapport sur les mesures d'application.", "fr"),
        ("Каждое государство-участник представляет доклад о национальных мерах.", "ru"),
        ("تقدم كل دولة طرف إلى الأمين العام تقريراً عن تدابير التنفيذ الوطنية", "ar"),
    ],
)
def test_treaty_and_form_text_is_boilerplate(text: str, language: str) -> None:
    assert is_boilerplate(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The law on national implementation measures was adopted in 2001.", "en"),
        ("In 2024 the technical characteristics of two further types of mines were described.", "en"),
        ("La destruction des stocks s'est achevée en 2003.", "fr"),
    ],
)
def test_what_a_state_did_is_not(text: str, language: str) -> None:
    assert not is_boilerplate(text, language)
