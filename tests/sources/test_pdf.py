"""PDFs through the real child process, and the joining of lines by itself."""

import sys
from pathlib import Path

import fpdf
import pytest
from fpdf.enums import EncryptionMethod

from cardforge_desktop.sources import pdf as pdf_reader
from cardforge_desktop.sources.model import SourceError, SourceText
from cardforge_desktop.sources.pdf import read_pdf
from cardforge_desktop.sources.pdf_layout import Line, join_pages
from tests.sources.documents import SENTENCE, Book, heading, paragraph, pdf_bytes, scan


def read(data: bytes) -> SourceText:
    return read_pdf(Path("mirela.pdf"), data)


def refused(data: bytes) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read(data)
    assert caught.value.message.startswith("mirela.pdf: ")
    return caught.value


def page(*texts: str, size: float = 10.0) -> list[Line]:
    """Lines of full width, one below the other."""
    return [Line(text, 50, 50 + 5 * len(text), 700 - 12 * place, size) for place, text in enumerate(texts)]


def test_a_book_is_read_as_paragraphs_under_headings() -> None:
    book = Book()
    book.set_title("Mirela of Vessen")
    book.add_page()
    heading(book, "The Baker")
    for number in range(12):
        paragraph(book, f"Part {number}. " + SENTENCE * 5)
    heading(book, "Her Past")
    for number in range(12, 24):
        paragraph(book, f"Part {number}. " + SENTENCE * 5)
    source = read(pdf_bytes(book))
    assert book.pages_count >= 3
    expected = [f"Part {number}. {(SENTENCE * 5).strip()}" for number in range(24)]
    assert source.text.split("\n\n") == ["## The Baker", *expected[:12], "## Her Past", *expected[12:]]
    assert [section.heading for section in source.sections] == ["The Baker", "Her Past"]
    assert (source.title, source.kind, source.warnings) == ("Mirela of Vessen", "pdf", ())


def test_a_scan_asks_for_text_recognition() -> None:
    error = refused(pdf_bytes(scan(2)))
    assert error.code == "SOURCE_SCANNED"
    assert "OCR" in error.message
    assert "2 pages" in error.message


def test_pages_without_text_are_named() -> None:
    document = scan(1)
    document.add_page()
    paragraph(document, SENTENCE)
    source = read(pdf_bytes(document))
    assert source.text == SENTENCE.strip()
    assert source.warnings == ("1 of 2 pages have no text (pictures or empty): 1.",)


def test_an_empty_page_is_empty_not_a_scan() -> None:
    document = fpdf.FPDF()
    document.add_page()
    assert refused(pdf_bytes(document)).code == "SOURCE_EMPTY"


def test_a_password_is_said_and_an_owners_password_does_no_harm() -> None:
    for user_password, code in (("secret", "SOURCE_ENCRYPTED"), ("", "")):
        document = fpdf.FPDF()
        document.set_encryption("owner", user_password, encryption_method=EncryptionMethod.AES_128)
        document.add_page()
        paragraph(document, SENTENCE)
        data = pdf_bytes(document)
        if code:
            assert refused(data).code == code
        else:
            assert read(data).text == SENTENCE.strip()


@pytest.mark.parametrize("data", [b"%PDF-1.7\nnothing", b"%PDF-1.4\n%%EOF", b"words", b"\x89PNG\r\n\x1a\n"])
def test_damaged_documents(data: bytes) -> None:
    assert refused(data).code == "SOURCE_DAMAGED"


def test_a_child_that_crashes_or_hangs_is_an_error_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    data = pdf_bytes(scan())
    for module, limit in (("faulthandler; faulthandler._sigsegv()", 60.0), ("time; time.sleep(60)", 0.5)):
        command = [sys.executable, "-c", f"import {module}"]
        monkeypatch.setattr(pdf_reader, "child_command", lambda module, command=command: command)
        monkeypatch.setattr(pdf_reader, "TIME_LIMIT", limit)
        assert refused(data).code == "SOURCE_DAMAGED"


def test_words_divided_at_line_ends_are_joined() -> None:
    lines = page("She remem-", "bers a well-", "Known man \ufffe", "of half\ufffe", "hearted jokes.")
    assert join_pages([lines]) == "She remembers a well- Known man of halfhearted jokes."


def test_headers_footers_and_page_numbers_go() -> None:
    pages = [
        page("The Book of Vessen", f"Words of part {word} go on", "and come to an end.", f"– {number} –")
        for number, word in enumerate(("one", "two", "three", "four"), 1)
    ]
    text = join_pages(pages)
    assert "Vessen" not in text
    assert "–" not in text
    assert [f"part {word}" in text for word in ("one", "two", "three", "four")] == [True] * 4


def test_lines_that_come_once_stay_at_the_edges() -> None:
    pages = [page("It began with rain.", "All night."), page("Then came the sun.", "All day.")]
    assert join_pages(pages) == "It began with rain. All night.\n\nThen came the sun. All day."


def test_a_paragraph_runs_over_the_end_of_a_page() -> None:
    pages = [
        page("The first line of a page that", "ends in the middle of a"),
        page("sentence, as books do it when", "they are long."),
    ]
    assert join_pages(pages) == (
        "The first line of a page that ends in the middle of a sentence, as books do it when they are long."
    )


def test_gaps_indents_and_short_last_lines_divide_paragraphs() -> None:
    wide = "x" * 60
    gap = [Line(wide, 50, 350, 700, 10), Line(wide, 50, 350, 688, 10), Line("New", 50, 350, 660, 10)]
    assert join_pages([gap]).count("\n\n") == 1
    indent = [Line(wide + ".", 50, 350, 700, 10), Line("New " + wide, 65, 350, 688, 10)]
    assert join_pages([indent]).count("\n\n") == 1
    short = [Line(wide, 50, 350, 700, 10), Line("end.", 50, 70, 688, 10), Line(wide, 50, 350, 676, 10)]
    assert join_pages([short]).count("\n\n") == 1
    assert join_pages([[]]) == ""
