"""The shipped codebook is complete and sound, and a wrong one is refused by name and place."""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import yaml

from annotations.codebook import CODEBOOKS, DEFAULT, Codebook, CodebookError, load_codebook, read_codebook
from extract.records import SECTIONS

CHAPTER_COUNTS = {"II": 18, "III": 6, "IV": 11, "V": 21, "VI": 5, "VII": 24, "VIII": 18, "IX": 4}
ACTION_COUNTS = (
    *(2, 1, 2, 1, 4, 1, 2, 2, 1, 2),  # 1 to 10
    *(4, 2, 3, 3, 2, 3),  # 11 to 16
    *(2, 3, 2, 2, 2, 3, 3, 2, 2),  # 17 to 25
    *(2, 1, 1, 1),  # 26 to 29
    *(4, 2, 2, 2, 2, 3, 2, 3, 2, 2),  # 30 to 39
    *(4, 3, 2, 6, 1, 2),  # 40 to 45
    *(2, 1, 1),  # 46 to 48
)


def ids(text: str) -> list[str]:
    """Return the ids in a line, so that a list of them stays readable."""
    return text.split()


NUMBERS = ids(
    "5.3 11.1 11.2 11.3 11.4 12.1 12.2 15.1 19.1 19.2 20.1 20.2 21.2 24.1"
    " 43.1 43.2 43.3 43.4 43.5 43.6 44.1 45.1 45.2 46.1"
)
REGISTER_ONLY = ids("5.3 5.4 10.1 10.2 11.2 11.4 12.2 23.1 23.2 23.3 24.2 46.1")
BASES = {"15.2": "15.1", "24.2": "24.1", "46.2": "46.1"}
NOT_STATES = {"5.3": "organisation", "5.4": "delegate", "11.2": "instrument", "12.2": "vote"} | dict.fromkeys(
    ("23.1", "23.2", "23.3"), "extension request"
)
GROUPS = ids("ALL AFF AFF5 AFFV A4 A4F STOCK A3 DON NSP IMPROVISED COMPLETED ER DC DISC NC OBL")
GROUP_OF = {
    "ALL": "5.3 5.4 7.1 7.2 8.1 8.2 10.1 10.2 11.1 12.2 15.1 35.3 40.4 45.1 45.2 46.1 48.1",
    "AFF": "1.1 1.2 2.1 3.1 3.2 4.1 5.1 5.2 6.1 9.1 26.1 26.2 27.1 28.1 29.1 41.1 41.2 41.3 42.1 42.2",
    "AFF5": "17.1 17.2 18.1 18.2 18.3 19.1 19.2 21.1 22.1 22.2 22.3 24.1 25.1 25.2 40.1",
    "A4": "13.1 13.2 13.3",
    "A4F": "14.1 14.2 14.3",
    "STOCK": "40.3",
    "A3": "16.1 16.2 16.3",
    "DON": "43.1 43.2 43.3 43.4 43.5 43.6 44.1",
    "NSP": "11.2 11.3 11.4 12.1",
    "IMPROVISED": "20.1 20.2",
    "COMPLETED": "21.2",
    "ER": "23.1 23.2 23.3",
    "DC": "24.2",
    "DISC": "15.2",
    "NC": "46.2",
    "OBL": "47.1",
}
SOURCES = {
    "register": REGISTER_ONLY,
    "metadata register": ["8.1", "11.3"],
    "metadata": ["8.2"],
    "metadata text table": ["47.1"],
    "text register": ids("12.1 20.1 24.1 41.3 46.2 48.1"),
    "table": ids("13.3 14.3 22.1 22.2 22.3"),
    "text table": ids(
        "13.1 13.2 14.2 15.1 15.2 16.2 17.1 18.3 20.2 29.1 32.1 35.2 36.1 37.3 40.1 43.1 43.2 43.3 43.4"
    ),
}
HARDEST_PAIRS = [
    ("3.1", "18.1"), ("3.1", "23.1"), ("18.1", "23.1"), ("5.1", "19.2"), ("7.1", "43.1"), ("40.1", "43.1"),
    ("30.3", "39.2"), ("30.3", "5.2"), ("39.2", "5.2"), ("22.1", "17.1"), ("13.3", "16.2"), ("15.1", "21.2"),
    ("2.1", "21.1"), ("2.1", "28.1"), ("21.1", "28.1"), ("35.2", "35.3"), ("41.2", "40.4"), ("42.2", "42.1"),
    ("8.1", "47.1"), ("26.1", "1.1"), ("6.1", "13.2"),
]  # fmt: skip


