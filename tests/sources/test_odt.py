"""OpenDocument texts made by hand: prose, what is left out, and hostile parts."""

from pathlib import Path

import pytest

from cardforge_desktop.sources.model import SourceError, SourceText
from cardforge_desktop.sources.odt import read_odt
from tests.sources.documents import ODF_NAMESPACES, odt_content, odt_parts, zipped

NUMBERED = (
    '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1"/>'
    '<text:list-level-style-bullet text:level="2"/></text:list-style>'
)


def read(body: str, styles: str = "", title: str = "") -> SourceText:
    return read_odt(Path("mirela.odt"), zipped(odt_parts(body, styles, title)))


def refused(parts: dict[str, bytes | str] | bytes) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read_odt(Path("mirela.odt"), parts if isinstance(parts, bytes) else zipped(parts))
    assert caught.value.message.startswith("mirela.odt: ")
    return caught.value


def test_headings_and_paragraphs() -> None:
    source = read(
        '<text:p text:style-name="P1">Mirela</text:p>'
        '<text:h text:outline-level="1">Her <text:span>Past</text:span>'
        "</text:h><text:p>née  Zoë\n bakes &amp; sings.</text:p><text:p/>"
        '<text:h text:outline-level="9">Deep</text:h>',
        '<style:style style:name="P1" style:parent-style-name="Title"/>',
        title="Notes 7",
    )
    assert source.text == "# Mirela\n\n# Her Past\n\nnée Zoë bakes & sings.\n\n###### Deep"
    assert [section.heading for section in source.sections] == ["Mirela", "Her Past", "Deep"]
    assert (source.title, source.kind, source.encoding, source.warnings) == ("Mirela", "odt", "", ())


def test_the_title_of_the_properties_where_there_is_no_heading() -> None:
    assert read("<text:p>x</text:p>", title="Mirela of Vessen").title == "Mirela of Vessen"
    parts = odt_parts("<text:p>x</text:p>")
    del parts["meta.xml"]
    assert read_odt(Path("a.odt"), zipped(parts)).title == ""


def test_blanks_that_are_meant() -> None:
    body = (
        '<text:p> a<text:s/>b<text:s text:c="3"/>c <text:tab/>d<text:line-break/>e'
        '<text:s text:c="999999999"/>f<text:s text:c="-1"/>g</text:p>'
    )
    assert read(body).text == "a b   c \td\ne f g"


def test_lists_in_lists_with_their_numbers() -> None:
    body = (
        '<text:list text:style-name="L1"><text:list-item><text:p>one</text:p><text:list><text:list-item>'
        "<text:p>deep</text:p><text:p>goes on</text:p></text:list-item></text:list></text:list-item>"
        "<text:list-item><text:p>two</text:p></text:list-item></text:list>"
        '<text:p>between</text:p><text:list text:style-name="L1" text:continue-numbering="true">'
        "<text:list-item><text:p>three</text:p></text:list-item>"
        '<text:list-item text:start-value="7"><text:p>seven</text:p></text:list-item></text:list>'
        "<text:list><text:list-header><text:p>head</text:p></text:list-header>"
        "<text:list-item><text:p>dash</text:p></text:list-item></text:list>"
    )
    assert read(body, NUMBERED).text == (
        "1. one\n  - deep\n\ngoes on\n\n2. two\n\nbetween\n\n3. three\n7. seven\n\nhead\n\n- dash"
    )


def test_numbered_headings_are_headings_though_they_stand_in_lists() -> None:
    body = '<text:list><text:list-item><text:h text:outline-level="2">A</text:h></text:list-item></text:list>'
    assert read(body).text == "## A"


def test_rows_of_tables() -> None:
    body = (
        "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Race</text:p></table:table-cell>"
        "<table:table-cell><text:p>Elf</text:p><text:p>old</text:p></table:table-cell></table:table-row>"
        '</table:table-header-rows><table:table-row table:number-rows-repeated="1000000"><table:table-cell/>'
        "<table:table-cell><text:list><text:list-item><text:p>x<text:line-break/>y</text:p></text:list-item></text:list>"
        "</table:table-cell><table:covered-table-cell><text:p>no</text:p></table:covered-table-cell></table:table-row>"
        "<table:table-row><table:table-cell/></table:table-row></table:table>"
        "<text:p>after</text:p>"
    )
    assert read(body).text == "Race | Elf old\n| x y\n\nafter"


