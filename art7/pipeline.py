"""Many reports through an executor, one a task, written by one writer as they come back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice

from annotations.rows import CodedReport
from art7.coder import Task, code_pdf
from extract.records import Problem, Report

MakeExecutor = Callable[[], Executor]
WAITING = 4  # tasks handed out and not yet back: enough to keep two workers busy, few enough to stay small


def code_all(
    tasks: Iterable[Task], make_executor: MakeExecutor, most: int = WAITING
) -> Iterator[CodedReport]:
    """Yield each report as it is done, in no fixed order; at most `most` tasks are under way at a time.

    A report whose worker process dies takes nothing with it: the reports that were under way are tried again,
    each alone in a process of its own, and the one that kills that process too comes back as failed.
    """
    waiting = iter(tasks)
    while True:
        lost: list[Task] = []
        yield from _until_broken(waiting, make_executor, lost, most)
        if not lost:
            return
        for task in lost:
            yield code_alone(task, make_executor)


def _until_broken(
    waiting: Iterator[Task], make_executor: MakeExecutor, lost: list[Task], most: int
) -> Iterator[CodedReport]:
    """Yield reports until all are done or a worker dies; then put the tasks under way into `lost`."""
    executor = make_executor()
    under_way: dict[Future[CodedReport], Task] = {}
    try:
        while not lost:
            for task in islice(waiting, most - len(under_way)):
                try:
                    under_way[executor.submit(code_pdf, task)] = task
                except BrokenProcessPool:  # a worker died while the last report was written
                    lost.append(task)
                    break
            if not under_way:
                return
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                task = under_way.pop(future)
                if isinstance(future.exception(), BrokenProcessPool):
                    lost.append(task)
                else:
                    yield _result(future, task)
        lost.extend(under_way.values())
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


def code_alone(task: Task, make_executor: MakeExecutor) -> CodedReport:
    """Return the report from a fresh executor that handles nothing else."""
    with make_executor() as executor:
        return _result(executor.submit(code_pdf, task), task)


def _result(future: Future[CodedReport], task: Task) -> CodedReport:
    """Return what came back; a failed report with its problem when an error did."""
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, BrokenProcessPool):
        return failed(
            task,
            "crashed",
            "the program that reads it ended twice (too long or too large, or a damaged file)",
        )
    return failed(task, "error", f"{type(error).__name__}: {error}")


def failed(task: Task, kind: str, what: str) -> CodedReport:
    """Return a report that could not be coded, with the problem as its only content."""
    detail = f"{task.name}: could not be coded: {what}. The other reports are not affected. Please report this file."
    size = task.pdf.stat().st_size if task.pdf.exists() else 0
    report = Report(task.name, task.pdf.stem, size, problems=(Problem("code", kind, detail),))
    return CodedReport(report, failed=True)
