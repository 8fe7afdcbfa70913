"""The language of passages, long and short."""

from __future__ import annotations

import pytest

from extract.language import detect, detect_all, shares

SENTENCES = {
    "en": "The law on the ban of these mines has been in force since the year 2000 and applies to everybody.",
    "fr": "La loi sur l'interdiction de ces mines est en vigueur depuis l'an 2000 et s'applique à tous.",
    "es": "La ley sobre la prohibición de estas minas está en vigor desde el año 2000 y se aplica a todos.",
    "pt": "A lei sobre a proibição destas minas está em vigor desde o ano 2000 e não foi alterada até hoje.",
    "ru": "Закон о запрещении этих мин действует с 2000 года.",
    "ar": "القانون الخاص بحظر هذه الألغام نافذ منذ عام 2000.",
    "zh": "关于禁止这些地雷的法律自2000年起生效。",
}


@pytest.mark.parametrize(("language", "text"), SENTENCES.items())
def test_sentence(language: str, text: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", ["", "2 340", "PMN-2", "– 12 –"])
def test_too_little_to_say(text: str) -> None:
    assert detect(text) == "und"


def test_latin_names_do_not_hide_the_script() -> None:
    assert detect("وتُدار البيانات في بغداد بنظام IMSMA Core") == "ar"
    assert detect("地雷行动信息管理系统 IMSMA Core 已投入使用") == "zh"


def test_names_in_a_table_take_the_language_around_them() -> None:
    texts = [SENTENCES["en"], "Province: Borkou; Moyen-Chari; Ennedi-Ouest", "Total 12", SENTENCES["en"]]
    assert detect_all(texts)[1] == "en"


def test_long_quotation_keeps_its_own_language() -> None:
    quoted = SENTENCES["es"] + " " + SENTENCES["es"]
    assert detect_all([SENTENCES["en"], quoted, SENTENCES["en"], SENTENCES["en"]])[1] == "es"


def test_answers_do_not_change_from_call_to_call() -> None:
    text = "minas antipessoal armazenadas"
    assert len({detect(text) for _ in range(20)}) == 1


def test_languages_of_a_report_by_share() -> None:
    texts = [SENTENCES["fr"]] * 3 + [SENTENCES["en"]] + ["ok"]
    assert shares(texts, ["fr", "fr", "fr", "en", "und"]) == ("fr", "en")
