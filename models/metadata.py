"""Indicators answered by a report's dates and layout, by rule: 8.1, 8.2, 11.3, 47.1 of the shipped codebook."""

from __future__ import annotations

from collections.abc import Callable

from annotations.codings import Coding, Evidence, PassageVerdict
from annotations.register import due_date
from extract.folding import flatten
from extract.records import Fact, Passage, Report

UPDATED_SECTIONS = ("B", "C", "D", "F", "G", "guide-2", "guide-3", "guide-4")


def on_time(report: Report) -> Coding:
    """8.1: submitted by 30 April of the year after. The report's own date stands in for that of receipt."""
    submitted, year = report.cover.submitted, report.year
    if submitted is None or year is None:
        return _silent("8.1", "The report does not say when it was submitted, or for which year.")
    verdict: PassageVerdict = "yes" if submitted.value <= due_date(year).isoformat() else "no"
    reason = f"Dated {submitted.value}; due {due_date(year)}. The date of receipt may differ."
    return _found("8.1", verdict, reason, submitted, report)


def guide_layout(report: Report) -> Coding:
    """8.2: built on the Guide to Reporting rather than the forms."""
    template = report.cover.template
    if template is None or template.value == "unknown":
        return _silent("8.2", "The layout is neither that of the forms nor that of the Guide.")
    verdict: PassageVerdict = "yes" if template.value == "guide" else "no"
    names = {
        "guide": "the Guide's numbered sections",
        "forms": "the lettered forms",
        "cover_only": "a cover page only",
    }
    return _found("8.2", verdict, f"The report has {names[template.value]}.", template, report)


def voluntary(report: Report) -> Coding:
    """11.3: a report sent by a State not party."""
    if report.cover.voluntary is None:
        return _silent("11.3", "Nothing marks the report as voluntary.")
    return _found("11.3", "yes", "The report calls itself voluntary.", report.cover.voluntary, report)


def updated(report: Report) -> Coding:
    """47.1: data on stocks, areas or retained mines for the period. Not yet compared with last year's report."""
    template = report.cover.template
    if template and template.value == "cover_only":
        return _found("47.1", "no", "A cover page only: nothing new is reported.", template, report)
    for passage in report.passages:
        if _has_new_figures(passage, report.year):
            reason = (
                "Figures of the period stand in the section; they were not compared with last year's report."
            )
            return Coding("47.1", "yes", None, reason, (Evidence(passage.order, "yes", 1.0),))
    return _silent(
        "47.1", "No figures for the period were found in the sections on stocks, areas or mines retained."
    )


def _has_new_figures(passage: Passage, year: int | None) -> bool:
    figures = sum(character.isdigit() for character in passage.text) >= 4
    return (
        figures
        and not passage.boilerplate
        and passage.kind != "heading"
        and passage.section in UPDATED_SECTIONS
        and (passage.kind == "table_row" or (year is not None and str(year) in flatten(passage.text)))
    )


def _silent(indicator: str, reason: str) -> Coding:
    return Coding(indicator, "silent", None, reason)


def _found(indicator: str, verdict: PassageVerdict, reason: str, fact: Fact, report: Report) -> Coding:
    """Return the coding with the fact's passage as evidence; silent when the fact has none to show."""
    if fact.passage is None or fact.passage >= len(report.passages):
        return _silent(indicator, f"{reason} No passage shows it.")
    return Coding(
        indicator, verdict, None, reason, (Evidence(fact.passage, verdict, round(fact.confidence, 4)),)
    )


RULES: dict[str, Callable[[Report], Coding]] = {
    "8.1": on_time,
    "8.2": guide_layout,
    "11.3": voluntary,
    "47.1": updated,
}
