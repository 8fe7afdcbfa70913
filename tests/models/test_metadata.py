"""What a report's dates and layout answer: 8.1, 8.2, 11.3 and 47.1."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotations.codings import Coding
from extract.records import Box, Cover, Fact, Passage, PassageKind, Report
from models.metadata import RULES, UPDATED_SECTIONS


def passage(text: str, section: str = "cover", kind: PassageKind = "paragraph", order: int = 0) -> Passage:
    return Passage(order, section, "en", text, kind, "text", (Box(1, 10, 10, 90, 20),))


def report(*passages: Passage, **facts: str | None) -> Report:
    """Return a report whose cover facts all stand in its first passage."""
    cover = Cover(**{name: value and Fact(value, 0.9, value, 0) for name, value in facts.items()})
    return Report("r.pdf", "0" * 64, 1, passages=passages or (passage("Cover."),), cover=cover)


def coded(indicator: str, given: Report) -> Coding:
    coding = RULES[indicator](given)
    assert coding.indicator == indicator
    assert coding.score is None
    assert coding.reason.endswith(".")
    assert bool(coding.evidence) == (coding.verdict != "silent")
    assert all(e.verdict == coding.verdict for e in coding.evidence)
    return coding


@pytest.mark.parametrize(
    ("submitted", "verdict"),
    [
        ("2025-04-30", "yes"),
        ("2025-01-02", "yes"),
        ("2025-05-01", "no"),
        ("2027-01-01", "no"),
        (None, "silent"),
    ],
)
def test_on_time(submitted: str | None, verdict: str) -> None:
    assert coded("8.1", report(submitted=submitted, period_end="2024-12-31")).verdict == verdict


def test_on_time_needs_the_year() -> None:
    assert coded("8.1", report(submitted="2025-04-30")).verdict == "silent"


@pytest.mark.parametrize(
    ("template", "verdict"),
    [("guide", "yes"), ("forms", "no"), ("cover_only", "no"), ("unknown", "silent"), (None, "silent")],
)
def test_guide_layout(template: str | None, verdict: str) -> None:
    assert coded("8.2", report(template=template)).verdict == verdict


def test_voluntary() -> None:
    assert coded("11.3", report(voluntary="yes")).verdict == "yes"
    assert coded("11.3", report()).verdict == "silent"


def test_a_fact_without_a_passage_is_no_evidence() -> None:
    given = report(template="guide")
    template = given.cover.template
    assert template is not None
    for place in (None, 1):
        cover = replace(given.cover, template=replace(template, passage=place))
        coding = coded("8.2", replace(given, cover=cover))
        assert coding.verdict == "silent"
        assert "No passage shows it" in coding.reason


def test_a_cover_page_reports_nothing_new() -> None:
    assert coded("47.1", report(template="cover_only")).verdict == "no"


@pytest.mark.parametrize("section", UPDATED_SECTIONS)
def test_figures_of_the_period_are_an_update(section: str) -> None:
    old = passage("In 2019 there were 12 345 mines.", section)
    new = passage("In 2024 there were 12 345 mines.", section, order=1)
    coding = coded("47.1", report(old, new, period_end="2024-12-31"))
    assert (coding.verdict, coding.evidence[0].passage) == ("yes", 1)


def test_figures_in_other_digits_are_an_update() -> None:
    given = report(passage("في عام ٢٠٢٤ كان العدد ١٢٣٤٥", "C"), period_end="2024-12-31")
    assert coded("47.1", given).verdict == "yes"


def test_a_table_row_with_figures_is_an_update() -> None:
    assert (
        coded("47.1", report(passage("PMN; 12 345", "B", "table_row"), period_end="2024-12-31")).verdict
        == "yes"
    )


@pytest.mark.parametrize(
    "not_new",
    [
        passage("In 2019 there were 12 345 mines.", "C"),  # of another year
        passage("In 2024 nothing was done.", "A"),  # in another section
        passage("In 2024 there were 12 345 mines.", "C", "heading"),
        passage("None.", "C", "table_row"),  # no figures
        replace(passage("In 2024 there were 12 345 mines.", "C"), boilerplate=True),
    ],
)
def test_other_words_are_no_update(not_new: Passage) -> None:
    assert coded("47.1", report(not_new, period_end="2024-12-31")).verdict == "silent"