@pytest.fixture(scope="module")
def book() -> Codebook:
    return load_codebook()


def test_counts_by_chapter_and_action(book: Codebook) -> None:
    counted = Counter(book.chapter_of(i.action).id for i in book.indicators)
    assert (len(book.actions), len(book.indicators)) == (48, 107)
    assert counted == CHAPTER_COUNTS
    assert [a.id for a in book.actions] == list(range(1, 49))
    per_action = Counter(i.action for i in book.indicators)
    assert tuple(per_action[a.id] for a in book.actions) == ACTION_COUNTS


def test_indicators_stand_in_order_without_gaps(book: Codebook) -> None:
    expected = [f"{a}.{n}" for a, count in enumerate(ACTION_COUNTS, 1) for n in range(1, count + 1)]
    assert [i.id for i in book.indicators] == expected


def test_percentages_and_numbers(book: Codebook) -> None:
    assert [i.id for i in book.indicators if i.statistic == "number"] == NUMBERS
    assert sum(i.statistic == "percentage" for i in book.indicators) == 83


def test_units_other_than_states(book: Codebook) -> None:
    assert {i.id: i.unit for i in book.indicators if i.unit != "State"} == NOT_STATES


def test_nested_bases_are_numbers_and_their_groups(book: Codebook) -> None:
    assert {i.id: i.base for i in book.indicators if i.base} == BASES
    assert {book.indicator(base).statistic for base in BASES.values()} == {"number"}
    assert [book.indicator(i).group for i in BASES] == ["DISC", "DC", "NC"]


def test_every_group_is_there_and_counts_over_the_right_indicators(book: Codebook) -> None:
    assert sorted(g.id for g in book.groups) == sorted(GROUPS)
    named = {i: group for group, members in GROUP_OF.items() for i in members.split()}
    expected = {i.id: named.get(i.id, "AFFV") for i in book.indicators}
    assert {i.id: i.group for i in book.indicators} == expected
    assert all(30 <= i.action <= 40 for i in book.indicators if i.group == "AFFV")


def test_unions_of_groups(book: Codebook) -> None:
    assert {g.id: g.union_of for g in book.groups if g.union_of} == {
        "AFF": ("AFF5", "AFFV"),
        "STOCK": ("A4", "A4F"),
        "OBL": ("AFF5", "A4", "A4F", "A3"),
    }


def test_sources(book: Codebook) -> None:
    named = {i: sources for sources, members in SOURCES.items() for i in members}
    expected = {i.id: named.get(i.id, "text") for i in book.indicators}
    assert {i.id: " ".join(i.sources) for i in book.indicators} == expected
    assert [i.id for i in book.indicators if not i.codable] == REGISTER_ONLY


def test_register_names_are_short_and_stand_where_a_register_counts(book: Codebook) -> None:
    named = {i.id: i.register_name for i in book.indicators if i.register_name}
    assert set(named) == {i for sources, members in SOURCES.items() if "register" in sources for i in members}
    assert [name for name in named.values() if not re.fullmatch(r"[a-z][a-z0-9_]{2,29}", name)] == []


def test_section_hints_are_sections_a_report_can_have(book: Codebook) -> None:
    assert {h for i in book.indicators for h in i.section_hints} <= set(SECTIONS)
    assert [i.id for i in book.indicators if i.codable and not i.section_hints] == []


def test_cues_are_enough_and_never_shared(book: Codebook) -> None:
    assert {i.id: len(i.cues) for i in book.indicators if not 3 <= len(i.cues) <= 6} == {}
    owners = Counter(re.sub(r"\W+", " ", c).casefold() for i in book.indicators for c in i.cues)
    assert [cue for cue, n in owners.items() if n > 1] == []


def test_no_cue_is_an_exclusion_of_the_same_indicator(book: Codebook) -> None:
    assert [i.id for i in book.indicators if set(i.cues) & set(i.exclusions)] == []
    assert [i.id for i in book.indicators if not i.exclusions] == []


