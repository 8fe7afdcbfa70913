"""Opening PDFs, and making one of several."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from extract.documents import UnreadablePdf, merge, open_pdf
from extract.text import read_words

PDFS = Path(__file__).parents[1] / "pdfs"


def _bytes(name: str) -> bytes:
    return (PDFS / name).read_bytes()


def _words(data: bytes) -> list[list[str]]:
    return [[word.text for word in read_words(page, 1).words] for page in open_pdf(data)]


def test_what_was_typed_into_a_form_is_on_the_page() -> None:
    bare = pypdfium2.PdfDocument(_bytes("filled_form.pdf"))[0].get_textpage().get_text_range()
    assert "Nowhere" not in bare
    assert _words(_bytes("filled_form.pdf")) == [["Name", "of", "State:", "Republic", "of", "Nowhere"]]


def test_empty_password_is_tried() -> None:
    assert _words(_bytes("owner_locked.pdf")) == _words(_bytes("english.pdf"))


def test_merge_puts_the_cover_first_and_counts_numbers() -> None:
    parts = [("Form 10.pdf", "arabic.pdf"), ("Form 9.pdf", "english.pdf"), ("cover.pdf", "no_text.pdf")]
    whole = _words(merge([(name, _bytes(source)) for name, source in parts]))
    assert [bool(words) for words in whole] == [False, False, False, True, True]
    assert whole[3] == _words(_bytes("english.pdf"))[0]
    assert whole[4] == _words(_bytes("arabic.pdf"))[0]


def test_merge_keeps_what_was_typed_into_forms() -> None:
    assert "Nowhere" in _words(merge([("a.pdf", _bytes("filled_form.pdf"))]))[0]


def test_merging_twice_gives_the_same_bytes() -> None:
    files = [("FormA.pdf", _bytes("english.pdf")), ("FormB.pdf", _bytes("arabic.pdf"))]
    assert merge(files) == merge(files[::-1])


def test_merge_names_the_file_that_cannot_be_opened() -> None:
    with pytest.raises(UnreadablePdf, match=r"FormB\.pdf could not be opened"):
        merge([("FormA.pdf", _bytes("english.pdf")), ("FormB.pdf", _bytes("broken.pdf"))])
