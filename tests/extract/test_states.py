"""States are found by every name that reports use, and never mistaken for a namesake."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.records import LANGUAGES
from extract.states import (
    EVERYDAY,
    StateName,
    StatesError,
    find_states,
    fold,
    load_names,
    state_name,
    state_of,
)

ALL_STATES = {name.iso3 for name in load_names() if name.iso3}
SHORT_NAMES = sorted({(n.name, n.iso3, n.language) for n in load_names() if n.kind == "short"})
# Words that stand around names in a report and are no part of one.
AROUND = {
    "ar": ["في", "تقرير", "عن", "الألغام", "ثم"],
    "en": ["mines", "in", "report", "of", "was", "7"],
    "es": ["minas", "en", "informe", "de", "fue"],
    "fr": ["mines", "en", "rapport", "de", "fut"],
    "pt": ["minas", "em", "relatório", "de", "foi"],
    "ru": ["мины", "в", "доклад", "о", "был"],
    "zh": ["在", "排雷", "报告", "的", "由"],
}


def codes(text: str, on: date | None = None) -> list[str]:
    return [mention.iso3 for mention in find_states(text, on)]


def test_every_state_has_one_short_name_in_each_language() -> None:
    short = [(n.iso3, n.language) for n in load_names() if n.kind == "short"]
    assert len(ALL_STATES) == 197  # 193 Members of the United Nations, COK, NIU, PSE and VAT
    assert {"COK", "NIU", "PSE", "VAT", "TJK", "MHL", "TON"} <= ALL_STATES
    assert sorted(short) == sorted((iso3, language) for iso3 in ALL_STATES for language in LANGUAGES)


def test_no_name_belongs_to_two_states() -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for name in load_names():
        owners[fold(name.name)].add(name.iso3)
    assert {name: who for name, who in owners.items() if len(who) > 1} == {}


def test_every_name_resolves_exactly_to_its_state() -> None:
    wrong = [n for n in load_names() if state_of(n.name) != (n.iso3 or None)]
    assert wrong == []


def test_every_name_standing_alone_is_found_whole() -> None:
    def missed(name: StateName) -> bool:
        found = find_states(name.name)
        return [(m.iso3, m.end - m.start) for m in found] != (
            [(name.iso3, len(name.name))] if name.iso3 else []
        )

    # A last dot or bracket is no part of a word, so a mention ends before it.
    names = [n for n in load_names() if not n.name.endswith((".", ")", "）"))]
    assert [n.name for n in names if missed(n)] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the Democratic Republic of the Congo and the Congo", ["COD", "COG"]),
        ("Congo, Democratic Republic of the Congo, Cook Islands", ["COG", "COD", "COK"]),
        ("Congo, Democratic Republic of the; Cuba", ["COD", "CUB"]),
        ("THE DEMOCRATIC REPUBLIC\nOF THE CONGO", ["COD"]),
        ("DRC, Republic of the Congo, DR Congo", ["COD", "COG", "COD"]),
        ("la RDC, la République de Congo et la République Démocratique de Congo", ["COD", "COG", "COD"]),
        ("República Democrática del Congo, República del Congo", ["COD", "COG"]),
        ("República Democrática do Congo e Congo", ["COD", "COG"]),
        ("в Демократической Республике Конго и в Республике Конго", ["COD", "COG"]),
        ("جمهورية الكونغو الديمقراطية وجمهورية الكونغو", ["COD", "COG"]),
        ("刚果民主共和国、刚果共和国、刚果（金）和刚果（布）", ["COD", "COG", "COD", "COG"]),
        (
            "Guinea-Bissau, Equatorial Guinea, Papua New Guinea, New Guinea, Guinea",
            ["GNB", "GNQ", "PNG", "GIN"],
        ),
        (
            "Guinée-Bissau, Guinée équatoriale, Papouasie-Nouvelle-Guinée, Guinée",
            ["GNB", "GNQ", "PNG", "GIN"],
        ),
        ("Guinea-Bissau, Guinea Ecuatorial, Papua Nueva Guinea, Guinea", ["GNB", "GNQ", "PNG", "GIN"]),
        ("Guiné-Bissau, Guiné Equatorial, Papua-Nova Guiné, Guiné", ["GNB", "GNQ", "PNG", "GIN"]),
        ("Гвинея-Бисау, Экваториальной Гвинее, Папуа — Новая Гвинея, Гвинеи", ["GNB", "GNQ", "PNG", "GIN"]),
        ("غينيا - بيساو، غينيا الاستوائية، بابوا غينيا الجديدة، غينيا", ["GNB", "GNQ", "PNG", "GIN"]),
        ("几内亚比绍、赤道几内亚、巴布亚新几内亚、几内亚", ["GNB", "GNQ", "PNG", "GIN"]),
        ("Nigeria and the Niger, NIGER and NIGERIA", ["NGA", "NER", "NER", "NGA"]),
        ("Nigéria, Niger; Níger, Nigeria; Нигерии и Нигеру", ["NGA", "NER", "NER", "NGA", "NGA", "NER"]),
        ("نيجيريا والنيجر", ["NGA", "NER"]),
        ("尼日利亚和尼日尔", ["NGA", "NER"]),
        ("South Sudan and the Sudan", ["SSD", "SDN"]),
        ("Soudan du Sud et Soudan, Sudán del Sur y Sudán", ["SSD", "SDN", "SSD", "SDN"]),
        ("Sudão do Sul e Sudão, в Южном Судане и Судане", ["SSD", "SDN", "SSD", "SDN"]),
        ("جنوب السودان والسودان、南苏丹和苏丹", ["SSD", "SDN", "SSD", "SDN"]),
        ("the Dominican Republic and Dominica", ["DOM", "DMA"]),
        ("la República Dominicana y Dominica; la République dominicaine", ["DOM", "DMA", "DOM"]),
        ("Доминиканской Республики и Доминики; الجمهورية الدومينيكية", ["DOM", "DMA", "DOM"]),
        ("多米尼加共和国和多米尼克", ["DOM", "DMA"]),
        ("North Korea and South Korea", ["PRK", "KOR"]),
        ("the Republic of Korea and the Democratic People's Republic of Korea", ["KOR", "PRK"]),
        ("朝鲜民主主义人民共和国和大韩民国、朝鲜、韩国", ["PRK", "KOR", "PRK", "KOR"]),
        ("索马里和马里", ["SOM", "MLI"]),
        ("Türkiye, TURKIYE, Turkey, la Turquie, Turquía, Турции, تركيا, 土耳其", ["TUR"] * 8),
        ("Swaziland and Eswatini, Свазиленда", ["SWZ"] * 3),
        ("the former Yugoslav Republic of Macedonia, FYR Macedonia and North Macedonia", ["MKD"] * 3),
        ("Cape Verde, Cabo Verde, Cap-Vert", ["CPV"] * 3),
        ("Ivory Coast, Côte d’Ivoire, COTE D'IVOIRE, Costa do Marfim, Кот-д'Ивуара, كوت ديفوار", ["CIV"] * 6),
        ("East Timor, Timor-Leste, 东帝汶", ["TLS"] * 3),
        ("Burma and Myanmar; Zaire; Czech Republic and Czechia", ["MMR", "MMR", "COD", "CZE", "CZE"]),
        ("Cook Islands, Niue, the Holy See and the State of Palestine", ["COK", "NIU", "VAT", "PSE"]),
        ("THE KINGDOM OF CAMBODIA", ["KHM"]),
        ("Министерство обороны Республики Таджикистан", ["TJK"]),
        ("BiH and Bosnia-Herzegovina, Босния и Герцеговина", ["BIH"] * 3),
        ("Bolivia (Plurinational State of) and Iran (Islamic Republic of)", ["BOL", "IRN"]),
        ("United Kingdom of Great Britain and Northern Ireland", ["GBR"]),
        ("Argentina1 and Chile2", ["ARG", "CHL"]),  # footnote marks
        ("Cam\u00adbodia \u200f\u202bالأُرْدُنّ\u202c", ["KHM", "JOR"]),
    ],
)
def test_namesakes_are_told_apart(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Kosovo, Western Sahara, Taiwan, Nagorno-Karabakh and Somaliland",
        "Taiwan Province of China; Taiwan, China",
        "Sáhara Occidental; République arabe sahraouie démocratique; Haut-Karabakh",
        "Косово, Западная Сахара, Тайвань, Нагорный Карабах, Сомалиленд",
        "كوسوفو والصحراء الغربية وتايوان",
        "科索沃、西撒哈拉、中国台湾省、索马里兰",
        "Northern Ireland, the Gulf of Guinea, New Mexico, American Samoa and Lake Chad",
        "Korea",
        "una granada de mano y une grenade, Granada 40 mm",
        "الدعم التقني وأي دعم مالي آخر، قطر 10 سم",  # financial; diameter
        "кроме того, из того",
        "Os técnicos irão. O país irá pedir. Irá pedir.",  # will go
        "us, usa, uk, car",
        "其中国家主管部门",  # "of which the national authority"
        "Nigerien, Guinean and Chadians, mali cious",
        "",
    ],
)
def test_what_is_no_state_resolves_to_none(text: str) -> None:
    assert codes(text) == []


def test_a_mention_gives_its_own_words() -> None:
    text = "أبلغت كل من لبنان وكمبوديا ثم the Kingdom\nof Cambodia"
    assert [(m.iso3, text[m.start : m.end]) for m in find_states(text)] == [
        ("LBN", "لبنان"),
        ("KHM", "كمبوديا"),
        ("KHM", "Kingdom\nof Cambodia"),
    ]
    assert [m.kind for m in find_states("Zaire, Congo-Kinshasa, DRC, Kingdom of Cambodia")] == [
        "former",
        "alias",
        "alias",
        "official",
    ]


def test_a_name_does_not_run_across_a_sentence_or_paragraph() -> None:
    assert codes("mines were sent to Guinea. Bissau answered") == ["GIN"]
    assert codes("Guinea\n\nBissau") == ["GIN"]


def test_a_day_breaks_ties_and_hides_no_former_name() -> None:
    text = "Serbia and Montenegro took part"
    assert codes(text) == ["SRB"]
    assert codes(text, on=date(2004, 6, 1)) == ["SRB"]
    assert codes(text, on=date(2024, 6, 1)) == ["SRB", "MNE"]
    assert codes("Turkey, Swaziland and Burma", on=date(2024, 6, 1)) == ["TUR", "SWZ", "MMR"]


def test_text_without_capitals_is_read_all_the_same() -> None:
    assert codes("ecuador_2007.pdf") == ["ECU"]
    assert codes("El equipo irán a ecuador") == []  # capitals are in use, so these are no names


def test_oman_is_not_amman() -> None:
    assert codes("الدولة الطرف: سلطنة عمان") == ["OMN"]
    assert codes("الدولة الطرف: عُمان") == ["OMN"]
    assert codes("ص.ب. 123، عمان، الأردن") == ["JOR"]


def test_exact_names_only() -> None:
    assert state_of("the SUDAN") == state_of("السودان") == state_of("Республики Судан") == "SDN"
    assert state_of("République de Congo") == "COG"
    assert state_of("Sudan and Chad") is None
    assert state_of("Kosovo") is None
    assert state_of("") is None


def test_short_names_follow_un_usage() -> None:
    assert state_name("TUR") == "Türkiye"
    assert state_name("MDA") == "Republic of Moldova"
    assert state_name("CIV", "ru") == "Кот-д'Ивуар"
    assert state_name("CIV", "pt") == "Costa do Marfim"
    assert state_name("CIV", "ar") == "كوت ديفوار"
    assert state_name("KHM", "zh") == "柬埔寨"
    with pytest.raises(KeyError, match="no name of 'XKX' in language 'en'"):
        state_name("XKX")


def test_a_wrong_file_is_refused_by_line(tmp_path: Path) -> None:
    head = "iso3,language,name,kind,valid_from,valid_to\n"
    for row, fault in {
        "AFG,en,Afghanistan,long,,": "kind 'long' is unknown; write one of short",
        ",en,Afghanistan,short,,": "correct iso3 or kind",
        "AFG,en,Kabulistan,former,1999,": "write dates as 2019-02-12",
    }.items():
        path = tmp_path / "names.csv"
        path.write_text(head + "AGO,en,Angola,short,,\n" + row + "\n", encoding="utf-8")
        with pytest.raises(StatesError, match=fault) as error:
            load_names(path)
        assert str(error.value).startswith("names.csv, line 3: ")


@st.composite
def sentences(draw: st.DrawFn) -> tuple[str, str, str]:
    name, iso3, language = draw(st.sampled_from(SHORT_NAMES))
    words = st.lists(st.sampled_from(AROUND[language]), max_size=6)
    space = "" if language == "zh" else draw(st.sampled_from([" ", "\n", "  "]))
    mark = ", " if fold(name) in EVERYDAY else space
    written = draw(st.sampled_from([name, name.upper(), unicodedata.normalize("NFD", name)]))
    text = mark.join([space.join(draw(words)), written, space.join(draw(words))])
    return "A) " + text, written, iso3


@given(sentences())
def test_a_short_name_among_other_words_is_found(sentence: tuple[str, str, str]) -> None:
    text, written, iso3 = sentence
    assert [(m.iso3, text[m.start : m.end]) for m in find_states(text)] == [(iso3, written)]


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    mentions = find_states(text)
    assert all(a.end <= b.start for a, b in pairwise(mentions))
