"""Records turned into the rows of the database's tables."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any

from annotations.codebook import Codebook, Indicator
from annotations.codings import Coding, Suggestion
from extract.records import Box, Passage, Report

_HAN = re.compile(r"([\u3400-\u9fff\uf900-\ufaff])")


@dataclass(frozen=True, slots=True)
class Versions:
    """What a coding depends on beside the report's bytes: same bytes and same versions need no new coding."""

    model_id: str
    codebook_hash: str
    version: str  # of this program


@dataclass(frozen=True, slots=True)
class CodedReport:
    """A report with what the machine says of it. `suggestions` has one tuple per passage, in their order."""

    report: Report
    suggestions: tuple[tuple[Suggestion, ...], ...] = ()
    codings: tuple[Coding, ...] = ()
    failed: bool = False

    @property
    def status(self) -> str:
        if self.report.refused:
            return "refused"
        if self.failed:
            return "failed"
        return "coded_with_problems" if self.report.problems else "coded"


def hash_id(*parts: object) -> str:
    """Return 16 hex digits over the parts, kept apart so that ("1", "12") and ("11", "2") differ."""
    return hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).hexdigest()[:16]


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def one_by_one(text: str) -> str | None:
    """Return the text with its Chinese characters set apart, as the search index needs; None without any."""
    return _HAN.sub(r" \1 ", text) if _HAN.search(text) else None


def indicator_row(book: Codebook, indicator: Indicator, place: int) -> dict[str, Any]:
    return {
        "id": indicator.id,
        "action": indicator.action,
        "chapter": book.chapter_of(indicator.action).id,
        "place": place,
        "name": indicator.name,
        "question": indicator.question,
        "statistic": indicator.statistic,
        "unit": indicator.unit,
        "group_id": indicator.group,
        "base": indicator.base,
        "sources": json.dumps(indicator.sources),
        "register": indicator.register_name,
        "facets": json.dumps([facet.name for facet in indicator.facets], ensure_ascii=False),
        "cues": json.dumps(indicator.cues, ensure_ascii=False),
        "exclusions": json.dumps(indicator.exclusions, ensure_ascii=False),
        "look_alikes": json.dumps(indicator.look_alikes),
        "note": indicator.note,
    }


def report_row(coded: CodedReport, report_id: str, run_id: str, versions: Versions) -> dict[str, Any]:
    report, cover = coded.report, coded.report.cover
    facts = {
        field.name: fact and fact.value for field in fields(cover) for fact in [getattr(cover, field.name)]
    }
    return {
        "id": report_id,
        "file_name": report.file_name,
        "sha256": report.sha256,
        "size": report.size,
        "state": facts["state"],
        "year": report.year,
        "period_start": facts["period_start"],
        "period_end": facts["period_end"],
        "submitted": facts["submitted"],
        "languages": json.dumps(report.languages),
        "template": facts["template"],
        "page_count": len(report.pages),
        "status": coded.status,
        "cover": json.dumps(asdict(cover), ensure_ascii=False),
        "run_id": run_id,
        "coded_at": now(),
    } | asdict(versions)


def page_rows(report: Report, report_id: str) -> list[dict[str, Any]]:
    return [
        {
            "id": hash_id(report_id, page.number),
            "report_id": report_id,
            "number": page.number,
            "width": page.width,
            "height": page.height,
            "kind": page.kind,
            "confidence": page.confidence,
            "furniture": json.dumps(page.furniture, ensure_ascii=False),
            "text": page.text,
        }
        for page in report.pages
    ]


def passage_row(passage: Passage, passage_id: str, report_id: str) -> dict[str, Any]:
    return {
        "id": passage_id,
        "report_id": report_id,
        "place": passage.order,
        "page": passage.page,
        "section": passage.section,
        "language": passage.language,
        "text": passage.text,
        "characters": one_by_one(passage.text),
        "kind": passage.kind,
        "source": passage.source,
        "boilerplate": int(passage.boilerplate),
        "boxes": json.dumps([_box(box) for box in passage.boxes]),
    }


def _box(box: Box) -> list[float]:
    """Return [page, x0, top, x1, bottom], rounded to a tenth of a point."""
    return [box.page, *(round(v, 1) for v in (box.x0, box.top, box.x1, box.bottom))]
