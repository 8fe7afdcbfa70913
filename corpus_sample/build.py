"""Render the sample reports from their sources: `python corpus_sample/build.py [NAME...]`.

Each source is an HTML file with a YAML file beside it that says what the report is and what it exercises. Typed
samples are written by WeasyPrint; a sample with `render: scanned` is printed, then turned into slightly skewed,
noisy page images with no text layer, as an office scanner would leave it. Also writes `manifest.csv`.
"""

from __future__ import annotations

import csv
import hashlib
import io
import sys
from pathlib import Path

import yaml

HERE = Path(__file__).parent
SOURCES = HERE / "sources"
NOTICE = "Invented sample for testing the Article 7 coder; not a document of any State"
SCAN_DPI = 200


def render(name: str, about: dict) -> bytes:
    """Return the PDF of one sample."""
    from weasyprint import HTML

    typed = HTML(str(SOURCES / f"{name}.html")).write_pdf()
    return marked(scan(typed) if about.get("render") == "scanned" else typed, about)


def scan(typed: bytes) -> bytes:
    """Return the same pages as grey images, a little skewed and speckled (seeded, so each run gives the same)."""
    import numpy as np
    import pypdfium2
    from PIL import Image

    random = np.random.default_rng(7)
    images = []
    for page in pypdfium2.PdfDocument(typed):
        image = page.render(scale=SCAN_DPI / 72, grayscale=True).to_pil()
        image = image.rotate(random.uniform(-0.6, 0.6), fillcolor=255, resample=Image.Resampling.BICUBIC)
        pixels = np.asarray(image, dtype=np.float32)
        pixels = pixels * 0.86 + 22 + random.normal(0, 6, pixels.shape)
        images.append(Image.fromarray(pixels.clip(0, 255).astype("uint8")))
    out = io.BytesIO()
    images[0].save(out, "PDF", save_all=True, append_images=images[1:], resolution=SCAN_DPI, quality=45)
    return out.getvalue()


def marked(pdf: bytes, about: dict) -> bytes:
    """Return the PDF with the notice in its metadata, and no dates, so that a rebuild changes nothing."""
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for key in list(document.docinfo):
            del document.docinfo[key]
        document.docinfo["/Title"] = f"Sample report {about['file']}"
        document.docinfo["/Subject"] = NOTICE
        document.docinfo["/Keywords"] = "invented, sample, test"
        document.save(out, deterministic_id=True)
    return out.getvalue()


def manifest_row(about: dict, pdf: bytes) -> dict[str, str]:
    return {
        "file": about["file"],
        "sha256": hashlib.sha256(pdf).hexdigest(),
        "language": about["language"],
        "render": about.get("render", "typed"),
        "origin": f"sources/{Path(about['file']).stem}.html, invented for this project",
        "licence": "MIT",
        "notice": NOTICE,
        "exercises": "; ".join(about["exercises"]),
    }


def write_manifest() -> None:
    abouts = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(SOURCES.glob("*.yaml"))]
    rows = [manifest_row(about, (HERE / about["file"]).read_bytes()) for about in abouts]
    with (HERE / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main(names: list[str]) -> None:
    for path in sorted(SOURCES.glob("*.yaml")):
        if names and path.stem not in names:
            continue
        about = yaml.safe_load(path.read_text("utf-8"))
        pdf = render(path.stem, about)
        (HERE / about["file"]).write_bytes(pdf)
        print(f"{about['file']}: {len(pdf) / 1024:.0f} KiB")
    write_manifest()


if __name__ == "__main__":
    main(sys.argv[1:])
