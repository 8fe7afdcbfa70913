"""Draws a page of a kept PDF as a PNG."""

from __future__ import annotations

import asyncio
import io
import textwrap
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw, ImageFont

NARROWEST, WIDEST, USUAL = 400, 2000, 1000  # pixels
_MOST_PIXELS = 20_000_000  # a page may be very long and thin
# pdfium is not thread-safe: one thread draws for everybody.
_ARTIST = ThreadPoolExecutor(max_workers=1, thread_name_prefix="page-image")


class ImageError(RuntimeError):
    """The page cannot be drawn; the message says what to do."""


def bounded_width(asked: str | None) -> int:
    """Return the width in pixels that was asked for, kept within bounds; the usual one for anything else."""
    if asked is None or not (asked.isascii() and asked.isdigit()):
        return USUAL
    return min(max(int(asked[:6]), NARROWEST), WIDEST)


async def page_image(path: Path, number: int, width: int) -> bytes:
    """Return page `number` (from 1) as a PNG `width` pixels wide; ImageError when it cannot be drawn."""
    if not path.is_file():
        raise ImageError("The PDF of this report is not kept here. Code its file again to see its pages.")
    return await asyncio.get_running_loop().run_in_executor(_ARTIST, _draw, path, number, width)


@lru_cache(maxsize=64)
def _draw(path: Path, number: int, width: int) -> bytes:
    try:
        with pypdfium2.PdfDocument(path) as pdf:
            pdf.init_forms()  # else what was typed into a form's fields stays unseen
            if not 1 <= number <= len(pdf):
                raise ImageError(f"The kept PDF has {len(pdf)} pages; there is no page {number}.")
            image = _render(pdf[number - 1], width)
    except pypdfium2.PdfiumError as error:
        raise ImageError(
            f"Page {number} cannot be drawn ({error}). Open the PDF itself to see it."
        ) from error
    return _png(image)


def _render(page: pypdfium2.PdfPage, width: int) -> Image.Image:
    across, down = page.get_size()
    if across <= 0 or down <= 0:
        raise ImageError("The page has no size and cannot be drawn.")
    scale = min(width / across, (_MOST_PIXELS / (across * down)) ** 0.5)
    image: Image.Image = page.render(scale=scale).to_pil()
    return image


def placeholder(message: str, width: int) -> bytes:
    """Return a plain picture with the message on it, in place of a page."""
    image = Image.new("RGB", (width, width // 2), "#f3f3f3")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=width / 40)
    draw.multiline_text(
        (width // 20, width // 6), textwrap.fill(message, 68), fill="#222", font=font, spacing=8
    )
    return _png(image)


def _png(image: Image.Image) -> bytes:
    held = io.BytesIO()
    image.save(held, "PNG")
    return held.getvalue()
