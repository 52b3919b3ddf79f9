"""E-books made by hand: order and titles, what is left out, protection, and hostile archives."""

import zipfile
from pathlib import Path

import pytest

from cardforge_desktop.sources.epub import read_epub
from cardforge_desktop.sources.model import SourceError, SourceText
from tests.sources.documents import CONTAINER, SENTENCE, chapter, epub_parts, package, zipped

ENCRYPTION = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"'
    ' xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData>'
    '<enc:EncryptionMethod Algorithm="http://www.idpf.org/2008/embedding"/>'
    '<enc:CipherData><enc:CipherReference URI="%s"/></enc:CipherData></enc:EncryptedData></encryption>'
)


def read(parts: dict[str, bytes | str] | bytes) -> SourceText:
    return read_epub(Path("vessen.epub"), parts if isinstance(parts, bytes) else zipped(parts))


def refused(parts: dict[str, bytes | str] | bytes) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read(parts)
    assert caught.value.message.startswith("vessen.epub: ")
    return caught.value


def test_chapters_come_in_the_order_of_the_spine() -> None:
    parts = epub_parts(
        "<h1>The Baker</h1><p>Zoë &amp; Mirela&#160;bake.</p>", "<h2>Her Past</h2><ul><li>one</li></ul>"
    )
    items = '<item id="a" href="page0.xhtml"/><item id="b" href="page1.xhtml"/>'
    parts["OEBPS/book.opf"] = package(items, '<itemref idref="b"/><itemref idref="a"/><itemref idref="b"/>')
    source = read(parts)
    assert source.text == "## Her Past\n\n- one\n\n# The Baker\n\nZoë & Mirela bake."
    assert [section.heading for section in source.sections] == ["Her Past", "The Baker"]
    assert (source.title, source.kind, source.encoding) == ("The Book of Vessen", "epub", "")
    assert source.warnings == ()


def test_tables_of_contents_and_pictures_are_left_out() -> None:
    parts = epub_parts("<p>Words.</p>", "<p>Chapter list 3</p>", "<p>Chapter list 2</p>", "<img src='c'/>")
    items = (
        '<item id="p0" href="page0.xhtml"/><item id="p1" href="page1.xhtml" properties="scripted nav"/>'
        '<item id="p2" href="page2.xhtml"/><item id="p3" href="page3.xhtml"/>'
        '<item id="cover" href="cover.jpg" media-type="image/jpeg"/>'
    )
    spine = "".join(f'<itemref idref="{name}"/>' for name in ("cover", "p3", "p1", "p2", "p0"))
    guide = '<guide><reference type="toc" href="page2.xhtml#top"/></guide>'
    parts["OEBPS/book.opf"] = package(items, spine, guide)
    source = read(parts)
    assert (source.text, source.warnings) == ("Words.", ())


def test_missing_and_unreadable_parts_are_named_in_warnings() -> None:
    parts = epub_parts("<p>Words.</p>", "gone", "binary", "<div>" * 6000)
    del parts["OEBPS/page1.xhtml"]
    parts["OEBPS/page2.xhtml"] = b"\x89PNG\r\n\x1a\n" + bytes(100)
    source = read(parts)
    assert source.text == "Words."
    missing, left_out = source.warnings
    assert missing == "Parts the book lists are not in its file (1): OEBPS/page1.xhtml."
    assert left_out.startswith("Parts of the book were left out (2): OEBPS/page2.xhtml: this is not text but")
    assert "OEBPS/page3.xhtml: its elements are nested" in left_out


def test_a_book_of_nothing_but_unreadable_parts_is_damaged() -> None:
    parts = epub_parts("x")
    parts["OEBPS/page0.xhtml"] = b"\x89PNG\r\n\x1a\n" + bytes(100)
    assert refused(parts).code == "SOURCE_DAMAGED"
    assert refused(epub_parts("<img src='cover.jpg'/>")).code == "SOURCE_EMPTY"
    assert refused(epub_parts()).code == "SOURCE_EMPTY"


def test_elements_that_end_in_their_own_tag_do_not_swallow_the_page() -> None:
    parts = epub_parts("x")
    parts["OEBPS/page0.xhtml"] = (
        '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="a.js"/>'
        '<style type="text/css" /></head><body><h1><a id="top"/>The Baker</h1><p>one<br/>two</p><textarea/>'
        "<p>three</p></body></html>"
    )
    assert read(parts).text == "# The Baker\n\none\ntwo\n\nthree"


def test_an_encoding_declared_in_xml() -> None:
    parts = epub_parts("x")
    page = '<?xml version="1.0" encoding="windows-1251"?><html xmlns="http://www.w3.org/1999/xhtml"><p>Мирела'
    parts["OEBPS/page0.xhtml"] = page.encode("cp1251")
    assert read(parts).text == "Мирела"


def test_old_packages_with_a_document_type_and_addresses_with_escapes() -> None:
    parts = epub_parts("x")
    parts["OEBPS/text/part 1.html"] = chapter("<p>Words.</p>")
    doctype = (
        '<!DOCTYPE package PUBLIC "+//ISBN 0-9673008-1-9//DTD OEB 1.2 Package//EN" "http://oebps.org/p.dtd">'
    )
    items = '<item id="a" href="./text/part%201.html" media-type="text/x-oeb1-document"/>'
    parts["OEBPS/book.opf"] = package(items, '<itemref idref="a"/>').replace("?>", f"?>{doctype}", 1)
    source = read(parts)
    assert (source.text, source.warnings) == ("Words.", ())


