"""Make the small PDFs that the tests read: `python tests/pdfs/make.py`. All of them are invented.

The files are kept beside this script so that tests need neither fonts nor a renderer; run it again only to change
one of them.
"""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pypdfium2
from weasyprint import HTML

HERE = Path(__file__).parent
NOTICE = "Invented for tests; not a document of any State"
STYLE = "<style>@page{size:A5;margin:15mm}body{font:10pt 'DejaVu Sans'}td,th{border:.6pt solid;padding:2pt}</style>"
ENGLISH = """
<h1>Form I</h1><p>Measures to provide warning to the population</p>
<p>Teams held 48 sessions in <b>twelve</b> villages of the northern district and put up 310 warning signs in 2024.</p>
<table style="border-collapse:collapse"><tr><th>District</th><th>Women</th><th>Men</th></tr>
<tr><td>North</td><td>1 204</td><td>987</td></tr><tr><td>South</td><td>655</td><td>701</td></tr></table>
"""
ARABIC = """<div dir="rtl" lang="ar">
<p>أتلفت الدولة 1250 لغماً مضاداً للأفراد في عام 2024 (المادة 7) وفق معيار IMAS 10.40 للإزالة.</p>
<p>الفترة من ١ كانون الثاني/يناير ٢٠٢٤ إلى 31/12/2024، وتم تطهير 3.5 كم² بنسبة 45% من الأراضي الملغومة.</p>
<p>وبلغت المساحة المطهرة 1&nbsp;234&nbsp;567 متراً مربعاً في الأعوام 2020-2024 [DMA].</p>
</div>"""
CLUSTER = """
<h1>Convention on Cluster Munitions</h1><h2>Article 7 transparency report</h2>
<p>Form F: status and progress of clearance of contaminated areas. An invented State found 14 areas with remnants.</p>
"""
MENTION = """
<h1>Convention on the Prohibition of the Use, Stockpiling, Production and Transfer of Anti-Personnel Mines and on
Their Destruction</h1><h2>Reporting formats for Article 7</h2>
<p>Since its last report the invented State has also joined the Convention on Cluster Munitions and Amended Protocol
II, and sends reports on both elsewhere.</p>
"""
SPANISH = """
<h1>Formulario C</h1><p>Durante el año 2024 se despejaron 1.250 metros cuadrados en la provincia inventada, y las
comunidades recibieron las tierras para la agricultura. Los equipos destruyeron 37 minas antipersonal y marcaron dos
zonas sospechosas con señales nuevas, que se revisarán el próximo año.</p>
"""


def typed(body: str) -> bytes:
    """Return a PDF of `body` with the notice in its metadata and nothing in it that changes from run to run."""
    return noted(HTML(string=f"<html>{STYLE}{body}</html>").write_pdf())


def noted(pdf: bytes, encryption: pikepdf.Encryption | None = None) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for key in list(document.docinfo):
            del document.docinfo[key]
        document.docinfo["/Subject"] = NOTICE
        return saved(document, encryption)


def saved(document: pikepdf.Pdf, encryption: pikepdf.Encryption | None = None) -> bytes:
    out = io.BytesIO()
    if encryption:
        document.save(out, encryption=encryption)
    else:
        document.save(out, deterministic_id=True)
    return out.getvalue()


def scanned(pdf: bytes, turn: int = 0, dpi: int = 150) -> bytes:
    """Return the first page as a picture without text, lying on its side if asked for."""
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=dpi / 72, grayscale=True).to_pil().convert("L")
    out = io.BytesIO()
    page.rotate(turn, expand=True, fillcolor=255).save(out, "PDF", resolution=dpi, quality=40)
    return noted(out.getvalue())


def turned(pdf: bytes) -> bytes:
    """Return the PDF with its content lying on its side and the page turned so that a person sees it upright."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        page = document.pages[0]
        width, height = (float(page.mediabox[i]) for i in (2, 3))
        page.contents_add(f"q 0 1 -1 0 {height} 0 cm".encode(), prepend=True)
        page.contents_add(b"Q")
        page.mediabox = [0, 0, height, width]
        page.rotate(90, relative=False)
        return saved(document)


def filled_form() -> bytes:
    """Return a form whose one answer stands in a field, not on the page."""
    with pikepdf.open(io.BytesIO(typed("<p>Name of State:</p>"))) as document:
        page = document.pages[0]
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        looks = document.make_stream(b"BT /F1 11 Tf 2 4 Td (Republic of Nowhere) Tj ET")
        looks.Subtype, looks.BBox = pikepdf.Name.Form, [0, 0, 200, 18]
        looks.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        field = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Tx,
                T="state",
                V="Republic of Nowhere",
                Rect=[60, 400, 260, 418],
                F=4,
                AP=pikepdf.Dictionary(N=looks),
            )
        )
        page.Annots = document.make_indirect(pikepdf.Array([field]))
        document.Root.AcroForm = pikepdf.Dictionary(Fields=[field])
        return saved(document)


def blank() -> bytes:
    with pikepdf.new() as document:
        for _ in range(3):
            document.add_blank_page(page_size=(420, 595))
        return noted(saved(document))


def no_pages() -> bytes:
    with pikepdf.new() as document:
        return saved(document)


def all_files() -> dict[str, bytes]:
    english = typed(ENGLISH)
    return {
        "empty_file.pdf": b"",
        "not_a_pdf.pdf": b"Minutes of a meeting, saved under the wrong ending.\n",
        "web_page.pdf": b"<!DOCTYPE html><html><body>404: this report has moved</body></html>\n",
        "broken.pdf": english[:1500],
        "no_pages.pdf": no_pages(),
        "locked.pdf": noted(english, pikepdf.Encryption(user="sesame", owner="mountain")),
        "owner_locked.pdf": noted(english, pikepdf.Encryption(user="", owner="mountain")),
        "cluster_munitions.pdf": typed(CLUSTER),
        "mentions_others.pdf": typed(MENTION),
        "english.pdf": english,
        "arabic.pdf": typed(ARABIC),
        "turned.pdf": turned(english),
        "filled_form.pdf": filled_form(),
        "no_text.pdf": blank(),
        "scan_english.pdf": scanned(english),
        "scan_arabic.pdf": scanned(typed(ARABIC), dpi=200),
        "scan_spanish.pdf": scanned(typed(SPANISH)),
        "scan_on_its_side.pdf": scanned(typed(SPANISH), turn=90),
    }


def main() -> None:
    for name, data in all_files().items():
        (HERE / name).write_bytes(data)
        print(f"{name}: {len(data)} bytes")


if __name__ == "__main__":
    main()
