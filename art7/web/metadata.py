"""What Datasette's own pages say of the tables: titles, descriptions, units, columns, order, facets."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

_VERDICT = (
    "yes, partial, planned, no, silent (the report says nothing) or not_applicable (not asked of the State)"
)
_SCORE = "How sure the machine is that the report says something of it, 0 to 1; empty where a rule decided"
_MODEL = "The model that read the report"
_CODEBOOK = "Which text of the codebook was in force (a hash)"
_REPORT = "The report; opens its pages with the evidence drawn on them"

_BROWSED: dict[str, dict[str, Any]] = {
    "coded": {
        "title": "Codings with their evidence",
        "description": "One row for each report and indicator: the verdict and the words that carry it most."
        " Narrow it with the lists below the form; a click on the evidence opens its page.",
        "facets": ["verdict", "chapter", "year", "state", "language"],
        "facet_size": 12,
        "columns": {
            "state": "State whose report it is",
            "year": "Calendar year that the report covers",
            "indicator": "Number of the indicator in the action plan",
            "indicator_name": "What the indicator asks, in short",
            "chapter": "Chapter of the action plan (Roman numeral)",
            "verdict": _VERDICT,
            "score": _SCORE,
            "evidence": "The passage that carries the verdict most, in the State's own words",
            "page": "Page of the PDF on which the passage begins, counted from 1",
            "language": "Language of the passage",
            "reason": "Why the machine says so, in one sentence",
            "file_name": "File that was coded",
            "passage_id": "The passage that is the evidence",
            "report_id": _REPORT,
        },
    },
    "reports": {
        "title": "Reports",
        "description": "One row for each submission that was read: what its cover says and how the coding went.",
        "label_column": "file_name",
        "sort_desc": "year",
        "facets": ["status", "year", "state", "template"],
        "units": {"size": "byte"},
        "columns": {
            "id": "The first sixteen digits of the file's hash",
            "file_name": "Name of the file; opens the report",
            "sha256": "Hash of the file's bytes (SHA-256)",
            "size": "Size of the file (bytes in exports)",
            "state": "State that reports (ISO 3166-1 alpha-3); empty when the cover does not tell",
            "year": "Calendar year that the report covers: that of its period's end",
            "period_start": "First day of the reporting period",
            "period_end": "Last day of the reporting period",
            "submitted": "Day of submission as the cover gives it",
            "languages": "Languages of the report, the most used first (BCP 47)",
            "template": "Layout: forms A to J, the Guide's sections, a cover sheet only, or unknown",
            "page_count": "Pages of the PDF",
            "status": "coded, coded_with_problems, refused (not a report we may read) or failed",
            "cover": "Facts of the cover with the words they came from",
            "model_id": _MODEL,
            "codebook_hash": _CODEBOOK,
            "version": "Version of this program that coded it",
            "run_id": "The run that coded it",
            "coded_at": "When it was coded (UTC)",
        },
    },
    "indicators": {
        "title": "Indicators",
        "description": "The codebook: what each indicator asks, of whom, and what counts.",
        "label_column": "name",
        "sort": "place",
        "facets": ["chapter", "statistic", "group_id"],
        "columns": {
            "id": "Number of the indicator in the action plan",
            "action": "Action it belongs to",
            "chapter": "Chapter of the action plan (Roman numeral)",
            "place": "Its place in the plan, counted from 0",
            "name": "What it asks, in short; opens the indicator",
            "question": "The question put to a report",
            "statistic": "percentage (of a group) or number",
            "unit": "What is counted: State, organisation, delegate and so on",
            "group_id": "The group of States it counts over",
            "base": "Another indicator whose count is the denominator",
            "sources": "What can answer it: text, table, metadata or an outside register",
            "register": "The outside register, where one decides or adds",
            "facets": "Parts of a bundled indicator; all of them make a yes, some a partial",
            "cues": "Invented phrases of the kind that counts",
            "exclusions": "What must not count here",
            "look_alikes": "Indicators easily mistaken for it",
            "note": "Anything else a coder should know",
        },
    },
    "states": {
        "title": "States",
        "description": "States Parties and others, with the dates between which the Convention binds them.",
        "label_column": "name",
        "sort": "name",
        "columns": {
            "iso3": "ISO 3166-1 alpha-3",
            "name": "Short name; opens the State",
            "is_party": "1 for a State Party, 0 for another State",
            "party_from": "Day the Convention entered into force for it",
            "party_to": "Day it ceased to be bound",
            "note": "Remarks",
        },
    },
    "problems": {
        "title": "Problems",
        "description": "Everything that went wrong with a file or a page. A report with problems is never counted"
        " as cleanly coded.",
        "facets": ["stage", "kind"],
        "columns": {
            "id": "Number of the row",
            "report_id": "The report; empty when the file never became one",
            "file_name": "File in which it came up",
            "page": "Page of the PDF, counted from 1; empty when the whole file is meant",
            "stage": "Step at which it came up",
            "kind": "Short name of the problem",
            "detail": "What happened and what to do next",
            "run_id": "The run in which it came up",
            "found_at": "When (UTC)",
        },
    },
    "runs": {
        "title": "Runs",
        "description": "Each time files were coded: when, which, with what, and how it ended.",
        "sort_desc": "started",
        "columns": {
            "id": "Name of the run (a hash)",
            "started": "Start (UTC)",
            "finished": "End (UTC); empty while it runs",
            "status": "running, finished or interrupted",
            "paths": "Files and folders that were given",
            "model_id": _MODEL,
            "codebook_hash": _CODEBOOK,
            "version": "Version of this program",
            "files": "Files found",
            "coded": "Files coded",
            "skipped": "Files left alone because nothing had changed",
            "with_problems": "Files with at least one problem",
        },
    },
    "models": {
        "title": "Models",
        "description": "The models that read reports, each with its card: what it learned from and how well it does.",
        "label_column": "name",
        "columns": {
            "id": "Identity of the model (a hash)",
            "name": "Name",
            "made": "When it was trained",
            "codebook_hash": _CODEBOOK,
            "card": "The model card",
        },
    },
}

_BENEATH: dict[str, dict[str, Any]] = {
    "codings": {
        "title": "Codings",
        "description": "The machine's verdict for each report and indicator. The table coded shows the same with"
        " names and evidence.",
        "facets": ["verdict"],
        "columns": {
            "report_id": _REPORT,
            "indicator_id": "The indicator",
            "verdict": _VERDICT,
            "score": _SCORE,
            "reason": "Why the machine says so, in one sentence",
            "model_id": _MODEL,
            "codebook_hash": _CODEBOOK,
            "run_id": "The run that made it",
        },
    },
    "evidence": {
        "title": "Evidence",
        "description": "Which passages carry a coding, the strongest first.",
        "columns": {
            "report_id": _REPORT,
            "indicator_id": "The indicator",
            "passage_id": "The passage",
            "rank": "1 for the strongest",
            "verdict": "What the passage says by itself: yes, partial, planned or no",
            "score": "How sure the machine is of the passage, 0 to 1",
        },
    },
    "suggestions": {
        "title": "Suggestions",
        "description": "What the model says of single passages, before a report's codings are made of it.",
        "facets": ["verdict"],
        "columns": {
            "passage_id": "The passage",
            "indicator_id": "The indicator",
            "verdict": "yes, partial, planned or no",
            "score": "Calibrated probability, 0 to 1",
            "model_id": _MODEL,
        },
    },
    "passages": {
        "title": "Passages",
        "description": "Paragraphs, list items and table rows in reading order. Search them in any of the seven"
        " languages; a click on a text opens its page.",
        "sort": "place",
        "facets": ["language", "section", "kind", "source"],
        "columns": {
            "id": "Identity of the passage (a hash)",
            "report_id": _REPORT,
            "place": "Its place in the report, counted from 0",
            "page": "Page of the PDF on which it begins, counted from 1",
            "section": "Form or Guide section in which it stands",
            "language": "Language (BCP 47 in exports)",
            "text": "The State's words",
            "characters": "The words with Chinese characters set apart, for the search only",
            "kind": "heading, paragraph, list_item or table_row",
            "source": "text (typed), table, or ocr (read from a picture)",
            "boilerplate": "1 for the form's own words: letters, remarks, questions; never evidence",
            "boxes": "Where it stands: page, left, top, right, bottom in points (1/72 inch) from the top left",
        },
    },
    "pages": {
        "title": "Pages",
        "description": "Every page of every report, also the empty ones, as it was read.",
        "sort": "number",
        "facets": ["kind"],
        "columns": {
            "id": "Identity of the page (a hash)",
            "report_id": _REPORT,
            "number": "Number in the PDF, counted from 1",
            "width": "Width in points (1/72 inch)",
            "height": "Height in points (1/72 inch)",
            "kind": "typed, scanned, mixed or empty",
            "confidence": "How sure the reading of pictures is, 0 to 100; empty for typed pages",
            "furniture": "Running headers, footers and page numbers that were left out",
            "text": "The page's words in reading order",
        },
    },
    "actions": {
        "title": "Actions",
        "description": "The actions of the plan.",
        "label_column": "name",
        "columns": {"id": "Number", "chapter": "Chapter (Roman numeral)", "name": "What it asks, in short"},
    },
    "state_groups": {
        "title": "Groups of States",
        "description": "Which State belonged to which group from when to when: the denominators of percentages.",
        "facets": ["group_id", "certainty"],
        "columns": {
            "id": "Number of the row",
            "state": "The State",
            "group_id": "The group, as in the codebook",
            "valid_from": "First day",
            "valid_to": "Last day; empty while it lasts",
            "source": "Where this is known from",
            "certainty": "How certain it is",
            "note": "Remarks",
        },
    },
    "settings": {"hidden": True},
    "_sqlite_migrations": {"hidden": True},
}


@lru_cache
def describe(database: str) -> dict[str, Any]:
    """Return the metadata of the coded database under the name it goes by."""
    return {
        "databases": {
            database: {
                "title": "Article 7 reports: tables",
                "description": "The tables behind the pages, to filter, sort and export. Nothing can be changed"
                " here.",
                "tables": _BROWSED | _BENEATH,
            }
        }
    }
