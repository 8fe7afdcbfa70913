"""The real command, and the sample corpus coded by it once for all tests of a session."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ART7 = Path(sysconfig.get_path("scripts")) / "art7"
Done = subprocess.CompletedProcess[str]


def run_art7(*args: str | Path, stdin: str = "", cwd: Path = ROOT) -> Done:
    """Run the installed command and return its exit code and what it said; a hang ends after ten minutes."""
    said = os.environ | {"COLUMNS": "200", "NO_COLOR": "1"}
    command = [str(part) for part in (ART7, *args)]
    return subprocess.run(
        command, input=stdin, cwd=cwd, env=said, capture_output=True, text=True, timeout=600
    )


@pytest.fixture(scope="session")
def art7() -> Callable[..., Done]:
    """Return a function that runs `art7` with the given words: (*args, stdin="", cwd=...) -> finished process."""
    return run_art7


@pytest.fixture(scope="session")
def command() -> Path:
    """Return the path of the installed command, for tests that start it by themselves."""
    return ART7


@pytest.fixture(scope="session")
def samples() -> Path:
    """Return the folder of the 17 sample reports."""
    return ROOT / "corpus_sample"


@pytest.fixture(scope="session")
def pdfs() -> Path:
    """Return the folder of small PDFs, good and bad."""
    return ROOT / "tests" / "pdfs"


@pytest.fixture(scope="session")
def coded_sample(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Path:
    """Return a database of all sample reports, coded by `art7 code`. Read it only: every test shares it."""
    db = tmp_path_factory.mktemp("sample") / "sample.db"
    done = run_art7("code", samples, "--db", db)
    assert done.returncode in (0, 3), done.stdout + done.stderr
    return db
