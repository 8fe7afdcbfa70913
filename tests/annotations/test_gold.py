"""Labelled passages: what is wrong is named with file and line, what ships is right."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from annotations.codebook import load_codebook
from annotations.gold import GOLD, GoldError, load_gold, read_gold
from extract.records import LANGUAGES, SECTIONS

RIGHT = {"id": "x-1", "lang": "en", "section": "A", "text": "Invented.", "labels": []}


def written(path: Path, *lines: object) -> Path:
    path.write_text("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines), "utf-8")
    return path


def test_passages_come_in_the_order_of_the_files(tmp_path: Path) -> None:
    one = written(
        tmp_path / "one.jsonl",
        RIGHT,
        RIGHT | {"id": "x-2", "labels": [{"indicator": "1.1", "verdict": "no"}]},
    )
    two = written(tmp_path / "two.jsonl", RIGHT | {"id": "x-0", "state": "KHM", "year": 2024, "note": "n"})
    passages = read_gold([one, two])
    assert [p.id for p in passages] == ["x-1", "x-2", "x-0"]
    assert passages[1].labels[0].verdict == "no"
    assert (passages[0].state, passages[2].state) == (None, "KHM")


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ("{no json", "Expecting"),
        ("[]", "mapping"),
        ("", "Expecting"),
        ({k: v for k, v in RIGHT.items() if k != "text"}, "text"),
        (RIGHT | {"labels": [{"indicator": "1.1", "verdict": "maybe"}]}, "verdict"),
        (RIGHT | {"labels": [{"indicator": "1.1", "verdict": "silent"}]}, "verdict"),
        (RIGHT | {"colour": "red"}, "colour"),
        (RIGHT | {"year": "last"}, "year"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, wrong: object, fault: str) -> None:
    path = written(tmp_path / "mine.jsonl", RIGHT, wrong, RIGHT)
    with pytest.raises(GoldError, match=r"^mine\.jsonl, line 2: ") as caught:
        read_gold([path])
    assert fault in str(caught.value)


def test_what_ships_names_indicators_of_the_codebook() -> None:
    by_text = {indicator.id for indicator in load_codebook().by_text}
    named = {label.indicator for passage in load_gold() for label in passage.labels}
    assert named - by_text == set()
    assert len(named) > len(by_text) * 0.8


def test_what_ships_is_in_order() -> None:
    passages = load_gold()
    assert [i for i, times in Counter(p.id for p in passages).items() if times > 1] == []
    assert {p.lang for p in passages} == set(LANGUAGES)
    assert {p.section for p in passages} <= set(SECTIONS)
    for passage in passages:
        named = [label.indicator for label in passage.labels]
        assert len(named) == len(set(named)), passage.id
        assert passage.text == passage.text.strip() != "", passage.id


def test_each_file_is_of_the_language_in_its_name() -> None:
    for path in GOLD.glob("*.jsonl"):
        (language,) = {p.lang for p in read_gold([path])}
        assert language in path.stem.split("-")
