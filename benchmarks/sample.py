"""How well the shipped model codes the sample reports: `python benchmarks/sample.py [DATABASE]`.

Codes the sample into a fresh database (or takes one that is made) and compares its codings with `gold.jsonl`: cover
facts, then for the indicators that passages answer whether the right ones are found and with the right verdict. A
cell is one indicator in one report. Cells where the State is not in the indicator's group are left out and counted.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

SAMPLE = Path(__file__).parent.parent / "corpus_sample"
BY_RULE = ("8.1", "8.2", "11.3", "47.1")  # decided by dates and layout, not in the gold labels
FACTS = ("state", "period_start", "period_end", "submitted", "template")
Gold = dict[str, dict[str, object]]


@dataclass(frozen=True)
class Cell:
    """One indicator in one report: what the gold labels and the machine say; None for silent."""

    language: str
    gold: str | None
    said: str | None


def code_sample(folder: Path) -> Path:
    """Code the sample into a fresh database in `folder` and return its path."""
    db = folder / "sample.db"
    command = [sys.executable, "-m", "art7", "code", str(SAMPLE), "--db", str(db)]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
    return db


def read_gold() -> Gold:
    lines = (SAMPLE / "gold.jsonl").read_text("utf-8").splitlines()
    return {row["file"]: row for row in map(json.loads, lines)}


def cells(db: sqlite3.Connection, gold: Gold) -> tuple[list[Cell], int]:
    """Return the cells to compare, and how many were left out because the State is not in the group."""
    query = """SELECT file_name, languages, indicator_id, verdict FROM codings
        JOIN reports ON reports.id = report_id JOIN indicators ON indicators.id = indicator_id
        WHERE sources LIKE '%text%' OR sources LIKE '%table%'"""
    found, outside = [], 0
    for name, languages, indicator, verdict in db.execute(query):
        if name not in gold or indicator in BY_RULE:
            continue
        if verdict == "not_applicable":
            outside += 1
            continue
        verdicts = gold[name]["verdicts"]
        assert isinstance(verdicts, dict)
        found.append(
            Cell(json.loads(languages)[0], verdicts.get(indicator), None if verdict == "silent" else verdict)
        )
    return found, outside


def scores(cells: Iterable[Cell], counts: Callable[[str | None], bool]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of the cells whose verdict `counts`; NaN where not defined."""
    pairs = [(counts(cell.gold), counts(cell.said)) for cell in cells]
    both = sum(g and s for g, s in pairs)
    said, true = sum(s for _, s in pairs), sum(g for g, _ in pairs)
    nan = float("nan")
    return (
        both / said if said else nan,
        both / true if true else nan,
        2 * both / (said + true) if said + true else nan,
    )


def cover_misses(db: sqlite3.Connection, gold: Gold) -> list[str]:
    """Return a line for each cover fact that is wrong."""
    rows = db.execute(f"SELECT file_name, {', '.join(FACTS)} FROM reports")
    found = {name: dict(zip(FACTS, values, strict=True)) for name, *values in rows}
    return [
        f"{name}: {fact} is {gold[name].get(fact)}, read {found.get(name, {}).get(fact)}"
        for name in sorted(gold)
        for fact in FACTS
        if gold[name].get(fact) != found.get(name, {}).get(fact)
    ]


def main(given: str | None) -> None:
    gold, console = read_gold(), Console()
    with tempfile.TemporaryDirectory() as folder:
        db = sqlite3.connect(given or code_sample(Path(folder)))
        found, outside = cells(db, gold)
        misses = cover_misses(db, gold)
        db.close()
    wrong = {miss.split(":")[0] for miss in misses}
    console.print(
        f"Cover facts all right on {len(gold) - len(wrong)} of {len(gold)} reports.", *misses, sep="\n"
    )
    console.print(f"{len(found)} cells compared, {outside} left out: the State is not in the group.")
    print_scores(console, found)


def print_scores(console: Console, found: list[Cell]) -> None:
    table = Table(
        "measure", "precision", "recall", "F1", title="Report-level verdicts against the gold labels"
    )
    everything = [Cell(cell.language, cell.gold, "yes") for cell in found]
    rows = [("found at all (any verdict)", found, named), ("verdict yes (strict)", found, is_yes)]
    rows += [("verdict yes or partial (lenient)", found, is_lenient)]
    rows += [("for comparison: yes to everything, found at all", everything, named)]
    rows += [
        (f"found at all, {la}", [c for c in found if c.language == la], named)
        for la in sorted({c.language for c in found})
    ]
    for name, some, counts in rows:
        table.add_row(name, *(f"{value:.2f}" for value in scores(some, counts)))
    console.print(table)
    both = [cell for cell in found if cell.gold and cell.said]
    right = sum(cell.gold == cell.said for cell in both)
    console.print(f"Verdict right in {right} of {len(both)} cells that both name.")


def named(verdict: str | None) -> bool:
    return verdict is not None


def is_yes(verdict: str | None) -> bool:
    return verdict == "yes"


def is_lenient(verdict: str | None) -> bool:
    return verdict in ("yes", "partial")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