def test_names_fit_a_list_and_questions_are_single_sentences(book: Codebook) -> None:
    names = [i.name for i in book.indicators]
    assert [n for n in names if len(n) > 60 or len(n.split()) > 8] == []
    assert len(set(names)) == 107
    assert [i.id for i in book.indicators if not re.fullmatch(r"[^?]+\?", i.question)] == []


def test_look_alikes_are_stated_on_both_sides(book: Codebook) -> None:
    pairs = {(i.id, other) for i in book.indicators for other in i.look_alikes}
    assert {(b, a) for a, b in pairs} == pairs
    assert [pair for pair in HARDEST_PAIRS if pair not in pairs] == []
    repeated = [i.id for i in book.indicators if len(set(i.look_alikes)) < len(i.look_alikes)]
    assert repeated == []


def test_bundled_indicators_have_their_facets(book: Codebook) -> None:
    expected = {2: ids("4.1 14.2 22.1 23.3 30.4 32.1 32.2 36.1 36.2 37.3"), 3: ids("3.2 16.2 18.3 41.1")}
    expected |= {1: ["7.1"], 4: ids("3.1 13.1 14.1 18.1 18.2 30.2"), 5: ids("23.1 23.2 29.1")}
    counts = {i.id: len(i.facets) for i in book.indicators if i.facets}
    assert counts == {i: n for n, members in expected.items() for i in members}
    doubled = [i.id for i in book.indicators if len({f.id for f in i.facets}) < len(i.facets)]
    assert doubled == []


def test_rules_run_from_n1_to_n14(book: Codebook) -> None:
    assert [r.id for r in book.rules] == [f"N{n}" for n in range(1, 15)]


def test_version_baseline_and_source(book: Codebook) -> None:
    assert (book.id, book.version, book.baseline_due) == (DEFAULT, "2026.11", date(2025, 4, 30))
    assert "28 November 2024" in book.source


def test_texts_are_distinct(book: Codebook) -> None:
    texts = sorted(i.question for i in book.indicators)
    assert [text for text, same in groupby(texts) if len(list(same)) > 1] == []


# Wrong copies of the shipped file ------------------------------------------------------------------------

Data = dict[str, Any]


@pytest.fixture(scope="module")
def shipped() -> Data:
    data: Data = yaml.safe_load((CODEBOOKS / f"{DEFAULT}.yaml").read_text(encoding="utf-8"))
    return data


def write(data: Data, path: Path) -> Path:
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return path


def the(data: Data, indicator: str) -> Data:
    """Return the entry of one indicator in the raw data."""
    entry: Data = next(i for i in data["indicators"] if i["id"] == indicator)
    return entry


def unknown_look_alike(data: Data) -> None:
    the(data, "22.1")["look_alikes"] = ["17.1", "99.9"]


def itself_as_look_alike(data: Data) -> None:
    the(data, "22.1")["look_alikes"] = ["22.1"]


def missing_group(data: Data) -> None:
    data["groups"] = [g for g in data["groups"] if g["id"] != "DON"]


def union_of_nothing(data: Data) -> None:
    next(g for g in data["groups"] if g["id"] == "OBL")["union_of"] = ["AFF5", "A9"]


def indicator_twice(data: Data) -> None:
    data["indicators"].append(copy.deepcopy(the(data, "34.1")))


def action_twice(data: Data) -> None:
    data["actions"].append({"id": 7, "name": "Once more"})


def action_gone(data: Data) -> None:
    data["actions"] = [a for a in data["actions"] if a["id"] != 42]


def action_outside_chapters(data: Data) -> None:
    data["chapters"] = [c for c in data["chapters"] if c["id"] != "IX"]


def unknown_base(data: Data) -> None:
    the(data, "15.2")["base"] = "15.9"


def source_register_without_name(data: Data) -> None:
    del the(data, "41.3")["register"]


def register_name_without_source(data: Data) -> None:
    the(data, "9.1")["register"] = "some_list"


def unknown_key(data: Data) -> None:
    the(data, "2.1")["hints"] = ["J"]


def unknown_statistic(data: Data) -> None:
    the(data, "2.1")["statistic"] = "share"


def no_cues(data: Data) -> None:
    the(data, "1.2")["cues"] = []


def id_as_number(data: Data) -> None:
    the(data, "1.1")["id"] = 1.1


