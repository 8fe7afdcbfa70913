"""Many reports through real worker processes: one that goes wrong takes nothing with it."""

from __future__ import annotations

import multiprocessing
import shutil
from collections import Counter
from concurrent.futures import Executor
from pathlib import Path

import pytest

from annotations.codebook import DEFAULT
from annotations.rows import CodedReport
from art7.coder import Task
from art7.pipeline import code_all
from art7.workers import make_executor
from models.classifier import RELEASED


class Pools:
    """Makes real pools and counts them."""

    def __init__(self, workers: int):
        self.workers = workers
        self.made = 0

    def __call__(self) -> Executor:
        self.made += 1
        return make_executor(self.workers)


def task(pdf: Path, name: str = "", model: Path = RELEASED, seconds: int = 600) -> Task:
    return Task(name or pdf.name, pdf, model, DEFAULT, seconds=seconds)


def by_name(done: list[CodedReport]) -> dict[str, CodedReport]:
    assert max(Counter(coded.report.file_name for coded in done).values()) == 1
    return {coded.report.file_name: coded for coded in done}


def test_a_worker_that_dies_fails_only_its_own_report(pdfs: Path, samples: Path) -> None:
    pools = Pools(2)
    # a scan of seven pages in one second: the system ends that worker, with whatever it hangs in
    tasks = [
        task(pdfs / "english.pdf"),
        task(samples / "tha-2004-en.pdf", seconds=1),
        task(pdfs / "arabic.pdf"),
        task(pdfs / "turned.pdf"),
        task(pdfs / "mentions_others.pdf"),
        task(pdfs / "filled_form.pdf"),
    ]
    done = by_name(list(code_all(tasks, pools)))
    assert {name for name, coded in done.items() if coded.failed} == {"tha-2004-en.pdf"}
    assert len(done) == len(tasks)
    assert pools.made >= 3, "the broken pool, a pool for each lost report, a pool for the rest"
    ((problem,), status) = (done["tha-2004-en.pdf"].report.problems, done["tha-2004-en.pdf"].status)
    assert (problem.stage, problem.kind, status) == ("code", "crashed", "failed")
    assert "tha-2004-en.pdf: could not be coded" in problem.detail
    assert "other reports are not affected" in problem.detail
    for name, coded in done.items():
        assert coded.failed or coded.codings, name


def test_an_error_fails_only_its_own_report(pdfs: Path, tmp_path: Path) -> None:
    broken = tmp_path / "model"
    shutil.copytree(RELEASED, broken)
    (broken / "encoder.onnx").write_bytes(b"no network")
    pools = Pools(1)
    tasks = [
        task(tmp_path / "gone.pdf"),
        task(pdfs / "english.pdf", "broken model", model=broken),
        task(pdfs / "broken.pdf"),
        task(pdfs / "english.pdf"),
    ]
    done = by_name(list(code_all(tasks, pools)))
    assert [done[t.name].status for t in tasks] == ["failed", "failed", "refused", "coded_with_problems"]
    assert pools.made == 1
    for name in ("gone.pdf", "broken model"):
        (problem,) = done[name].report.problems
        assert (problem.kind, name in problem.detail) == ("error", True)


def test_few_tasks_are_under_way(pdfs: Path) -> None:
    drawn = 0

    def tasks() -> object:
        nonlocal drawn
        for number in range(8):
            drawn += 1
            yield task(pdfs / "broken.pdf", f"{number}")

    results = code_all(tasks(), Pools(1), most=3)  # type: ignore[arg-type]
    first = next(results)
    assert drawn == 3
    assert len([first, *results]) == 8


def test_nothing_to_do() -> None:
    assert list(code_all([], Pools(1))) == []


@pytest.fixture(autouse=True)
def _no_worker_is_left() -> object:
    yield
    for worker in multiprocessing.active_children():
        worker.join(30)
        assert worker.exitcode is not None
