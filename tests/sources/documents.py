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
