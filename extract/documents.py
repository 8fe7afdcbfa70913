"""Opening a PDF, and making one of several. pdfium is not thread-safe: one thread of a process may use this."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Sequence

import pypdfium2
import pypdfium2.raw as pdfium

_SEEN_NOTES = (pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT)  # notes that hold words of the report
_ID_LENGTH = 32


class UnreadablePdf(ValueError):
    """A PDF that cannot be opened; the message names the file and says what to do."""


def open_pdf(data: bytes) -> pypdfium2.PdfDocument:
    """Return the document; what was typed into form fields and text notes is part of its pages.

    Raises pypdfium2.PdfiumError where pdfium cannot open it (`extract.triage` says why and what to do).
    """
    document = pypdfium2.PdfDocument(data)
    if not _has_notes(document):
        return document
    try:
        flat = _flattened(document)
    except pypdfium2.PdfiumError:  # a form that pdfium cannot lay flat is read without its fields
        document.close()
        return pypdfium2.PdfDocument(data)
    document.close()
    return pypdfium2.PdfDocument(flat)


def merge(files: Sequence[tuple[str, bytes]]) -> bytes:
    """Return one PDF of all pages of `files` (name, bytes): covers first, then by name, numbers counted as such.

    The same files give the same bytes. Raises UnreadablePdf naming the file that cannot be opened.
    """
    whole = pypdfium2.PdfDocument.new()
    for name, data in sorted(files, key=lambda file: _place(file[0])):
        try:
            part = open_pdf(data)
            whole.import_pages(part)
        except pypdfium2.PdfiumError as error:
            raise UnreadablePdf(
                f"{name} could not be opened ({error}). Open it in a PDF reader, print it to a new PDF "
                "and put that in its place."
            ) from error
        part.close()
    merged = io.BytesIO()
    whole.save(merged)
    whole.close()
    return _timeless(merged.getvalue())


def _has_notes(document: pypdfium2.PdfDocument) -> bool:
    for number in range(len(document)):
        page = pdfium.FPDF_LoadPage(document, number)
        if not page:
            continue
        kinds = {_note_kind(page, index) for index in range(pdfium.FPDFPage_GetAnnotCount(page))}
        pdfium.FPDF_ClosePage(page)
        if kinds.intersection(_SEEN_NOTES):
            return True
    return False


def _note_kind(page: pdfium.FPDF_PAGE, index: int) -> int:
    note = pdfium.FPDFPage_GetAnnot(page, index)
    kind: int = pdfium.FPDFAnnot_GetSubtype(note) if note else pdfium.FPDF_ANNOT_UNKNOWN
    if note:
        pdfium.FPDFPage_CloseAnnot(note)
    return kind


def _flattened(document: pypdfium2.PdfDocument) -> bytes:
    """Return the document with the looks of its form fields and notes drawn on its pages."""
    document.init_forms()
    for number in range(len(document)):
        page = pdfium.FPDF_LoadPage(document, number)
        if page:
            pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
            pdfium.FPDF_ClosePage(page)
    flat = io.BytesIO()
    document.save(flat)
    return flat.getvalue()


def _place(name: str) -> tuple[bool, list[tuple[int, str]]]:
    """Return what a file is sorted by: a cover comes first, and Form 10 after Form 9."""
    pieces = re.findall(r"\d+|\D+", name.casefold())
    numbered = [(int(piece), "") if piece.isdecimal() else (-1, piece) for piece in pieces]
    return "cover" not in name.casefold() and "couverture" not in name.casefold(), numbered


def _timeless(pdf: bytes) -> bytes:
    """Return `pdf` with pdfium's date and random id replaced by ones that follow from its content."""
    pdf = re.sub(rb"(/CreationDate\s*\(D:)\d{14}", rb"\g<1>20000101000000", pdf, count=1)
    body, mark, end = pdf.rpartition(b"/ID[<")
    if not mark:
        return pdf
    identity = hashlib.sha256(body).hexdigest()[:_ID_LENGTH].upper().encode()
    return body + mark + re.sub(rb"[0-9A-F]{%d}" % _ID_LENGTH, identity, end)
