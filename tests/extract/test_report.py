"""Whole reports: every page comes out, samples read as their sources say, failures are problems."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import pytest
import yaml

from extract.records import Report
from extract.report import read_report

SOURCES = Path(__file__).parents[2] / "corpus_sample" / "sources"
TYPED = sorted(p.stem for p in SOURCES.glob("*.yaml") if "render: scanned" not in p.read_text("utf-8"))
SCANNED = sorted(p.stem for p in SOURCES.glob("*.yaml") if "render: scanned" in p.read_text("utf-8"))
Make = Callable[..., bytes]


def as_read(report: Report) -> dict[str, object]:
    """Return what a sample's source says, as the report was read."""
    cover = report.cover
    facts = {
        "state": cover.state,
        "period_start": cover.period_start,
        "period_end": cover.period_end,
        "submitted": cover.submitted,
        "template": cover.template,
    }
    read: dict[str, object] = {name: fact.value for name, fact in facts.items() if fact}
    return read | {"sections": [section for section, _ in groupby(p.section for p in report.passages)]}


def as_written(name: str) -> dict[str, object]:
    about = yaml.safe_load((SOURCES / f"{name}.yaml").read_text("utf-8"))
    written = {
        key: str(about[key])
        for key in ("state", "period_start", "period_end", "submitted", "template")
        if about.get(key)
    }
    return written | {"sections": about["sections"]}


@pytest.mark.parametrize("name", TYPED)
def test_typed_sample(samples: Path, name: str) -> None:
    report = read_report((samples / f"{name}.pdf").read_bytes(), f"{name}.pdf")
    assert as_read(report) == as_written(name)
    assert report.languages == (name[-2:],)
    assert report.problems == ()
    if len(report.pages) > 1:  # what stands on one page only is no running footer
        assert not any("Invented sample" in passage.text for passage in report.passages)


@pytest.mark.parametrize("name", SCANNED)
def test_scanned_sample(samples: Path, name: str) -> None:
    from extract.ocr import ocr_available

    if not ocr_available()[name[-2:]]:
        pytest.skip(f"Tesseract's data for {name[-2:]} is not installed")
    report = read_report((samples / f"{name}.pdf").read_bytes(), f"{name}.pdf")
    assert as_read(report) == as_written(name)
    assert {page.kind for page in report.pages} == {"scanned"}
    assert all(page.confidence and page.confidence > 60 for page in report.pages)


def test_every_page_comes_out(printed: Make) -> None:
    report = read_report(printed("<p class='break'>One.</p><p class='break'>Two.</p><p></p>"), "a.pdf")
    assert [page.number for page in report.pages] == [1, 2, 3]
    assert [page.kind for page in report.pages] == ["typed", "typed", "empty"]


def test_scanned_table_reads_like_the_typed_one(printed: Make, scanned: Make) -> None:
    from extract.ocr import ocr_available

    if not ocr_available()["en"]:
        pytest.skip("Tesseract's data for English is not installed")
    body = (
        "<p>The table gives the areas which are left at the end of the reporting period of this report.</p>"
        "<table class='ruled'><tr><th>Province</th><th>Areas</th><th>Square metres</th></tr>"
        "<tr><td>Northern hills</td><td>112</td><td>318,450</td></tr>"
        "<tr><td>Southern plain</td><td>305</td><td>641,207</td></tr></table>"
        "<p>The figures were taken from the database of the authority at the end of the year.</p>"
    )
    typed = read_report(printed(body), "typed.pdf")
    read = read_report(scanned(printed(body)), "scanned.pdf")
    assert [p.text for p in read.passages] == [p.text for p in typed.passages]
    assert len(read.tables) == 1


@pytest.mark.parametrize(
    ("data", "kind"), [(b"", "empty_file"), (b"Dear Sir, here is the report", "not_pdf")]
)
def test_what_is_no_pdf_is_refused_with_a_reason(data: bytes, kind: str) -> None:
    report = read_report(data, "letter.pdf")
    assert report.refused
    assert [problem.kind for problem in report.problems] == [kind]


def test_look_alike_is_refused_unless_forced(printed: Make) -> None:
    pdf = printed(
        "<h1>Convention on Cluster Munitions</h1><h2>Article 7 transparency report</h2>"
        "<h2>Form A. National implementation measures</h2><p>The law of 2012 applies to cluster munitions.</p>"
    )
    refused = read_report(pdf, "ccm.pdf")
    assert refused.refused
    assert [problem.kind for problem in refused.problems] == ["look_alike"]
    assert len(refused.pages) == 1
    forced = read_report(pdf, "ccm.pdf", force=True)
    assert not forced.refused
    assert any("cluster munitions" in passage.text for passage in forced.passages)


def test_same_file_gives_the_same_report(samples: Path) -> None:
    data = (samples / "bwa-2024-en.pdf").read_bytes()
    assert read_report(data, "a.pdf") == read_report(data, "a.pdf")
