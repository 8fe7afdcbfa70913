"""Codes one report: what a worker process does. Loads the model and the codebook once a process."""

from __future__ import annotations

import signal
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from annotations.codebook import Codebook, load_codebook
from annotations.codings import Suggestion
from annotations.register import Register, due_date, load_register
from annotations.rows import CodedReport
from extract.records import Passage, Problem, Report
from extract.report import read_report
from extract.states import load_names
from models.classifier import Model
from models.coding import code_report
from models.reading import Excerpt


@dataclass(frozen=True, slots=True)
class Task:
    """One report to code. The PDF is read from `pdf`; `name` is what people see."""

    name: str
    pdf: Path
    model: Path
    codebook: str
    force: bool = False
    threads: int = 1
    seconds: int = 3600  # how long one report may take


@lru_cache(maxsize=2)
def _model(folder: Path, threads: int) -> Model:
    return Model(folder, threads)


@lru_cache(maxsize=1)
def register() -> Register:
    """Return the shipped register of Parties and groups."""
    return load_register({name.iso3 for name in load_names() if name.iso3})


def code_pdf(task: Task) -> CodedReport:
    """Return the report with the machine's suggestions and codings; a file that cannot be coded says why."""
    signal.alarm(task.seconds)  # ends this process whatever it hangs in; the pipeline notes the failure
    try:
        report = read_report(task.pdf.read_bytes(), task.name, force=task.force)
        return code_read(report, task)
    finally:
        signal.alarm(0)


def code_read(report: Report, task: Task) -> CodedReport:
    """Return the codings of a report that was read; none when it was refused."""
    if report.refused:
        return CodedReport(report)
    book, model = load_codebook(task.codebook), _model(task.model, task.threads)
    if not report.passages and "no_text" not in {problem.kind for problem in report.problems}:
        detail = f"{report.file_name}: no text could be read, so all is silent. Look at the page images."
        report = replace(report, problems=(*report.problems, Problem("passages", "no_text", detail)))
    suggestions = suggest(report.passages, model)
    codings = code_report(report, suggestions, book, groups_of(report, book), model.about.threshold)
    return CodedReport(report, suggestions, codings)


def suggest(passages: tuple[Passage, ...], model: Model) -> tuple[tuple[Suggestion, ...], ...]:
    """Return the model's suggestions, one entry a passage; headings and boilerplate are never evidence."""
    read = [p for p in passages if not p.boilerplate and p.kind != "heading"]
    found = dict(
        zip((p.order for p in read), model.suggest([excerpt(p, passages) for p in read]), strict=True)
    )
    return tuple(found.get(p.order, ()) for p in passages)


def excerpt(passage: Passage, passages: tuple[Passage, ...]) -> Excerpt:
    """Return what the model reads of a passage: its text, its place, its neighbours."""
    before = passages[passage.order - 1].text if passage.order else ""
    after = passages[passage.order + 1].text if passage.order + 1 < len(passages) else ""
    return Excerpt(passage.text, passage.section, passage.language, before, after)


def groups_of(report: Report, book: Codebook) -> frozenset[str] | None:
    """Return the State's groups on the day the report was due; None when State or year is not known."""
    if report.cover.state is None or report.year is None:
        return None
    return register().groups_of(report.cover.state.value, due_date(report.year), book)
