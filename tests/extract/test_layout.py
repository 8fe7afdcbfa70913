"""Reading order, columns, headings and running headers on real pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extract.documents import open_pdf
from extract.layout import Block, arrange, strip_furniture
from extract.text import read_words

LONG = "The teams went to the hills every morning and came back at night with what they had found. "


Read = Callable[..., list[list[Block]]]


@pytest.fixture
def blocks_of(printed: Callable[..., bytes]) -> Read:
    """Return a function that prints HTML and returns the blocks of each page."""

    def read(body: str, style: str = "", language: str = "en") -> list[list[Block]]:
        document = open_pdf(printed(body, style, language))
        return [arrange(read_words(document[i], i + 1)) for i in range(len(document))]

    return read


def test_paragraphs_and_heading_are_apart(blocks_of: Read) -> None:
    (blocks,) = blocks_of(f"<h2>4. Areas known</h2><p>{LONG * 3}</p><p>Second {LONG}</p>")
    assert [b.heading for b in blocks] == [True, False, False]
    assert blocks[0].text == "4. Areas known"
    assert blocks[1].text == (LONG * 3).strip()


def test_columns_are_read_one_after_the_other(blocks_of: Read) -> None:
    body = "<h2>7. Victims</h2><div class='columns'>"
    body += "".join(f"<p>Paragraph {n} begins. {LONG * 3}</p>" for n in range(1, 7)) + "</div>"
    (blocks,) = blocks_of(body)
    text = " ".join(b.text for b in blocks)
    starts = [text.index(f"Paragraph {n} begins") for n in range(1, 7)]
    assert starts == sorted(starts)
    assert text.count(LONG.strip()) == 18
    assert {b.column for b in blocks} == {0, 1}


def test_last_lines_of_columns_are_not_mixed(blocks_of: Read) -> None:
    (blocks,) = blocks_of(f"<div class='columns'><p>{LONG * 2}</p></div>")
    assert " ".join(b.text for b in blocks) == (LONG * 2).strip()


def test_arabic_columns_are_read_from_the_right(blocks_of: Read) -> None:
    line = "وأصدرت الأمانة العامة لمجلس الوزراء خلال السنة تعليمات إلى المحافظات كافة. "
    body = (
        "<div class='columns'>"
        + "".join(f"<p>الفقرة {n} تبدأ. {line * 4}</p>" for n in range(1, 5))
        + "</div>"
    )
    (blocks,) = blocks_of(body, language="ar")
    text = " ".join(b.text for b in blocks)
    starts = [text.index(f"الفقرة {n} تبدأ") for n in range(1, 5)]
    assert starts == sorted(starts)


def test_arabic_line_with_latin_words(blocks_of: Read) -> None:
    sentence = "تدار البيانات بنظام IMSMA Core الذي يغذيه المشغلون في عام 2024"
    (blocks,) = blocks_of(f"<p>{sentence}</p>", language="ar")
    assert blocks[0].text == sentence


def test_list_items_stand_alone(blocks_of: Read) -> None:
    items = "".join(
        f"<li>{word} items are kept in the store of the town</li>" for word in ("Red", "Green", "Blue")
    )
    (blocks,) = blocks_of(f"<p>These are kept:</p><ul>{items}</ul>")
    assert [b.text.split()[1] for b in blocks[1:]] == ["Red", "Green", "Blue"]


def test_dash_inside_a_sentence_begins_no_item(blocks_of: Read) -> None:
    text = (
        "Abbreviations in this report: "
        + "; ".join(f"ABC{n} – the name of a standard" for n in range(30))
        + "."
    )
    (blocks,) = blocks_of(f"<p>{text}</p>")
    assert len(blocks) == 1


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("mine clear-", "ance teams", "mine clearance teams"),
        ("the anti-", "personnel mines", "the anti-personnel mines"),
        ("Anti-", "Personnel Mines", "Anti-Personnel Mines"),
    ],
)
def test_words_cut_by_a_line_end(blocks_of: Read, first: str, second: str, whole: str) -> None:
    (blocks,) = blocks_of(f"<p style='text-align:left'>{first}<br>{second}</p>")
    assert blocks[0].text == whole


HEADER = """@page { @top-center { content: 'Report of Freedonia on Article 7' }
                    @bottom-right { content: counter(page) } }"""


def test_running_headers_and_page_numbers_are_taken_out(blocks_of: Read) -> None:
    pages = blocks_of("".join(f"<p class='break'>Page text {n}. {LONG}</p>" for n in range(4)), HEADER)
    rest, taken = strip_furniture(pages)
    for n, (blocks, furniture) in enumerate(zip(rest, taken, strict=True)):
        if blocks:
            assert [b.text for b in blocks] == [f"Page text {n}. {LONG}".strip()]
        assert furniture[0] == "Report of Freedonia on Article 7"


def test_a_line_that_stands_on_one_page_stays(blocks_of: Read) -> None:
    pages = blocks_of(f"<p>State: Freedonia</p><p class='break'>{LONG}</p><p>Other text here.</p>")
    rest, taken = strip_furniture(pages)
    assert rest == pages
    assert taken == [(), ()]