def no_baseline(data: Data) -> None:
    del data["baseline_due"]


FAULTS: list[tuple[Callable[[Data], None], str]] = [
    (unknown_look_alike, "indicator 22.1: look-alike 99.9 is not an indicator"),
    (itself_as_look_alike, "indicator 22.1: names itself as look-alike"),
    (missing_group, "indicator 43.1: no group DON"),
    (union_of_nothing, "group OBL: no group A9 to unite"),
    (indicator_twice, "indicator 34.1 stands twice"),
    (action_twice, "action 7 stands twice"),
    (action_gone, "indicator 42.1: no action 42"),
    (action_outside_chapters, "action 46 belongs to 0 chapters, not one"),
    (unknown_base, "indicator 15.2: base 15.9 is not an indicator"),
    (
        source_register_without_name,
        "indicator 41.3: the source 'register' and the key 'register' go together",
    ),
    (register_name_without_source, "indicator 9.1: the source 'register' and the key 'register' go together"),
    (unknown_key, "indicators 2.1, hints: "),
    (unknown_statistic, "indicators 2.1, statistic: "),
    (no_cues, "indicators 1.2, cues: "),
    (id_as_number, "indicators 1.1, id: "),
    (no_baseline, "baseline_due: "),
]


@pytest.mark.parametrize(("damage", "place"), FAULTS, ids=[damage.__name__ for damage, _ in FAULTS])
def test_damaged_copy_is_refused_by_name_and_place(
    tmp_path: Path, shipped: Data, damage: Callable[[Data], None], place: str
) -> None:
    data = copy.deepcopy(shipped)
    damage(data)
    with pytest.raises(CodebookError) as refused:
        read_codebook(write(data, tmp_path / "damaged.yaml"))
    assert str(refused.value).startswith("damaged.yaml: ")
    assert place in str(refused.value)


def test_undamaged_copy_reads_as_the_same_codebook(tmp_path: Path, shipped: Data, book: Codebook) -> None:
    again = read_codebook(write(shipped, tmp_path / "copy.yaml"))
    assert again.indicators == book.indicators
    assert again.hash != book.hash  # the bytes differ, and the hash is over the bytes


def test_broken_yaml_names_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("id: broken\ntitle: [never closed\n", encoding="utf-8")
    with pytest.raises(CodebookError, match=r"(?s)broken\.yaml: not readable as YAML.*line 3"):
        read_codebook(path)


@pytest.mark.parametrize("text", ["", "- just\n- a list\n", "only words\n"])
def test_yaml_that_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "shapeless.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CodebookError, match=r"shapeless\.yaml"):
        read_codebook(path)


def test_missing_codebook_says_what_is_shipped(tmp_path: Path) -> None:
    with pytest.raises(CodebookError, match=DEFAULT):
        load_codebook("no-such-plan")
    with pytest.raises(CodebookError, match=r"gone\.yaml"):
        load_codebook(str(tmp_path / "gone.yaml"))


TINY = """
id: tiny
title: A plan of one action
version: "1"
source: Written for a test
baseline_due: 2031-04-30
chapters: [{id: I, name: Only chapter, first_action: 1, last_action: 1}]
groups: [{id: ALL, name: All Parties, definition: Every State Party.}]
rules: [{id: N1, name: Only an intention, rule: An intention does not count.}]
actions: [{id: 1, name: Mark all wells}]
indicators:
  - id: '1.1'
    name: Wells marked
    question: Does the State report that all wells are marked?
    statistic: percentage
    unit: State
    group: ALL
    sources: [text]
    cues: [Every well has its sign]
  - id: '1.2'
    name: Wells on the list
    question: How many wells stand on the list?
    statistic: number
    unit: well
    group: ALL
    sources: [register]
    register: wells
    cues: [The list holds forty wells]
"""


def test_another_plan_loads_from_its_path(tmp_path: Path) -> None:
    path = tmp_path / "tiny.yaml"
    path.write_text(TINY, encoding="utf-8")
    tiny = load_codebook(str(path))
    assert [i.id for i in tiny.indicators] == ["1.1", "1.2"]
    assert [i.id for i in tiny.codable] == ["1.1"]
    assert tiny.indicator("1.2").register_name == "wells"
    assert tiny.chapter_of(1).id == "I"
