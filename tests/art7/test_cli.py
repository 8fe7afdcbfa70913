"""The other commands: what they print, and how they end."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from annotations.codebook import CODEBOOKS, DEFAULT, load_codebook
from models.classifier import RELEASED, Model

Done = subprocess.CompletedProcess[str]
Art7 = Callable[..., Done]
COMMANDS = (
    "",
    "code",
    "serve",
    "classify",
    "problems",
    "states",
    "codebook",
    "codebook show",
    "codebook check",
    "doctor",
)


def refused(done: Done, *words: str) -> None:
    said = " ".join(done.stderr.split())
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in said
    for word in words:
        assert word in said


@pytest.mark.parametrize("words", COMMANDS)
def test_help(art7: Art7, words: str) -> None:
    done = art7(*words.split(), "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(f"Usage: art7 {words}".strip())
    assert done.stderr == ""


def test_every_command_has_its_help_tested(art7: Art7) -> None:
    listed = art7("--help").stdout.partition("Commands:\n")[2].splitlines()
    assert {line.split()[0] for line in listed if line.startswith("  ") and line[2] != " "} <= set(COMMANDS)


def test_version_and_unknown_command(art7: Art7) -> None:
    assert art7("--version").stdout.startswith("art7, version ")
    refused(art7("cook"), "No such command", "cook")


# classify


def lines(count: int) -> str:
    return "".join(
        json.dumps({"id": n, "text": f"Teams cleared {n} minefields."}) + "\n" for n in range(count)
    )


def test_classify_answers_line_by_line(art7: Art7) -> None:
    given = [
        {
            "id": "a",
            "text": "El Estado destruyó todas las existencias de minas antipersonal en 2004.",
            "section": "G",
        },
        {"id": 2, "text": "", "lang": "fr"},
        {"id": 3, "text": "地雷" * 400, "section": "no such section", "extra": True},
    ]
    done = art7("classify", stdin="\n\n".join(json.dumps(line) for line in given))
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", 2, 3]
    assert [answer["lang"] for answer in answers] == ["es", "fr", "zh"]
    threshold = Model().about.threshold
    for answer in answers:
        assert set(answer) == {"id", "lang", "labels"}
        assert all(label["score"] >= threshold for label in answer["labels"])


def test_classify_all_gives_every_indicator(art7: Art7) -> None:
    done = art7("classify", "--all", stdin=lines(2))
    for line in done.stdout.splitlines():
        labels = json.loads(line)["labels"]
        assert {label["indicator"] for label in labels} == set(Model().about.indicators)
        scores = [label["score"] for label in labels]
        assert scores == sorted(scores, reverse=True)
        assert 0 <= min(scores) <= max(scores) <= 1
        assert {label["verdict"] for label in labels} <= {"yes", "partial", "planned", "no"}
    assert len(done.stdout.splitlines()) == 2


def test_classify_answers_before_its_input_ends(command: Path) -> None:
    process = subprocess.Popen(
        [command, "classify"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    assert process.stdin is not None
    assert process.stdout is not None
    giving_up = threading.Timer(120, process.kill)
    giving_up.start()
    process.stdin.write(lines(64))
    process.stdin.flush()
    first = process.stdout.readline()  # the input is open still
    giving_up.cancel()
    assert json.loads(first)["id"] == 0
    process.stdin.close()
    assert [json.loads(line)["id"] for line in process.stdout] == list(range(1, 64))
    process.stdout.close()
    assert process.wait(timeout=120) == 0


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ("{not json", "JSON"),
        ('{"text": "no id"}', "id"),
        ('{"id": 1}', "text"),
        ('{"id": 1, "text": 5}', "text"),
        ('["a list"]', "Each line must be JSON such as"),
    ],
)
def test_classify_names_the_wrong_line(art7: Art7, wrong: str, fault: str) -> None:
    done = art7("classify", stdin=f"{lines(1)}\n{wrong}\n")
    refused(done, "line 3", fault)


def test_classify_wants_utf8(command: Path) -> None:
    done = subprocess.run(
        [command, "classify"], input=b'{"id": 1, "text": "r\xe9union"}\n', capture_output=True
    )
    assert done.returncode == 2
    assert b"not UTF-8" in done.stderr
    assert b"Traceback" not in done.stderr


def test_classify_with_nothing_to_do(art7: Art7) -> None:
    done = art7("classify", stdin="")
    assert (done.returncode, done.stdout) == (0, "")


# states


def test_states_lists_all(art7: Art7) -> None:
    done = art7("states")
    assert done.returncode == 0
    assert len([line for line in done.stdout.splitlines() if line[2:5].isupper()]) >= 193
    assert "Cambodia" in done.stdout


@pytest.mark.parametrize(
    "name", ["KHM", "khm", "Cambodia", "Cambodge", "Camboya", "Камбоджа", "柬埔寨", "كمبوديا"]
)
def test_states_by_any_name(art7: Art7, name: str) -> None:
    done = art7("states", name)
    assert done.returncode == 0, done.stderr
    assert "Cambodia (KHM): groups on" in done.stdout
    assert "AFF" in done.stdout


def test_states_unknown(art7: Art7) -> None:
    refused(art7("states", "Ruritania"), "no State is called Ruritania", "ISO code")


# codebook


def test_codebook_show_lists_all(art7: Art7) -> None:
    done = art7("codebook", "show")
    shown = {cell.strip() for line in done.stdout.splitlines() for cell in line.split("│")[1:2]}
    assert {indicator.id for indicator in load_codebook().indicators} <= shown


@pytest.mark.parametrize("indicator", ["41.2", "46.1", "8.1"])
def test_codebook_show_one(art7: Art7, indicator: str) -> None:
    done = art7("codebook", "show", indicator)
    assert done.returncode == 0
    shown = load_codebook().indicator(indicator)
    for words in (shown.id, shown.question, *shown.cues, *shown.exclusions):
        assert words in done.stdout


def test_codebook_show_unknown(art7: Art7) -> None:
    refused(art7("codebook", "show", "99.9"), "no indicator 99.9")
    refused(art7("codebook", "show", "--codebook", "oslo"), "no codebook oslo")


def test_codebook_check(art7: Art7, tmp_path: Path) -> None:
    done = art7("codebook", "check")
    assert done.returncode == 0
    assert "48 actions, 107 indicators (83 percentages, 24 numbers). No faults." in done.stdout
    wrong = tmp_path / "mine.yaml"
    text = (CODEBOOKS / f"{DEFAULT}.yaml").read_text("utf-8")
    wrong.write_text(text.replace("statistic: number", "statistic: mean", 1), "utf-8")
    refused(art7("codebook", "check", "--codebook", wrong), "mine.yaml", "statistic")


# doctor


def test_doctor_finds_all_well(art7: Art7, coded_sample: Path) -> None:
    done = art7("doctor", "--db", coded_sample)
    assert done.returncode == 0, done.stdout
    assert "broken" not in done.stdout
    for what in ("art7", "packages", "OCR languages", "codebook", "register", "model", "database"):
        assert f"ok      {what}: " in done.stdout
    assert "17 reports" in done.stdout


def test_doctor_says_that_there_is_no_database_yet(art7: Art7, tmp_path: Path) -> None:
    done = art7("doctor", "--db", tmp_path / "none.db")
    assert done.returncode == 0
    assert "missing database" in done.stdout
    assert not (tmp_path / "none.db").exists()


def test_doctor_finds_a_broken_database(art7: Art7, coded_sample: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.db"
    with closing(sqlite3.connect(coded_sample)) as connection:
        connection.execute("VACUUM INTO ?", [str(broken)])
    raw = bytearray(broken.read_bytes())
    raw[len(raw) // 4 : len(raw) // 2] = b"\xa5" * (len(raw) // 2 - len(raw) // 4)
    broken.write_bytes(raw)
    done = art7("doctor", "--db", broken)
    assert done.returncode == 3
    assert "broken  database" in done.stdout
    assert "restore a backup or code the reports again" in done.stdout


def test_doctor_finds_a_dangling_row(art7: Art7, coded_sample: Path, tmp_path: Path) -> None:
    broken = tmp_path / "dangling.db"
    with closing(sqlite3.connect(coded_sample)) as connection:
        connection.execute("VACUUM INTO ?", [str(broken)])
    with closing(sqlite3.connect(broken)) as connection, connection:
        connection.execute("UPDATE pages SET report_id = 'gone' WHERE rowid = 1")
    done = art7("doctor", "--db", broken)
    assert done.returncode == 3
    assert "broken  database" in done.stdout
    assert "ok      database" not in done.stdout


def test_doctor_finds_that_the_model_is_wrong(art7: Art7, tmp_path: Path) -> None:
    done = art7("doctor", "--db", tmp_path / "none.db", "--model", tmp_path)
    assert done.returncode == 3
    assert "no model.json there" in done.stdout
    changed = tmp_path / "changed"
    shutil.copytree(RELEASED, changed)
    with (changed / "heads.safetensors").open("ab") as file:
        file.write(b"\0")
    done = art7("doctor", "--db", tmp_path / "none.db", "--model", changed)
    assert done.returncode == 3
    assert "the files do not fit the id" in done.stdout
    (changed / "model.json").write_text("{}")
    done = art7("doctor", "--db", tmp_path / "none.db", "--model", changed)
    assert done.returncode == 3
    assert "does not describe a model" in done.stdout


# problems and serve without a database


def test_problems_of_a_clean_database(art7: Art7, coded_sample: Path) -> None:
    with closing(sqlite3.connect(coded_sample)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM problems").fetchone()
    done = art7("problems", "--db", coded_sample)
    assert done.returncode == (3 if count else 0)
    assert (f"{count} problems" if count else "No problems.") in done.stdout


@pytest.mark.parametrize("command", ["problems", "serve"])
def test_there_is_no_database(art7: Art7, tmp_path: Path, command: str) -> None:
    refused(art7(command, "--db", tmp_path / "none.db"), "none.db", "art7 code FOLDER --db")
    assert not (tmp_path / "none.db").exists()
