"""PDFs made for the tests of reading: a web page printed to PDF, and a PDF scanned a little crooked."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pypdfium2
import pytest

SAMPLES = Path(__file__).parents[2] / "corpus_sample"
STYLE = """
@page { size: A4; margin: 22mm 20mm; }
html { font: 10.5pt/1.35 "Noto Serif", "Noto Naskh Arabic", "Noto Serif CJK SC", serif; }
h1 { font-size: 16pt; } h2 { font-size: 12.5pt; margin: 6mm 0 2mm; } p { margin: 0 0 3mm; text-align: justify; }
table { border-collapse: collapse; width: 100%; margin: 2mm 0 4mm; }
table.ruled td, table.ruled th { border: 0.6pt solid #222; padding: 1.2mm 1.8mm; text-align: start; }
table:not(.ruled) td, table:not(.ruled) th { padding: 1mm 3mm; text-align: start; vertical-align: top; }
.columns { columns: 2; column-gap: 9mm; }
.break { break-after: page; }
"""


@lru_cache(maxsize=64)
def print_pdf(body: str, style: str = "", language: str = "en") -> bytes:
    """Return a web page of `body` as PDF."""
    from weasyprint import HTML

    page = f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"><style>{STYLE}{style}</style>{body}'
    return bytes(HTML(string=page).write_pdf())


def scan_pdf(pdf: bytes, degrees: float = 0.5, dpi: int = 200) -> bytes:
    """Return the pages as pictures, each turned by `degrees`."""
    from PIL import Image

    pictures = []
    for page in pypdfium2.PdfDocument(pdf):
        picture = page.render(scale=dpi / 72, grayscale=True).to_pil()
        pictures.append(picture.rotate(degrees, fillcolor=255, resample=Image.Resampling.BICUBIC))
    out = io.BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:], resolution=dpi, quality=60)
    return out.getvalue()


@pytest.fixture(scope="session")
def printed() -> Callable[..., bytes]:
    """Return a function that prints HTML: (body, style, language) -> PDF."""
    return print_pdf


@pytest.fixture(scope="session")
def scanned() -> Callable[..., bytes]:
    """Return a function that scans a PDF: (pdf, degrees, dpi) -> PDF."""
    return scan_pdf


@pytest.fixture(scope="session")
def samples() -> Path:
    """Return the folder of sample reports."""
    return SAMPLES
