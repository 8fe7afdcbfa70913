"""What a person sees and does: boxes on the page, the keyboard, folded parts, no JavaScript."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Locator, Page, expect

from .conftest import Server, Visit

TABLES = "/some+corpus"


def _inside(inner: Locator, outer: Locator) -> bool:
    a, b = inner.bounding_box(), outer.bounding_box()
    assert a is not None
    assert b is not None
    return (
        a["x"] >= b["x"]
        and a["y"] >= b["y"]
        and a["x"] + a["width"] <= b["x"] + b["width"]
        and a["y"] + a["height"] <= b["y"] + b["height"]
    )


def _drawn(page: Page) -> bool:
    return bool(
        page.locator(".sheet img").evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    )


def _press(page: Page, key: str) -> None:
    """Press a key that leads to another page, and wait until that page is ready."""
    with page.expect_navigation():
        page.keyboard.press(key)


def test_evidence_boxes_stand_on_the_page_image(visit: Visit, server: Server) -> None:
    for zoom in ("100", "200"):
        visit.page.goto(f"/report/{server.corpus.typed}?zoom={zoom}")
        assert _drawn(visit.page)
        boxes = visit.page.locator("a.box rect")
        expect(boxes).to_have_count(3)
        for box in boxes.all():
            size = box.bounding_box()
            assert size is not None
            assert size["width"] > 50
            assert 5 < size["height"] < 60
            assert _inside(box, visit.page.locator(".sheet img"))


def test_boxes_lie_over_the_words_they_stand_for(visit: Visit, server: Server) -> None:
    visit.page.goto(f"/report/{server.corpus.typed}")
    assert _drawn(visit.page)
    # a box drawn over text holds dark points of the picture beneath it
    dark = visit.page.evaluate(
        """() => {
            const image = document.querySelector(".sheet img");
            const canvas = Object.assign(document.createElement("canvas"),
                {width: image.naturalWidth, height: image.naturalHeight});
            const pen = canvas.getContext("2d");
            pen.drawImage(image, 0, 0);
            const scale = image.naturalWidth / document.querySelector(".sheet svg").viewBox.baseVal.width;
            return [...document.querySelectorAll("a.box rect")].map((box) => {
                const part = ["x", "y", "width", "height"].map((name) => box[name].baseVal.value * scale);
                const points = pen.getImageData(...part).data;
                let found = 0;
                for (let i = 0; i < points.length; i += 4) found += points[i] < 90;
                return found;
            });
        }"""
    )
    assert len(dark) == 3
    assert all(found > 100 for found in dark)


def test_hovering_and_focusing_a_coding_lights_its_boxes(visit: Visit, server: Server) -> None:
    page = visit.page
    page.goto(f"/report/{server.corpus.typed}")
    coding = page.locator('[id="c-4.1"]')
    coding.hover()
    expect(page.locator("a.box.lit")).to_have_count(2)
    page.locator('[id="c-26.1"] h4 a').focus()
    expect(page.locator("a.box.lit")).to_have_count(1)
    page.locator('a.box[data-codings="4.1"] rect').first.hover()
    expect(coding).to_have_class(re.compile(r"\blit\b"))


def test_pages_are_turned_by_keyboard_and_mouse(visit: Visit, server: Server) -> None:
    page = visit.page
    page.goto(f"/report/{server.corpus.typed}")
    _press(page, "ArrowRight")
    expect(page.locator(".pager strong")).to_have_text("Page 2 of 6")
    _press(page, "ArrowLeft")
    expect(page.locator(".pager strong")).to_have_text("Page 1 of 6")
    page.locator(".page-list a", has_text="4").click()
    expect(page.locator(".pager strong")).to_have_text("Page 4 of 6")
    page.locator(".pager a[rel=next]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".pager strong")).to_have_text("Page 5 of 6")


def test_turning_pages_keeps_the_place_in_the_codings(visit: Visit, server: Server) -> None:
    page = visit.page
    page.goto(f"/report/{server.corpus.typed}")
    page.locator(".codings-pane").evaluate("pane => { pane.scrollTop = 150; }")
    _press(page, "ArrowRight")
    expect(page.locator(".pager strong")).to_have_text("Page 2 of 6")
    page.wait_for_function("document.querySelector('.codings-pane').scrollTop === 150")


def test_both_sides_of_a_report_scroll_by_themselves(visit: Visit, server: Server) -> None:
    page = visit.page
    page.goto(f"/report/{server.corpus.typed}")
    assert _drawn(page)
    for selector in (".sheet-frame", ".codings-pane"):
        pane = page.locator(selector)
        assert pane.evaluate("pane => pane.scrollHeight > pane.clientHeight + 50"), selector
        size = pane.bounding_box()
        assert size is not None
        assert size["y"] + size["height"] <= 800
    assert page.evaluate("document.scrollingElement.scrollHeight") <= 800


def test_evidence_leads_to_its_page_and_box(visit: Visit, server: Server) -> None:
    page = visit.page
    page.goto(f"/report/{server.corpus.typed}")
    page.locator('[id="c-17.1"] blockquote a').click()
    expect(page.locator(".pager strong")).to_have_text("Page 2 of 6")
    box = page.locator("a.box:target rect")
    expect(box).to_have_count(1)
    assert _inside(box, page.locator(".sheet-frame"))


def test_a_search_hit_is_shown_on_its_page(visit: Visit) -> None:
    page = visit.page
    page.goto("/")
    page.get_by_label("Search what the reports say").fill("inspection")
    _press(page, "Enter")
    page.locator("ol.found a").first.click()
    target = page.locator(".box:target rect").first
    assert target.evaluate("box => getComputedStyle(box).stroke") not in ("none", "")
    assert _inside(target, page.locator(".sheet-frame"))


def test_silent_codings_are_folded_and_opened_by_a_link_to_one(visit: Visit, server: Server) -> None:
    page = visit.page
    page.goto(f"/report/{server.corpus.typed}")
    expect(page.locator('[id="c-1.1"]')).to_be_hidden()
    page.goto("/state/KHM")
    page.locator(f'a[href="/report/{server.corpus.typed}#c-1.1"]').click()
    expect(page.locator('[id="c-1.1"]')).to_be_visible()


def test_scripts_in_names_and_passages_do_not_run(visit: Visit, server: Server) -> None:
    for path in (
        f"/report/{server.corpus.invented}",
        "/search?q=destroyed",
        f"{TABLES}/reports",
        f"{TABLES}/passages",
    ):
        visit.page.goto(path)
        assert "window.hurt" in visit.page.inner_text("main"), path
        assert visit.page.evaluate("window.hurt") is None, path


def test_datasettes_pages_work_under_our_policy(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{TABLES}/coded")
    expect(page.locator("dl.column-descriptions")).to_be_hidden()
    page.get_by_text("What the columns mean").click()
    expect(page.locator("dl.column-descriptions")).to_be_visible()
    page.locator(".facet-info a", has_text="partial").click()
    expect(page.locator("h3", has_text="3 rows")).to_be_visible()
    page.locator("th .dropdown-menu-icon").first.click()
    expect(page.get_by_text("Sort ascending")).to_be_visible()
    page.goto(TABLES)
    expect(page.locator(".CodeMirror")).to_be_visible()


def test_every_field_has_a_label_and_every_picture_its_text(visit: Visit, server: Server) -> None:
    for path in ("/", "/search?q=mine", f"/report/{server.corpus.typed}", "/indicators", "/indicator/4.1"):
        visit.page.goto(path)
        bare = visit.page.evaluate(
            """() => [...document.querySelectorAll("input:not([type=submit]), select, img")].filter((field) =>
                field.tagName === "IMG" ? !field.alt : !(field.labels && field.labels.length)).length"""
        )
        assert bare == 0, path
        assert visit.page.locator("html").get_attribute("lang") == "en"
        assert visit.page.locator("h1").count() == 1


def test_skip_link_is_the_first_stop_of_the_keyboard(visit: Visit) -> None:
    visit.page.goto("/indicators")
    visit.page.keyboard.press("Tab")
    focused = visit.page.locator(":focus")
    expect(focused).to_have_text("Skip to the content")
    expect(focused).to_be_in_viewport()


def test_a_report_is_readable_without_javascript(browser: Browser, server: Server) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=server.url)
    page = context.new_page()
    page.goto(f"/report/{server.corpus.typed}?page=2")
    expect(page.locator(".pager strong")).to_have_text("Page 2 of 6")
    expect(page.locator("a.box rect")).to_have_count(1)
    page.locator(".pager a[rel=next]").click()
    expect(page.locator(".pager strong")).to_have_text("Page 3 of 6")
    page.locator(".quiet-codings summary").first.click()
    expect(page.locator('[id="c-1.1"]')).to_be_visible()
    context.close()


def test_a_narrow_window_needs_no_sideways_scrolling(visit: Visit, server: Server) -> None:
    visit.page.set_viewport_size({"width": 700, "height": 900})
    for path in ("/", f"/report/{server.corpus.typed}", "/search?q=mine"):
        visit.page.goto(path)
        assert visit.page.evaluate("document.scrollingElement.scrollWidth") <= 700, path


def test_arabic_stands_on_the_right(visit: Visit, server: Server) -> None:
    visit.page.goto(f"/report/{server.corpus.invented}")
    quote = visit.page.locator('.coding blockquote [lang="ar"]')
    style = quote.evaluate(
        "words => { const s = getComputedStyle(words); return [s.direction, s.textAlign]; }"
    )
    assert style == ["rtl", "start"]


def test_passages_of_what_is_not_applicable_can_be_found(visit: Visit, server: Server) -> None:
    page = visit.page
    page.goto(f"/report/{server.corpus.typed}")
    page.locator("a.box").first.click()
    quiet = page.locator(".quiet-codings li.lit")
    expect(quiet).to_be_visible()
    expect(quiet.locator("a", has_text="page 1")).to_have_count(1)
