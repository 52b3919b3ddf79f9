"""Documents made for the tests of this room: real files of each kind."""

import io
import zipfile
from collections.abc import Callable, Mapping

import docx
import fpdf
from PIL import Image

SENTENCE = "The old baker of Vessen rises before the sun and lights her oven while the town is still asleep. "


def word(build: Callable[["docx.document.Document"], None]) -> bytes:
    """A .docx."""
    document = docx.Document()
    build(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def word_with_parts(parts: Mapping[str, bytes]) -> bytes:
    """A small .docx with some of its parts replaced or added, compressed."""
    whole = word(lambda document: document.add_paragraph("Mirela bakes."))
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(whole)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in dict.fromkeys([*source.namelist(), *parts]):
            target.writestr(name, parts[name] if name in parts else source.read(name))
    return buffer.getvalue()


class Book(fpdf.FPDF):
    """A PDF with a running header and numbered pages."""

    def header(self) -> None:
        self.set_font("helvetica", size=9)
        self.cell(0, 8, "The Book of Vessen", new_x="LMARGIN", new_y="NEXT")

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("helvetica", size=9)
        self.cell(0, 8, f"Page {self.page_no()}", align="C")


def paragraph(pdf: fpdf.FPDF, text: str) -> None:
    pdf.set_font("helvetica", size=11)
    pdf.multi_cell(0, 5.5, text, new_x="LMARGIN", new_y="NEXT")


def heading(pdf: fpdf.FPDF, text: str) -> None:
    pdf.set_font("helvetica", "B", 18)
    pdf.cell(0, 12, text, new_x="LMARGIN", new_y="NEXT")


def pdf_bytes(pdf: fpdf.FPDF) -> bytes:
    return bytes(pdf.output())


def scan(pages: int = 1) -> fpdf.FPDF:
    """Pages that hold nothing but a picture."""
    pdf = fpdf.FPDF()
    for _ in range(pages):
        pdf.add_page()
        pdf.image(Image.new("L", (60, 80), 200), w=100)
    return pdf


def zipped(parts: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive; a part called mimetype is stored as it is, as EPUB and ODF ask for."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else method)
    return buffer.getvalue()


CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>"""


def chapter(body: str, title: str = "The Book of Vessen") -> str:
    """An XHTML page as EPUB programs write it."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml"'
        ' xmlns:epub="http://www.idpf.org/2007/ops">'
        f"<head><title>{title}</title></head><body>{body}</body></html>"
    )


def package(items: str, spine: str, more: str = "", title: str = "The Book of Vessen") -> str:
    """An EPUB's package document."""
    return (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0"'
        ' unique-identifier="id"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{title}</dc:title><dc:title>Second Title</dc:title></metadata>"
        f"<manifest>{items}</manifest><spine>{spine}</spine>{more}</package>"
    )


def epub_parts(*bodies: str) -> dict[str, bytes | str]:
    """An EPUB with a page for each body, page0.xhtml and so on."""
    pages = {f"OEBPS/page{number}.xhtml": chapter(body) for number, body in enumerate(bodies)}
    items = "".join(
        f'<item id="p{number}" href="page{number}.xhtml" media-type="application/xhtml+xml"/>'
        for number in range(len(bodies))
    )
    spine = "".join(f'<itemref idref="p{number}"/>' for number in range(len(bodies)))
    return {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": package(items, spine),
        **pages,
    }


_ODF = "urn:oasis:names:tc:opendocument:xmlns"
ODF_NAMESPACES = " ".join(
    f'xmlns:{name}="{_ODF}:{name}:1.0"' for name in ("office", "text", "table", "style", "manifest", "meta")
)
ODF_NAMESPACES += f' xmlns:draw="{_ODF}:drawing:1.0" xmlns:svg="{_ODF}:svg-compatible:1.0"'
ODF_NAMESPACES += ' xmlns:dc="http://purl.org/dc/elements/1.1/"'


def odt_content(body: str, styles: str = "") -> str:
    """content.xml of an OpenDocument text."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {ODF_NAMESPACES}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )


def odt_parts(body: str, styles: str = "", title: str = "") -> dict[str, bytes | str]:
    """An OpenDocument text."""
    return {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": odt_content(body, styles),
        "meta.xml": f"<office:document-meta {ODF_NAMESPACES}><office:meta><dc:title>{title}</dc:title>"
        "</office:meta></office:document-meta>",
        "META-INF/manifest.xml": f"<manifest:manifest {ODF_NAMESPACES}><manifest:file-entry"
        ' manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
    }


def rtf(body: str | bytes) -> bytes:
    """A small RTF document."""
    return b"{\\rtf1\\ansi\\ansicpg1252 " + (body.encode("ascii") if isinstance(body, str) else body) + b"}"
