"""A real database with real pages, the real server as a process, and a real browser."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pdfplumber
import pikepdf
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from annotations.codebook import load_codebook
from annotations.codings import Coding, Evidence, PassageVerdict
from annotations.rows import CodedReport, Versions
from annotations.store import Store
from art7.archive import Archive
from extract.records import Box, Cover, Fact, Passage, Problem, Report
from extract.records import Page as ReportPage

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "corpus_sample" / "khm-2024-en.pdf"
VERSIONS = Versions(model_id="test-model", codebook_hash="0" * 16, version="0.1.0")
HOSTILE = "<script>window.hurt=1</script><img src=x onerror=window.hurt=1>"
# Invented lines in the languages of reports; no State wrote them.
INVENTED = (
    ("zh", "排雷行动中心举办了两次地雷风险教育培训班，并销毁了库存的地雷。"),
    ("ru", "Проверочное предложение: все запасы противопехотных мин уничтожены."),
    ("ar", "جملة للاختبار: جرى تدمير جميع الألغام المضادة للأفراد المخزونة."),
    ("en", f"Test line: the stock was destroyed {HOSTILE} and 'quoted' & counted."),
)


@dataclass(frozen=True)
class Corpus:
    """The database and what stands in it."""

    db: Path
    typed: str  # id of the report made of SAMPLE
    invented: str  # id of the report of INVENTED lines, hostile in name and words
    unkept: str  # id of a report whose PDF is not kept
    refused: str  # id of a refused file without pages


@dataclass(frozen=True)
class Server:
    url: str
    corpus: Corpus


def _lines(pdf: Path) -> tuple[tuple[ReportPage, ...], tuple[Passage, ...]]:
    """Return the pages of a typed PDF and its lines as passages, with their true boxes."""
    pages: list[ReportPage] = []
    passages: list[Passage] = []
    with pdfplumber.open(pdf) as opened:
        for number, page in enumerate(opened.pages, 1):
            lines = [line for line in page.extract_text_lines() if len(line["text"]) > 20]
            text = "\n".join(line["text"] for line in lines)
            pages.append(ReportPage(number, float(page.width), float(page.height), "typed", text))
            for line in lines:
                box = Box(number, line["x0"], line["top"], line["x1"], line["bottom"])
                passages.append(Passage(len(passages), "A", "en", line["text"], "paragraph", "text", (box,)))
    return tuple(pages), tuple(passages)


def _typed_report() -> CodedReport:
    raw = SAMPLE.read_bytes()
    pages, passages = _lines(SAMPLE)
    cover = Cover(
        state=Fact("KHM", 0.99, passages[0].text, 0),
        period_start=Fact("2024-01-01", 0.9, passages[1].text, 1),
        period_end=Fact("2024-12-31", 0.9, passages[1].text, 1),
        submitted=Fact("2025-04-30", 0.8, passages[2].text, 2),
        template=Fact("guide", 0.95, passages[3].text, 3),
    )
    last = max(p.order for p in passages if p.page == 2)
    problem = Problem("ocr", "low_confidence", "A figure could not be read; look at the page", page=2)
    report = Report(
        SAMPLE.name, _sha(raw), len(raw), pages, passages, (), cover, ("en",), problems=(problem,)
    )
    return CodedReport(report, codings=_codings({"4.1": (4, 5), "26.1": (5,), "17.1": (last,)}))


def _sha(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _codings(evidence: dict[str, tuple[int, ...]]) -> tuple[Coding, ...]:
    """Return a coding for every indicator: partial for 26.1, yes for what has evidence, the rest quiet."""
    codings = []
    for indicator in load_codebook().codable:
        places = evidence.get(indicator.id, ())
        verdict: PassageVerdict = "partial" if indicator.id == "26.1" else "yes"
        found = tuple(Evidence(place, verdict, 0.8) for place in places)
        if found:
            codings.append(Coding(indicator.id, verdict, 0.87, "The passage says so.", found))
        elif indicator.group == "STOCK":
            codings.append(
                Coding(indicator.id, "not_applicable", None, "Not asked.", (Evidence(0, "no", 0.5),))
            )
        else:
            codings.append(Coding(indicator.id, "silent", None, "No passage speaks of it."))
    return tuple(codings)


def _blank_pdf(path: Path, mark: str) -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.docinfo["/Title"] = mark
        pdf.save(path, deterministic_id=True)
    return path.read_bytes()


def _invented_report(raw: bytes, name: str) -> CodedReport:
    page = ReportPage(1, 595.0, 842.0, "typed", "\n".join(text for _, text in INVENTED))
    passages = tuple(
        Passage(i, "F", code, text, "paragraph", "text", (Box(1, 60.0, 100 + 40 * i, 500.0, 120 + 40 * i),))
        for i, (code, text) in enumerate(INVENTED)
    )
    cover = Cover(state=Fact("THA", 0.9, HOSTILE, 3), period_end=Fact("2023-12-31", 0.9, HOSTILE))
    report = Report(
        name, _sha(raw), len(raw), (page,), passages, (), cover, tuple(code for code, _ in INVENTED)
    )
    return CodedReport(report, codings=_codings({"26.1": (0,), "4.1": (3, 2)}))


def _fill(store: Store, folder: Path) -> Corpus:
    """Write the codebook, States, a model and four reports; keep the PDFs of two."""
    store.save_codebook(load_codebook())
    names = {"KHM": "Cambodia", "THA": "Thailand", "NOR": "Norway"}
    store.save_states(
        [{"iso3": code, "name": name, "is_party": 1} for code, name in names.items()],
        [{"state": "KHM", "group_id": "AFF5", "source": "test", "certainty": "certain"}],
    )
    store.save_model(
        {"id": "test-model", "name": "test", "made": "2026-01-01", "codebook_hash": "0", "card": "-"}
    )
    run = store.start_run(["tests"], VERSIONS)
    kept, unkept = _blank_pdf(folder / "a.pdf", "kept"), _blank_pdf(folder / "b.pdf", "not kept")
    refused = Report(
        "not-a-report.pdf",
        _sha(b"?"),
        1,
        problems=(Problem("triage", "look_alike", "Another treaty"),),
        refused=True,
    )
    coded = (
        _typed_report(),
        _invented_report(kept, f"{HOSTILE}.pdf"),
        _invented_report(unkept, "b.pdf"),
        CodedReport(refused),
    )
    ids = [store.save_report(report, run, VERSIONS) for report in coded]
    store.finish_run(run, {"files": 4, "coded": 3, "with_problems": 2})
    archive = Archive(store.path)
    archive.keep(SAMPLE.read_bytes())
    archive.keep(kept)
    return Corpus(store.path, *ids)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """A small coded database; its name is not the usual one."""
    folder = tmp_path_factory.mktemp("web")
    store = Store(folder / "some corpus.db")
    filled = _fill(store, folder)
    store.close()
    return filled


@pytest.fixture(scope="session")
def server(corpus: Corpus) -> Iterator[Server]:
    """The server as a process of its own on a free port."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    code = (
        "import sys; from pathlib import Path; from art7.serve import serve;"
        " serve(Path(sys.argv[1]), '127.0.0.1', int(sys.argv[2]))"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(corpus.db), str(port)])
    try:
        _wait(f"http://127.0.0.1:{port}/", process)
        yield Server(f"http://127.0.0.1:{port}", corpus)
    finally:
        process.terminate()
        process.wait(20)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(150):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode} before it answered")
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not answer within half a minute")


@pytest.fixture(scope="module")  # Playwright's loop must end before another module's asynchronous tests
def browser() -> Iterator[Browser]:
    """Chromium: the one ART7_CHROMIUM names, else the one on the path."""
    found = os.environ.get("ART7_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        pytest.skip("no Chromium found: install one or name it in ART7_CHROMIUM")
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=quiet)
        yield started
        started.close()


@dataclass(frozen=True)
class Visit:
    """A browser page, with what it said on its console and what it asked for."""

    page: Page
    errors: list[str]
    requests: list[str]


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visit]:
    """A fresh page of 1280 by 800; whatever the test does, the console stays clean and nothing leaves the host."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, base_url=server.url)
    page = context.new_page()
    made = Visit(page, [], [])

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            made.errors.append(message.text)

    def asked(request: Request) -> None:
        made.requests.append(request.url)

    page.on("console", heard)
    page.on("pageerror", lambda error: made.errors.append(str(error)))
    page.on("request", asked)
    yield made
    context.close()
    assert made.errors == []
    assert [url for url in made.requests if not url.startswith((server.url, "data:"))] == []


@pytest.fixture
def connection(corpus: Corpus) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(corpus.db)) as opened:
        yield opened
