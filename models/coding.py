"""A report's suggestions to its codings: one verdict for every indicator that a report can answer."""

from __future__ import annotations

from collections.abc import Sequence

from annotations.codebook import Codebook, Indicator
from annotations.codings import Coding, Evidence, PassageVerdict, Suggestion
from extract.records import Report
from models.metadata import RULES

MOST_EVIDENCE = 5  # passages kept for a coding
VOTERS = 3  # the likeliest passages decide the verdict
STRONGEST: tuple[PassageVerdict, ...] = ("yes", "partial", "planned", "no")


def code_report(
    report: Report,
    suggestions: Sequence[Sequence[Suggestion]],
    book: Codebook,
    groups: frozenset[str] | None,
    threshold: float,
) -> tuple[Coding, ...]:
    """Return a coding for every codable indicator, in the codebook's order.

    `suggestions` has one entry a passage; `groups` are those the State belonged to when the report was due, None
    when the State or year is not known: then no indicator is ruled out. `threshold` is the model's.
    """
    found = gather(suggestions, threshold)
    return tuple(code_indicator(report, i, found.get(i.id, []), groups) for i in book.codable)


def gather(suggestions: Sequence[Sequence[Suggestion]], threshold: float) -> dict[str, list[Evidence]]:
    """Return the evidence for each indicator, likeliest first: its suggestions of at least `threshold`."""
    found: dict[str, list[Evidence]] = {}
    for place, of_passage in enumerate(suggestions):
        for s in of_passage:
            if s.score >= threshold:
                found.setdefault(s.indicator, []).append(Evidence(place, s.verdict, s.score))
    for evidence in found.values():
        evidence.sort(key=lambda e: (-e.score, e.passage))
    return found


def code_indicator(
    report: Report, indicator: Indicator, evidence: Sequence[Evidence], groups: frozenset[str] | None
) -> Coding:
    """Return the coding of one indicator: by group, by rule, or by the evidence."""
    if groups is not None and indicator.group not in groups:
        return outside_group(indicator, evidence)
    if indicator.id in RULES and "metadata" in indicator.sources:
        return RULES[indicator.id](report)
    if not evidence:
        return Coding(indicator.id, "silent", None, "No passage speaks to it clearly enough.")
    return by_evidence(indicator, evidence)


def outside_group(indicator: Indicator, evidence: Sequence[Evidence]) -> Coding:
    """Return 'not applicable', with the evidence that speaks against the register where there is some."""
    reason = f"The State is not in the group {indicator.group} that the indicator counts over."
    if evidence:
        reason += " Yet passages speak to it: check the register."
    return Coding(indicator.id, "not_applicable", None, reason, tuple(evidence[:MOST_EVIDENCE]))


def by_evidence(indicator: Indicator, evidence: Sequence[Evidence]) -> Coding:
    """Return the verdict that the likeliest passages give together; between equals the stronger one."""
    weights: dict[PassageVerdict, float] = {}
    for e in evidence[:VOTERS]:
        weights[e.verdict] = weights.get(e.verdict, 0.0) + e.score
    verdict = max(weights, key=lambda v: (weights[v], -STRONGEST.index(v)))
    ranked = sorted(evidence, key=lambda e: (e.verdict != verdict, -e.score))[:MOST_EVIDENCE]
    count = f"{len(evidence)} passage{'s' if len(evidence) > 1 else ''} speak{'' if len(evidence) > 1 else 's'} to it"
    reason = f"{count}; the likeliest {'say' if len(evidence) > 1 else 'says'} {verdict}."
    return Coding(indicator.id, verdict, evidence[0].score, reason, tuple(ranked))
