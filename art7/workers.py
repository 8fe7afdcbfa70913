"""The processes that code reports, one report each at a time."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from multiprocessing.connection import wait
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def make_executor(workers: int) -> Executor:
    """Return a pool of worker processes; they leave Ctrl-C to the parent and end when it does."""
    return _Pool(workers, multiprocessing.get_context("spawn"), _follow_parent)


class _Pool(ProcessPoolExecutor):
    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        # a worker may be started here: it inherits that Ctrl-C is held back, from its first moment on
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return super().submit(fn, *args, **kwargs)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _follow_parent() -> None:
    """Make this worker process end with its parent, even if that was killed."""
    parent = multiprocessing.parent_process()
    assert parent is not None  # a pool's worker always has one

    def follow() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()


def end_workers() -> None:
    """End the worker processes at once: what they are at is coded again by the next run."""
    for worker in multiprocessing.active_children():
        worker.terminate()
