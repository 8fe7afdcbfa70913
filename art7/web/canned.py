"""Questions that are asked often, ready to be filled in on Datasette's pages."""

from __future__ import annotations

from typing import Any

_EVIDENCE = """
SELECT states.name AS state, reports.year, codings.verdict, codings.score, passages.text AS evidence,
    passages.page, passages.language, evidence.rank, reports.file_name, codings.report_id,
    evidence.passage_id
FROM codings
JOIN reports ON reports.id = codings.report_id
LEFT JOIN states ON states.iso3 = reports.state
JOIN evidence ON evidence.report_id = codings.report_id AND evidence.indicator_id = codings.indicator_id
JOIN passages ON passages.id = evidence.passage_id
WHERE codings.indicator_id = :indicator AND (:year = '' OR reports.year = :year)
ORDER BY states.name, reports.year DESC, evidence.rank
"""
_SILENT = """
SELECT states.name AS state, reports.year, reports.file_name, codings.verdict, codings.reason,
    codings.report_id
FROM codings
JOIN reports ON reports.id = codings.report_id
LEFT JOIN states ON states.iso3 = reports.state
WHERE codings.indicator_id = :indicator AND codings.verdict = 'silent'
    AND (:year = '' OR reports.year = :year)
ORDER BY states.name, reports.year DESC
"""
_PROBLEMS = """
SELECT stage, kind, count(*) AS problems, count(DISTINCT file_name) AS files,
    min(file_name) AS file_for_example, min(detail) AS detail_for_example
FROM problems GROUP BY stage, kind ORDER BY problems DESC, kind
"""
_PASSAGES = """
SELECT passages.page, passages.section, passages.language, passages.text, passages.kind,
    reports.file_name, passages.report_id, passages.id AS passage_id
FROM passages JOIN reports ON reports.id = passages.report_id
WHERE reports.state = upper(:state) AND (:year = '' OR reports.year = :year)
ORDER BY reports.year, reports.id, passages.place
"""

QUERIES: dict[str, dict[str, Any]] = {
    "evidence_for_an_indicator": {
        "title": "Evidence for an indicator",
        "description": "Every passage that carries a coding of one indicator. Indicator like 4.1; year like"
        " 2025, or empty for all years.",
        "sql": _EVIDENCE.strip(),
        "hide_sql": True,
    },
    "silent_reports": {
        "title": "Reports silent on an indicator",
        "description": "Reports that say nothing of one indicator although it applies to their State."
        " Indicator like 4.1; year like 2025, or empty for all years.",
        "sql": _SILENT.strip(),
        "hide_sql": True,
    },
    "problems_by_kind": {
        "title": "Problems by kind",
        "description": "How often each kind of problem came up, and in how many files.",
        "sql": _PROBLEMS.strip(),
        "hide_sql": True,
    },
    "passages_of_a_state": {
        "title": "Passages of a State and year",
        "description": "Everything a State's reports say, in reading order. State as three letters (ISO"
        " 3166-1 alpha-3) like KHM; year like 2025, or empty for all years.",
        "sql": _PASSAGES.strip(),
        "hide_sql": True,
    },
}
