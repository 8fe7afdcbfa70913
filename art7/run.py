"""One run of `art7 code`: finds reports, leaves out the known ones, codes the rest, writes and counts."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import art7
from annotations.codebook import Codebook, load_codebook
from annotations.rows import CodedReport, Versions
from annotations.store import Store
from art7.archive import Archive
from art7.coder import Task, register
from art7.inbox import InboxError, Submission, find, shown
from art7.pipeline import code_all
from art7.workers import end_workers, make_executor
from extract.records import Problem
from extract.states import state_name
from models.classifier import Model, ModelError

Row = dict[str, Any]
Found = Submission | tuple[str, Problem]


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked for."""

    paths: tuple[Path, ...]
    db: Path
    codebook: str
    model: Path
    workers: int = 0  # 0: as many as there are cores
    force: bool = False


@dataclass
class Tally:
    """What a run did so far."""

    files: int = 0
    coded: int = 0
    skipped: int = 0
    with_problems: int = 0
    pages: int = 0
    problems: list[tuple[str, Problem]] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Return the numbers that the table of runs keeps."""
        return {
            "files": self.files,
            "coded": self.coded,
            "skipped": self.skipped,
            "with_problems": self.with_problems,
        }


class Watcher(Protocol):
    """Is told how a run goes: a progress bar, lines of text, nothing."""

    def start(self, files: int) -> None: ...
    def skipped(self, name: str) -> None: ...
    def done(self, coded: CodedReport) -> None: ...
    def problem(self, name: str, problem: Problem) -> None: ...


def run(options: Options, watcher: Watcher) -> Tally:
    """Code every new report under the paths into the database; Ctrl-C leaves what is done and marks the run."""
    book, model = load_codebook(options.codebook), Model(options.model)
    unknown = set(model.about.indicators) - {indicator.id for indicator in book.indicators}
    if unknown:
        raise ModelError(
            f"{options.model}: codes {min(unknown)}, which {book.id} lacks; give another --model"
        )
    versions = Versions(model.about.id, book.hash, art7.__version__)
    found = list(find(options.paths))
    store = Store(options.db)
    try:
        prepare(store, book, model)
        run_id = store.start_run([str(path) for path in options.paths], versions)
        tally = Tally()
        try:
            _code(options, found, store, run_id, versions, tally, watcher)
        except BaseException:
            end_workers()
            store.finish_run(run_id, tally.counts(), "interrupted")
            raise
        store.finish_run(run_id, tally.counts())
        return tally
    finally:
        store.close()


def _code(
    options: Options,
    found: Sequence[Found],
    store: Store,
    run_id: str,
    versions: Versions,
    tally: Tally,
    watcher: Watcher,
) -> None:
    tally.files = len(found)
    watcher.start(len(found))
    tasks = _tasks(options, found, store, run_id, versions, tally, watcher)
    workers = options.workers or len(os.sched_getaffinity(0))
    for coded in code_all(tasks, lambda: make_executor(workers), most=2 * workers):
        store.save_report(coded, run_id, versions)
        tally.coded += coded.status.startswith("coded")
        tally.with_problems += coded.status != "coded"
        tally.pages += len(coded.report.pages)
        tally.problems += [(coded.report.file_name, problem) for problem in coded.report.problems]
        watcher.done(coded)


def _tasks(
    options: Options,
    found: Sequence[Found],
    store: Store,
    run_id: str,
    versions: Versions,
    tally: Tally,
    watcher: Watcher,
) -> Iterator[Task]:
    """Yield a task for each report that is new; note the problems of files that cannot be opened."""
    archive, seen = Archive(options.db), set[str]()
    for item in found:
        if not isinstance(item, Submission):
            _note(item[0], item[1], store, run_id, tally, watcher)
            continue
        store.forget_problems((item.name, shown(item.path)), run_id)
        try:
            sha256 = archive.keep(item.read())
        except InboxError as error:
            _note(item.name, error.problem, store, run_id, tally, watcher)
            continue
        if sha256 in seen or (not options.force and store.known(sha256, versions)):
            tally.skipped += 1
            watcher.skipped(item.name)
            continue
        seen.add(sha256)
        yield Task(item.name, archive.path(sha256), options.model, options.codebook, options.force)


def _note(name: str, problem: Problem, store: Store, run_id: str, tally: Tally, watcher: Watcher) -> None:
    store.save_problem(problem, name, run_id)
    tally.with_problems += 1
    tally.problems.append((name, problem))
    watcher.problem(name, problem)


def prepare(store: Store, book: Codebook, model: Model) -> None:
    """Write the frame that reports hang on: codebook, States, groups, model."""
    store.save_codebook(book)
    store.save_states(*state_rows())
    store.save_model(
        {
            "id": model.about.id,
            "name": model.about.name,
            "made": model.about.made,
            "codebook_hash": model.about.codebook_hash,
            "card": model.card,
        }
    )


def state_rows() -> tuple[list[Row], list[Row]]:
    """Return the rows of `states` and `state_groups` from the register."""
    shipped = register()
    parties = {party.iso3: party for party in shipped.parties}
    states: list[Row] = []
    for iso3 in sorted(shipped.states):
        party = parties.get(iso3)
        states.append(
            {"iso3": iso3, "name": state_name(iso3), "is_party": int(party is not None)}
            | {"party_from": _day(party and party.party_from), "party_to": _day(party and party.party_to)}
            | {"note": (party and party.note) or None}
        )
    groups: list[Row] = [
        {"state": row.iso3, "group_id": row.group, "valid_from": _day(row.valid_from)}
        | {
            "valid_to": _day(row.valid_to),
            "source": row.source,
            "certainty": row.certainty,
            "note": row.note or None,
        }
        for row in shipped.groups
    ]
    return states, groups


def _day(day: object) -> str | None:
    return str(day) if day else None
