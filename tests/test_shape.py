"""The shape of the code: imports go down only, heavy packages stay out of the commands, files stay short."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = {"extract": 1, "annotations": 2, "models": 3, "art7": 4}
HEAVY = {"torch", "transformers", "sklearn"}
# what trains a model; calibrate.py needs scikit-learn in one function only
TRAINING = {"train", "network", "export", "base_encoder", "vocabulary"}
MOST_LINES = 400
SHORT_KINDS = {".py", ".js", ".css", ".html"}


def code_files() -> list[Path]:
    return sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(source: str) -> Iterator[tuple[str, bool]]:
    """Yield each imported module (`from a import b` gives a.b), and whether it is loaded with the file itself."""
    tree = ast.parse(source)
    inside = {id(node) for f in ast.walk(tree) if isinstance(f, FUNCTIONS) for node in ast.walk(f)}
    for node in ast.walk(tree):
        at_once = id(node) not in inside
        if isinstance(node, ast.Import):
            yield from ((alias.name, at_once) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "name the floor: no relative imports"
            yield from ((f"{node.module}.{alias.name}", at_once) for alias in node.names)


FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def faults(module: str, source: str) -> list[str]:
    """Return what is wrong with the imports of a module with this source."""
    return [fault for name, at_once in imports(source) for fault in _faults(module, name, at_once)]


def _faults(module: str, name: str, at_once: bool) -> Iterator[str]:
    floor, target = module.split(".")[0], name.split(".")[0]
    if FLOORS.get(target, 0) > FLOORS[floor]:
        yield f"{module} imports {name} from a floor above"
    if floor == "annotations" and target == "extract" and not name.startswith("extract.records."):
        yield f"{module} imports {name}: annotations may know extract.records only"
    if name == "art7.cli" or name.startswith("art7.cli."):
        yield f"{module} imports the commands"
    if name == "annotations":
        yield f"{module} says `import annotations`, which `from __future__ import annotations` hides"
    if target in HEAVY and not _may_be_heavy(module, target, at_once):
        yield f"{module} imports {name}, which only training may"


def _may_be_heavy(module: str, target: str, at_once: bool) -> bool:
    floor, _, name = module.partition(".")
    if floor != "models":
        return False
    return name in TRAINING or (name == "calibrate" and target == "sklearn" and not at_once)


@pytest.mark.parametrize("path", code_files(), ids=module_of)
def test_imports_go_down(path: Path) -> None:
    if module_of(path) == "art7.__main__":  # `python -m art7` is the command itself
        return
    assert faults(module_of(path), path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("extract.text", "from models.encoder import Encoder"),
        ("extract.text", "def f():\n    import art7.pipeline"),
        ("models.coding", "from art7.coder import Task"),
        ("annotations.rows", "from models.coding import code_report"),
        ("annotations.store", "from extract.text import words"),
        ("annotations.store", "from extract import text"),
        ("art7.web.routes", "from art7.cli import main"),
        ("art7.web.routes", "from art7 import cli"),
        ("art7.web.routes", "import annotations"),
        ("models.classifier", "import torch.nn"),
        ("models.calibrate", "from sklearn.linear_model import LogisticRegression"),
        ("art7.pipeline", "def f():\n    from transformers import AutoModel"),
    ],
)
def test_a_wrong_import_is_found(module: str, source: str) -> None:
    assert len(faults(module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("art7.pipeline", "from __future__ import annotations\nfrom extract.records import Report"),
        ("annotations.rows", "from extract.records import Box"),
        ("models.calibrate", "def fit():\n    from sklearn.linear_model import LogisticRegression"),
        ("models.train", "import torch"),
    ],
)
def test_a_right_import_passes(module: str, source: str) -> None:
    assert faults(module, source) == []


def loaded(code: str) -> set[str]:
    """Return which heavy packages a fresh Python holds after running `code`."""
    heavy = sorted(HEAVY | {"spacy"})
    code += f"\nimport sys\nprint(*(name for name in {heavy} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_commands_load_nothing_heavy() -> None:
    assert loaded("import art7.cli, art7.run, art7.serve, art7.stream, models.classifier") == set()


def test_heavy_loading_is_seen() -> None:
    assert loaded("import spacy") >= {"spacy"}


def long_files(root: Path, names: list[str]) -> list[str]:
    """Return the named files of code that have MOST_LINES lines or more."""
    return [
        name
        for name in names
        if Path(name).suffix in SHORT_KINDS
        and (root / name).exists()
        and len((root / name).read_text("utf-8").splitlines()) >= MOST_LINES
    ]


def test_files_are_short() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listed.returncode:
        pytest.skip("not a git checkout: which files belong to the project is not known")
    names = [name for name in listed.stdout.splitlines() if not name.startswith("corpus_sample/sources/")]
    assert len(names) > 50
    assert long_files(ROOT, names) == []


def test_a_long_file_is_found(tmp_path: Path) -> None:
    for name, lines in (("long.py", MOST_LINES), ("short.py", MOST_LINES - 1), ("long.csv", 9999)):
        (tmp_path / name).write_text("x = 1\n" * lines)
    assert long_files(tmp_path, ["long.py", "short.py", "long.csv"]) == ["long.py"]
