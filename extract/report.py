"""From the bytes of a PDF to a Report: the steps in their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extract.cover import read_cover
from extract.language import shares
from extract.layout import strip_furniture
from extract.pages import read_pages
from extract.parts import page_record, page_tables, running_text, tilted_passage, tilted_table
from extract.passages import make_passages
from extract.records import Page, Problem, Report
from extract.tables import read_tables
from extract.triage import look_alike, triage

TITLE_PAGES = 3  # a look-alike says on its first pages what it is


def read_report(data: bytes, file_name: str, *, force: bool = False) -> Report:
    """Return everything that can be read from the PDF. Never raises for what is in the file.

    What went wrong is in `problems`; a file that is not to be coded comes back with `refused`. `force` reads a
    report that looks like another kind of document; it cannot open a broken or locked file.
    """
    checked = triage(data, file_name)
    report = Report(
        file_name, checked.sha256, checked.size, problems=checked.problems, refused=checked.refused
    )
    if checked.refused:
        return report

    sheets = list(read_pages(data))
    ruled, lost_tables = read_tables(data, [sheet.words for sheet in sheets if sheet.words.ruled])
    grids = [page_tables(sheet, ruled) for sheet in sheets]
    running = [running_text(sheet, found) for sheet, found in zip(sheets, grids, strict=True)]
    blocks, furniture = strip_furniture(running)
    pages = [page_record(*parts) for parts in zip(sheets, blocks, grids, furniture, strict=True)]
    problems = [*checked.problems, *(p for sheet in sheets for p in sheet.problems), *lost_tables]

    other_kind = None if force else look_alike("\n".join(page.text for page in pages[:TITLE_PAGES]))
    if other_kind:
        return replace(report, pages=tuple(pages), problems=(*problems, other_kind), refused=True)

    tables = [table for found in grids for table in found]
    passages = make_passages(blocks, tables)
    cover, doubts = read_cover(passages, pages, file_name)
    slopes = {sheet.words.number: sheet.slope for sheet in sheets}
    return replace(
        report,
        pages=tuple(pages),
        passages=tuple(tilted_passage(passage, slopes) for passage in passages),
        tables=tuple(tilted_table(table, slopes) for table in tables),
        cover=cover,
        languages=shares((p.text for p in passages), (p.language for p in passages)),
        problems=(*problems, *_silence(pages, problems), *doubts),
    )


def _silence(pages: Sequence[Page], problems: Sequence[Problem]) -> list[Problem]:
    """Return a problem if nothing at all was read and no other problem says why."""
    if any(page.text for page in pages) or problems:
        return []
    detail = "Not a word was found on any page. Look at the file in a PDF reader; it may be blank."
    return [Problem("text", "no_text", detail)]
