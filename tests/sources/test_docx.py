"""Word documents: what is read, and the files that only look like one."""

import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from cardforge_desktop.sources import docx as docx_reader
from cardforge_desktop.sources.docx import read_docx
from cardforge_desktop.sources.model import SourceError, SourceText
from tests.sources.documents import SENTENCE, word, word_with_parts

BODY = (
    b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>'
    b"%s</w:t></w:r></w:p></w:body></w:document>"
)
DOCUMENT = "word/document.xml"


def read(data: bytes) -> SourceText:
    return read_docx(Path("mirela.docx"), data)


def refused(data: bytes) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read(data)
    assert caught.value.message.startswith("mirela.docx: ")
    return caught.value


def test_headings_lists_tables_and_words_are_read() -> None:
    def build(document) -> None:
        document.core_properties.title = "Notes 7"
        document.add_heading("Mirela", 0)
        document.add_paragraph("She is a baker — née Zoë.")
        document.add_heading("Past", 1)
        document.add_paragraph("one", style="List Bullet")
        document.add_paragraph("two", style="List Bullet")
        table = document.add_table(1, 2)
        table.cell(0, 0).text, table.cell(0, 1).text = "Race", "Elf"
        picture = io.BytesIO()
        Image.new("RGB", (8, 8)).save(picture, "PNG")
        document.add_picture(picture)

    source = read(word(build))
    assert source.text == "# Mirela\n\nShe is a baker — née Zoë.\n\n# Past\n\n- one\n- two\n\nRace | Elf"
    assert [section.heading for section in source.sections] == ["Mirela", "Past"]
    assert (source.title, source.kind, source.encoding) == ("Mirela", "docx", "")


def test_the_title_of_the_properties_where_there_is_no_heading() -> None:
    def build(document) -> None:
        document.core_properties.title = "Mirela of Vessen"
        document.add_paragraph(SENTENCE)

    assert read(word(build)).title == "Mirela of Vessen"


def test_a_document_without_words_is_empty() -> None:
    assert refused(word(lambda document: document.add_paragraph("  "))).code == "SOURCE_EMPTY"


def test_an_encrypted_document() -> None:
    """Word puts the encrypted document into an OLE container as a stream of this name."""
    error = refused(docx_reader._OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500))
    assert error.code == "SOURCE_ENCRYPTED"
    assert "password" in error.message


def test_an_old_document_under_a_new_name() -> None:
    error = refused(docx_reader._OLE + bytes(500) + "WordDocument".encode("utf-16-le"))
    assert error.code == "SOURCE_UNKNOWN_KIND"
    assert ".docx" in error.message.removeprefix("mirela.docx")


def test_other_files_say_what_they_are() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "x")
    assert "not a Word document" in refused(buffer.getvalue()).message
    assert "a PDF document" in refused(b"%PDF-1.4").message
    assert refused(b"words").code == "SOURCE_DAMAGED"


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9, 0.99])
def test_a_cut_document_is_damaged(keep: float) -> None:
    whole = word(lambda document: document.add_paragraph(SENTENCE))
    assert refused(whole[: int(len(whole) * keep)]).code == "SOURCE_DAMAGED"


@pytest.mark.parametrize("xml", [b"", b"<a", b"\xff\xfe\x00", b"<a/>", b"<w:document/>"])
def test_parts_that_are_not_well_formed_or_not_words(xml: bytes) -> None:
    assert refused(word_with_parts({DOCUMENT: xml})).code == "SOURCE_DAMAGED"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_every_encoding(encoding: str) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    bomb = f'<!DOCTYPE d [<!ENTITY l0 "ha">{laughs}]>' + (BODY % b"&l8;").decode()
    error = refused(word_with_parts({DOCUMENT: bomb.encode(encoding)}))
    assert error.code == "SOURCE_DAMAGED"
    assert "entities" in error.message


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    data = word_with_parts({DOCUMENT: BODY % (b" " * 70_000_000)})
    assert len(data) < 200_000
    error = refused(data)
    assert error.code == "SOURCE_TOO_LARGE"
    assert "64 MB" in error.message


def test_a_bomb_that_lies_about_its_size_yields_no_more_than_it_declares() -> None:
    data = word_with_parts({DOCUMENT: BODY % (b" " * 5_000_000)})
    real, lie = (len(BODY % b"") + 5_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little")
    assert data.count(real) == 2
    assert refused(data.replace(real, lie)).code == "SOURCE_DAMAGED"


@pytest.mark.timeout(60)
def test_xml_nested_without_end() -> None:
    for depth in (4000, 100_000):
        deep = BODY.replace(b"<w:p>", b"<w:p>" + b"<w:smartTag>" * depth).replace(
            b"</w:p>", b"</w:smartTag>" * depth + b"</w:p>"
        )
        assert refused(word_with_parts({DOCUMENT: deep % b"x"})).code == "SOURCE_DAMAGED"


@pytest.mark.parametrize("name", ["word/document.xml", "_rels/.rels", "word/comments.xml"])
def test_a_document_of_more_elements_than_fit_into_memory(name: str) -> None:
    part = b"<a>" + b"<b/>" * 500_000 + b"</a>"
    found = refused(word_with_parts({name: part}))
    assert found.code == "SOURCE_TOO_LARGE"
    assert f"too many elements in {name}" in found.message