@pytest.mark.parametrize("name", ["OEBPS/page0.xhtml", "OEBPS/book.opf", "/OEBPS/page0.xhtml"])
def test_protected_words_are_said_with_the_way_out(name: str) -> None:
    parts = epub_parts("x")
    parts["META-INF/encryption.xml"] = ENCRYPTION % name
    error = refused(parts)
    assert error.code == "SOURCE_ENCRYPTED"
    assert "DRM" in error.message
    assert "unprotected copy" in error.message


def test_protected_fonts_do_no_harm() -> None:
    parts = epub_parts("<p>Words.</p>")
    parts["META-INF/encryption.xml"] = ENCRYPTION % "OEBPS/fonts/serif.otf"
    assert read(parts).text == "Words."


def test_what_is_no_book() -> None:
    error = refused(zipped({"content.xml": "x"}))
    assert (error.code, "not an EPUB book" in error.message) == ("SOURCE_DAMAGED", True)
    assert "a PDF document" in refused(b"%PDF-1.4").message
    assert refused(b"ten bytes.").code == "SOURCE_DAMAGED"
    assert refused(b"PK\x03\x04" + bytes(6)).code == "SOURCE_DAMAGED"


def test_a_wrong_mimetype_does_no_harm() -> None:
    parts = epub_parts("<p>Words.</p>")
    parts["mimetype"] = "application/x-sharedlib"
    assert read(parts).text == "Words."


@pytest.mark.parametrize(
    "address", ["../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "https://a.b/c", "..", "%00"]
)
def test_addresses_lead_nowhere_outside(address: str) -> None:
    parts = epub_parts("<p>Words.</p>")
    items = f'<item id="a" href="{address}"/><item id="p0" href="page0.xhtml"/>'
    parts["OEBPS/book.opf"] = package(items, '<itemref idref="a"/><itemref idref="p0"/>')
    source = read(parts)
    assert source.text == "Words."
    assert source.warnings[0].startswith("Parts the book lists are not in its file (1): ")
    parts["META-INF/container.xml"] = CONTAINER.replace("OEBPS/book.opf", address)
    assert refused(parts).code == "SOURCE_DAMAGED"


@pytest.mark.parametrize("name", ["META-INF/container.xml", "OEBPS/book.opf", "META-INF/encryption.xml"])
def test_entities_are_refused_in_every_part(name: str) -> None:
    parts = epub_parts("x")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    parts[name] = f'<!DOCTYPE d [<!ENTITY l0 "ha">{laughs}]><package>&l8;</package>'
    error = refused(parts)
    assert (error.code, "entities" in error.message) == ("SOURCE_DAMAGED", True)
    parts[name] = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><package>&x;</package>'
    assert refused(parts).code == "SOURCE_DAMAGED"


@pytest.mark.parametrize("name", ["META-INF/container.xml", "OEBPS/book.opf", "META-INF/encryption.xml"])
@pytest.mark.parametrize(
    "xml", ["", "<a", "\ufeff\0", "<a/>" * 2, "<a>" * 100_000, '<?xml version="1.0" encoding="klingon"?><a/>']
)
def test_parts_that_are_not_well_formed(name: str, xml: str) -> None:
    assert refused({**epub_parts("x"), name: xml}).code == "SOURCE_DAMAGED"


def test_an_element_whose_attributes_never_end() -> None:
    attributes = " ".join(f"a{number}=''" for number in range(300_000))
    assert refused({**epub_parts("x"), "OEBPS/book.opf": f"<package {attributes}/>"}).code == "SOURCE_DAMAGED"


def test_a_book_that_unpacks_to_too_much() -> None:
    parts = epub_parts(*["<p>x</p>"] * 6)
    for number in range(6):
        parts[f"OEBPS/page{number}.xhtml"] = chapter("<p>x</p>" + " " * 15_000_000)
    data = zipped(parts)
    assert len(data) < 500_000
    error = refused(data)
    assert (error.code, "64 MB" in error.message) == ("SOURCE_TOO_LARGE", True)


def test_a_chapter_too_large_is_left_out_with_a_warning() -> None:
    parts = epub_parts("<p>Words.</p>", " " * 17_000_000)
    source = read(parts)
    assert source.text == "Words."
    assert "page1.xhtml: a chapter of more than 16 MB" in source.warnings[0]


@pytest.mark.timeout(60)
def test_tags_without_end() -> None:
    source = read(epub_parts("<p>Words.</p>", "<p>" * 1_500_000))
    assert "page1.xhtml: it has more than 1200000 tags" in source.warnings[0]
    assert refused(epub_parts(*["</x>" * 1_250_000] * 3)).code == "SOURCE_TOO_LARGE"


def test_too_much_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cardforge_desktop.sources.epub.LONGEST_TEXT", 2 * len(SENTENCE))
    assert refused(epub_parts(SENTENCE, SENTENCE, SENTENCE)).code == "SOURCE_TOO_LARGE"
    assert read(epub_parts(SENTENCE, SENTENCE)).text


def test_many_parts_in_warnings_are_counted_not_all_named() -> None:
    parts = epub_parts("<p>Words.</p>", *["x"] * 40)
    for number in range(1, 41):
        del parts[f"OEBPS/page{number}.xhtml"]
    (warning,) = read(parts).warnings
    assert "(40)" in warning
    assert warning.count(".xhtml") == 5


def test_an_archive_of_tens_of_thousands_of_parts() -> None:
    assert refused(zipped({str(number): b"" for number in range(20_001)})).code == "SOURCE_TOO_LARGE"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_unpack_without_bounds(method: int) -> None:
    assert refused(zipped(epub_parts("x"), method)).code == "SOURCE_DAMAGED"