def test_what_the_author_did_not_write_or_took_back() -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>deleted</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        "<text:table-of-content><text:index-body><text:p>Past 7</text:p></text:index-body>"
        "</text:table-of-content>"
        '<text:section text:display="none"><text:p>hidden</text:p></text:section>'
        "<text:p>She <text:change-start/>bakes<text:change-end/><office:annotation>"
        "<dc:creator>Ed</dc:creator>"
        "<text:p>a comment</text:p></office:annotation><office:annotation-end/>"
        '<text:span text:style-name="T1">hidden</text:span><text:span text:style-name="T2">.</text:span>'
        "<text:ruby><text:ruby-base>漢</text:ruby-base><text:ruby-text>kan</text:ruby-text></text:ruby>"
        "<draw:frame><svg:title>picture</svg:title><svg:desc>of bread</svg:desc></draw:frame></text:p>"
    )
    styles = '<style:style style:name="T1"><style:text-properties text:display="none"/></style:style>'
    assert read(body, styles).text == "She bakes.漢"


def test_notes_come_at_the_end_and_text_boxes_stay() -> None:
    body = (
        "<text:p>Bread<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>Of rye.</text:p><text:p>Dark.</text:p></text:note-body></text:note> is good."
        "<draw:frame><draw:text-box><text:p>In a box.</text:p></draw:text-box></draw:frame></text:p>"
        "<text:p>End.</text:p>"
    )
    assert read(body).text == "In a box.\n\nBread[1] is good.\n\nEnd.\n\nOf rye. Dark."


def test_other_prefixes_for_the_same_names() -> None:
    parts = odt_parts("")
    parts["content.xml"] = (
        '<o:document-content xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><o:body><o:text><p>x</p></o:text></o:body>'
        "</o:document-content>"
    )
    assert read_odt(Path("a.odt"), zipped(parts)).text == "x"


def test_passwords_of_old_and_new_documents() -> None:
    parts = odt_parts("x")
    manifest = (
        f'<manifest:manifest {ODF_NAMESPACES}><manifest:file-entry manifest:full-path="%s">'
        "<manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    )
    for name in ("content.xml", "encrypted-package"):
        error = refused({**parts, "content.xml": b"\x07" * 99, "META-INF/manifest.xml": manifest % name})
        assert (error.code, "password" in error.message) == ("SOURCE_ENCRYPTED", True)
    readable = {**odt_parts("<text:p>x</text:p>"), "META-INF/manifest.xml": manifest % "Pictures/1.png"}
    assert read_odt(Path("a.odt"), zipped(readable)).text == "x"


def test_what_is_no_text() -> None:
    sheet = odt_content("").replace("office:text", "office:spreadsheet")
    assert "spreadsheet" in refused({**odt_parts(""), "content.xml": sheet}).message
    assert refused(odt_parts("<text:p> </text:p>")).code == "SOURCE_EMPTY"
    assert "not an OpenDocument text" in refused(zipped({"a": "x"})).message
    assert "a PDF document" in refused(b"%PDF-1.4 ").message
    without = odt_parts("x")
    del without["content.xml"]
    assert refused(without).code == "SOURCE_DAMAGED"


@pytest.mark.parametrize("keep", [10, 0.1, 0.5, 0.9, 0.99])
def test_a_cut_document_is_damaged(keep: float) -> None:
    whole = zipped(odt_parts("<text:p>x</text:p>"))
    assert refused(whole[: int(keep if keep > 1 else len(whole) * keep)]).code == "SOURCE_DAMAGED"


@pytest.mark.parametrize("name", ["content.xml", "META-INF/manifest.xml", "meta.xml"])
def test_entities_are_refused(name: str) -> None:
    bomb = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><d>&b;</d>'
    error = refused({**odt_parts("<text:p>x</text:p>"), name: bomb})
    assert (error.code, "entities" in error.message) == ("SOURCE_DAMAGED", True)


def test_hostile_sizes_and_depths() -> None:
    deep = "<text:p>" * 6000 + "x" + "</text:p>" * 6000
    assert refused(odt_parts(deep)).code == "SOURCE_DAMAGED"
    assert read(
        "<text:list><text:list-item>" * 2000 + "<text:p>x</text:p>" + "</text:list-item></text:list>" * 2000
    )
    bomb = zipped(odt_parts(f"<text:p>{' ' * 68_000_000}</text:p>"))
    assert len(bomb) < 500_000
    assert refused(bomb).code == "SOURCE_TOO_LARGE"
    assert refused(odt_parts("<text:p>" + "x" * 20_000_001 + "</text:p>")).code == "SOURCE_TOO_LARGE"


@pytest.mark.timeout(60)
def test_elements_without_end() -> None:
    error = refused(odt_parts("<text:p/>" * 1_000_001))
    assert (error.code, "1000000 elements" in error.message) == ("SOURCE_TOO_LARGE", True)
