"""A run that is killed or stopped goes on where it was, and ends as if nothing had happened."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

SMALL = ("english.pdf", "arabic.pdf", "turned.pdf", "mentions_others.pdf", "filled_form.pdf")
PATIENCE = 120  # seconds until a test gives up waiting
PASSING = {"run_id", "coded_at", "found_at", "id"}  # may differ from run to run (id: of problems only)
Art7 = Callable[..., subprocess.CompletedProcess[str]]
Dump = dict[str, list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, pdfs: Path, samples: Path) -> Path:
    made = tmp_path_factory.mktemp("small")
    for name in SMALL:
        shutil.copy(pdfs / name, made)
    shutil.copy(samples / "bwa-2024-en.pdf", made / "zz-last.pdf")
    return made


@pytest.fixture(scope="module")
def undisturbed(folder: Path, tmp_path_factory: pytest.TempPathFactory, art7: Art7) -> Dump:
    db = tmp_path_factory.mktemp("undisturbed") / "art7.db"
    done = art7("code", folder, "--db", db)
    assert done.returncode in (0, 3), done.stdout + done.stderr
    dumped = dump(db)
    assert len(dumped["reports"]) == len(SMALL) + 1
    assert dumped["passages"]
    return dumped


def dump(db: Path) -> Dump:
    """Return what was read and coded, without times and run ids."""
    dumped: Dump = {}
    with closing(sqlite3.connect(db)) as connection:
        for table in ("reports", "pages", "passages", "suggestions", "codings", "evidence", "problems"):
            names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            kept = [n for n in names if n not in PASSING or (n == "id" and table != "problems")]
            dumped[table] = sorted(connection.execute(f"SELECT {', '.join(kept)} FROM {table}"), key=repr)
    return dumped


def start(command: Path, folder: Path, db: Path, workers: int) -> subprocess.Popen[str]:
    """Start coding as a process group of its own, as a terminal does."""
    return subprocess.Popen(
        [str(command), "code", str(folder), "--db", str(db), "--workers", str(workers)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # a test run that was itself started in the background has Ctrl-C switched off, and would hand that on
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def count(db: Path, table: str) -> int:
    """Return how many rows the table has; 0 before it is made."""
    if db.exists():
        with suppress(sqlite3.OperationalError), closing(sqlite3.connect(db, timeout=10)) as connection:
            return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    return 0


def until(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited {PATIENCE} seconds for: {what}"
        time.sleep(0.02)


def living(group: int) -> list[int]:
    """Return the processes of a process group that have not ended."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, its_group = stat.read_text().rpartition(")")[2].split()[:3]
            if int(its_group) == group and state not in "ZX":
                found.append(int(stat.parent.name))
    return found


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    """Return the processes that code reports for this one."""
    found = []
    for pid in living(process.pid):
        with suppress(OSError):
            if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    return found


def check_whole(db: Path, folder: Path, art7: Art7, undisturbed: Dump) -> None:
    """Run again to the end and compare with a run that nothing disturbed."""
    done = art7("code", folder, "--db", db)
    assert done.returncode in (0, 3), done.stdout + done.stderr
    assert dump(db) == undisturbed
    with closing(sqlite3.connect(db)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.execute("INSERT INTO passages_fts(passages_fts) VALUES ('integrity-check')")
        runs = [row[0] for row in connection.execute("SELECT status FROM runs ORDER BY rowid")]
    assert runs == ["interrupted", "finished"]


@pytest.mark.parametrize(
    ("workers", "table", "rows", "delay"),
    [(2, "runs", 1, 1.3), (1, "reports", 1, 0.0), (1, "reports", 3, 0.05)],
)
def test_killed(
    tmp_path: Path,
    folder: Path,
    command: Path,
    art7: Art7,
    undisturbed: Dump,
    workers: int,
    table: str,
    rows: int,
    delay: float,
) -> None:
    db = tmp_path / "art7.db"
    process = start(command, folder, db, workers)
    until(lambda: count(db, table) >= rows, f"{rows} rows of {table}")
    time.sleep(delay)
    assert len(living(process.pid)) > 1, "no worker was there to be left behind"
    process.kill()
    process.communicate(timeout=PATIENCE)
    assert process.returncode == -signal.SIGKILL
    until(lambda: not living(process.pid), "the workers to end with their parent")
    assert count(db, "reports") < len(SMALL) + 1, "the run was over before it was killed"
    check_whole(db, folder, art7, undisturbed)


def test_a_worker_that_is_killed_loses_nothing(
    tmp_path: Path, folder: Path, command: Path, undisturbed: Dump
) -> None:
    db = tmp_path / "art7.db"
    process = start(command, folder, db, 2)
    until(lambda: count(db, "reports") >= 1, "the first report")
    killed = [
        pid for pid in living(process.pid) if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]
    assert len(killed) == 2
    for worker in killed:
        os.kill(worker, signal.SIGKILL)
    said, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode in (0, 3), said + errors
    assert "Traceback" not in said + errors
    assert dump(db) == undisturbed


def test_stopped_with_ctrl_c(
    tmp_path: Path, folder: Path, command: Path, art7: Art7, undisturbed: Dump
) -> None:
    db = tmp_path / "art7.db"
    process = start(command, folder, db, 1)
    until(lambda: count(db, "reports") >= 1, "the first report")
    check_stopped(process, db)
    check_whole(db, folder, art7, undisturbed)


@pytest.mark.parametrize("delay", [0.05, 0.15, 0.5])
def test_stopped_while_a_worker_starts(tmp_path: Path, folder: Path, command: Path, delay: float) -> None:
    process = start(command, folder, tmp_path / "art7.db", 1)
    until(lambda: bool(workers_of(process)), "a worker")
    time.sleep(delay)
    check_stopped(process, tmp_path / "art7.db")


def check_stopped(process: subprocess.Popen[str], db: Path) -> None:
    """Press Ctrl-C: plain words, the run marked, nobody left."""
    os.killpg(process.pid, signal.SIGINT)
    said, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, said + errors
    assert "run the same command again to go on" in said
    assert "Traceback" not in said + errors
    until(lambda: not living(process.pid), "the workers to end")
    assert count(db, "reports") < len(SMALL) + 1, "the run was over before it was stopped"
    with closing(sqlite3.connect(db)) as connection:
        assert connection.execute("SELECT status FROM runs").fetchall() == [("interrupted",)]
