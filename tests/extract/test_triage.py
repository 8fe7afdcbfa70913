"""Which files are refused, and that each refusal says why and what to do."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.triage import look_alike, triage

PDFS = Path(__file__).parents[1] / "pdfs"
WHOLE = (PDFS / "english.pdf").read_bytes()
READ_ALONE = """
import resource, sys
from pathlib import Path
from extract.documents import open_pdf
from extract.text import read_words
from extract.triage import triage
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
data = Path(sys.argv[1]).read_bytes()
found = triage(data, "a.pdf")
print("refused" if found.refused else "read")
if found.refused:
    sys.exit(0 if found.problems and found.problems[0].detail.startswith("a.pdf ") else 3)
"""


@pytest.mark.parametrize(
    ("name", "kind", "advice"),
    [
        ("empty_file.pdf", "empty_file", "again"),
        ("not_a_pdf.pdf", "not_pdf", "as PDF"),
        ("web_page.pdf", "not_pdf", "a web page"),
        ("broken.pdf", "broken", "print it"),
        ("no_pages.pdf", "no_pages", "again"),
        ("locked.pdf", "password", "new PDF without one"),
    ],
)
def test_refusal_names_the_file_and_says_what_to_do(name: str, kind: str, advice: str) -> None:
    found = triage((PDFS / name).read_bytes(), name)
    assert found.refused
    assert [problem.kind for problem in found.problems] == [kind]
    assert found.problems[0].stage == "triage"
    assert name in found.problems[0].detail
    assert advice in found.problems[0].detail
    assert found.page_count == 0
    assert found.password_needed == (kind == "password")


@pytest.mark.parametrize("name", ["english.pdf", "owner_locked.pdf", "no_text.pdf", "filled_form.pdf"])
def test_readable_file_is_let_through(name: str) -> None:
    data = (PDFS / name).read_bytes()
    found = triage(data, name)
    assert (found.refused, found.problems) == (False, ())
    assert found.sha256 == hashlib.sha256(data).hexdigest()
    assert found.size == len(data)
    assert found.page_count == (3 if name == "no_text.pdf" else 1)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.binary(max_size=40))
def test_damage_anywhere_never_raises(at: int, junk: bytes) -> None:
    damaged = WHOLE[:at] + junk + WHOLE[at + len(junk) :]
    found = triage(damaged, "damaged.pdf")
    assert found.refused == (found.page_count == 0)
    assert found.refused == bool(found.problems)


def test_title_of_another_convention_is_refused_and_quoted() -> None:
    problem = look_alike(_text("cluster_munitions.pdf"))
    assert problem is not None
    assert problem.kind == "look_alike"
    assert "Convention on Cluster Munitions" in problem.detail


def test_mention_of_other_conventions_is_no_title() -> None:
    assert look_alike(_text("mentions_others.pdf")) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Rapport annuel au titre de l'article 7 de la Convention sur les armes à sous-munitions", "Cluster"),
        ("CONVENCIÓN SOBRE MUNICIONES EN RACIMO\nInforme del artículo 7", "Cluster"),
        ("Доклад в соответствии со статьей 7 Конвенции по кассетным боеприпасам", "Cluster"),
        ("اتفاقية الذخائر العنقودية\nتقرير بموجب المادة 7", "Cluster"),
        ("《集束弹药公约》第七条报告", "Cluster"),
        ("NATIONAL ANNUAL REPORT\nAMENDED PROTOCOL II", "Amended Protocol II"),
        ("经修正的《第二号议定书》年度报告", "Amended Protocol II"),
        ("Protocol V on Explosive Remnants of War\nNational report", "Protocol V"),
        ("OSCE Questionnaire on Anti-Personnel Landmines", "OSCE"),
        (
            "Request for an extension of the deadline\nto complete clearance of mined areas",
            "extend a deadline",
        ),
        ("Landmine Monitor 2021\nNowhere", "Landmine Monitor"),
    ],
)
def test_known_look_alikes(text: str, name: str) -> None:
    problem = look_alike(text)
    assert problem is not None
    assert name in problem.detail


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nowhere\nArticle 7 report\nAnnex 2: extension request",
        "The Permanent Mission of Nowhere has the honour to say that Nowhere has joined the\n"
        "Convention on Cluster Munitions.",
        "Convención sobre la prohibición del empleo, almacenamiento, producción y transferencia de minas\n"
        "Anexos\nConvención sobre Municiones en Racimo",
    ],
)
def test_own_reports_pass(text: str) -> None:
    assert look_alike(text) is None


def test_strange_files_end_with_an_answer(public_pdfs: list[Path]) -> None:
    for path in public_pdfs:
        done = subprocess.run(
            [sys.executable, "-c", READ_ALONE, path], capture_output=True, timeout=60, text=True
        )
        assert done.returncode == 0, f"{path}: {done.stderr[-300:]}"


@pytest.fixture
def public_pdfs() -> list[Path]:
    folder = os.environ.get("ART7_TEST_PDFS")
    if not folder:
        pytest.skip("ART7_TEST_PDFS names no folder of public PDFs: reading of strange files is not tested")
    return sorted(Path(folder).rglob("*.pdf"))[::25]


def _text(name: str) -> str:
    text: str = pypdfium2.PdfDocument(PDFS / name)[0].get_textpage().get_text_range()
    return text
