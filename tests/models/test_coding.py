"""How a report's suggestions become codings: by group, by rule, by the likeliest passages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.codebook import Indicator, load_codebook
from annotations.codings import Evidence, PassageVerdict, Suggestion
from extract.records import Report
from models.coding import MOST_EVIDENCE, VOTERS, by_evidence, code_indicator, code_report, gather
from models.metadata import RULES

BOOK = load_codebook()
INDICATOR = BOOK.indicator("41.2")
REPORT = Report("r.pdf", "0" * 64, 1)
SCORES = st.floats(0, 1, allow_nan=False)
VERDICTS = st.sampled_from(["yes", "partial", "planned", "no"])
SUGGESTIONS = st.lists(
    st.lists(
        st.builds(Suggestion, st.sampled_from(["1.1", "1.2", "41.2"]), VERDICTS, SCORES),
        max_size=4,
        unique_by=lambda s: s.indicator,
    ),
    max_size=12,
)


def evidence(*parts: tuple[int, PassageVerdict, float]) -> list[Evidence]:
    return [Evidence(*part) for part in parts]


@given(SUGGESTIONS, SCORES)
def test_gather_keeps_what_counts_likeliest_first(
    suggestions: list[list[Suggestion]], threshold: float
) -> None:
    found = gather(suggestions, threshold)
    for indicator, kept in found.items():
        assert [e.score for e in kept] == sorted((e.score for e in kept), reverse=True)
        for e in kept:
            assert e.score >= threshold
            assert Suggestion(indicator, e.verdict, e.score) in suggestions[e.passage]
    counting = sum(s.score >= threshold for of_passage in suggestions for s in of_passage)
    assert sum(len(kept) for kept in found.values()) == counting


def test_between_equal_scores_the_earlier_passage_comes_first() -> None:
    same = [[Suggestion("1.1", "yes", 0.5)] for _ in range(4)]
    assert [e.passage for e in gather(same, 0.5)["1.1"]] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        ([(0, "planned", 0.6)], "planned"),
        ([(0, "yes", 0.9), (1, "no", 0.5), (2, "no", 0.5)], "no"),  # two outvote one
        ([(0, "yes", 0.9), (1, "no", 0.4), (2, "no", 0.4)], "yes"),  # unless they are unlikely
        ([(0, "no", 0.5), (1, "yes", 0.5)], "yes"),  # between equals the stronger one
        ([(0, "planned", 0.5), (1, "partial", 0.5)], "partial"),
        (
            [(0, "yes", 0.6), (1, "yes", 0.5), (2, "no", 0.5), (3, "no", 0.5), (4, "no", 0.5)],
            "yes",
        ),  # only three vote
    ],
)
def test_the_likeliest_passages_decide(found: list[tuple[int, PassageVerdict, float]], verdict: str) -> None:
    coding = by_evidence(INDICATOR, evidence(*found))
    assert coding.verdict == verdict
    assert coding.score == found[0][2]
    assert verdict in coding.reason
    assert VOTERS == 3


@given(SUGGESTIONS)
def test_evidence_begins_with_what_agrees(suggestions: list[list[Suggestion]]) -> None:
    for found in gather(suggestions, 0.1).values():
        coding = by_evidence(INDICATOR, found)
        agreeing = [e.verdict == coding.verdict for e in coding.evidence]
        assert agreeing[0]
        assert agreeing == sorted(agreeing, reverse=True)
        assert len(coding.evidence) == min(len(found), MOST_EVIDENCE)
        assert set(coding.evidence) <= set(found)


def test_a_state_outside_the_group_is_not_asked() -> None:
    affected = next(i for i in BOOK.by_text if i.group == "AFF5")
    coding = code_indicator(REPORT, affected, [], frozenset({"ALL"}))
    assert (coding.verdict, coding.score, coding.evidence) == ("not_applicable", None, ())
    assert "AFF5" in coding.reason
    assert "check the register" not in coding.reason


def test_what_speaks_against_the_register_is_kept() -> None:
    affected = next(i for i in BOOK.by_text if i.group == "AFF5")
    coding = code_indicator(REPORT, affected, evidence(*((n, "yes", 0.9) for n in range(9))), frozenset())
    assert coding.verdict == "not_applicable"
    assert len(coding.evidence) == MOST_EVIDENCE
    assert "check the register" in coding.reason


def test_without_a_known_state_nothing_is_ruled_out() -> None:
    codings = code_report(REPORT, [[Suggestion("41.2", "yes", 0.8)]], BOOK, None, 0.5)
    assert "not_applicable" not in {coding.verdict for coding in codings}
    assert next(c for c in codings if c.indicator == "41.2").verdict == "yes"


def test_below_the_threshold_all_is_silent() -> None:
    codings = code_report(REPORT, [[Suggestion("41.2", "yes", 0.49)]], BOOK, None, 0.5)
    assert {coding.verdict for coding in codings} == {"silent"}
    assert all(coding.reason and not coding.evidence for coding in codings)


@given(SUGGESTIONS, st.sets(st.sampled_from([g.id for g in BOOK.groups])))
def test_every_codable_indicator_has_one_coding_in_order(
    suggestions: list[list[Suggestion]], groups: set[str]
) -> None:
    codings = code_report(REPORT, suggestions, BOOK, frozenset(groups), 0.5)
    assert [coding.indicator for coding in codings] == [i.id for i in BOOK.codable]
    for coding in codings:
        outside = BOOK.indicator(coding.indicator).group not in groups
        assert (coding.verdict == "not_applicable") == outside
        if coding.verdict not in ("silent", "not_applicable"):
            assert coding.evidence


def test_the_rules_are_for_what_the_codebook_calls_metadata() -> None:
    by_metadata: set[str] = {i.id for i in BOOK.codable if "metadata" in i.sources}
    assert set(RULES) == by_metadata


def test_a_rule_goes_before_the_passages() -> None:
    timely: Indicator = BOOK.indicator("8.1")
    coding = code_indicator(REPORT, timely, evidence((0, "yes", 0.99)), frozenset({timely.group}))
    assert coding.verdict == "silent"
    assert "does not say when it was submitted" in coding.reason
