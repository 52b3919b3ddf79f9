"""RTF documents made by hand: prose, encodings, what is left out, and hostile groups."""

import string
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.sources import rtf_text, rtf_tokens
from cardforge_desktop.sources.model import SourceError, SourceText
from cardforge_desktop.sources.rtf import read_rtf
from tests.sources.documents import rtf

WORD_STYLES = (
    r"{\stylesheet{\ql Normal;}{\s1\ql\outlinelevel0\sbasedon0 heading 1;}"
    r"{\s2 \'dcberschrift\outlinelevel1 x;}"
    r"{\s15\sbasedon0 Title;}{\*\cs10 \additive Default Paragraph Font;}{\s17 heading 3;}}"
)


def read(body: str | bytes) -> SourceText:
    return read_rtf(Path("mirela.rtf"), rtf(body))


def refused(data: bytes) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read_rtf(Path("mirela.rtf"), data)
    assert caught.value.message.startswith("mirela.rtf: ")
    return caught.value


def test_paragraphs_lines_and_characters() -> None:
    source = read(
        "\\pard She \\b bakes\\b0  \\ldblquote well\\rdblquote\\emdash often\\~so.\\par\r\n"
        "one\\line two\\tab three\\par\\par a\\{b\\}c\\\\d soft\\-hyphen\\page end"
    )
    assert source.text == "She bakes “well”—often so.\n\none\ntwo\tthree\n\na{b}c\\d softhyphen\n\nend"
    assert (source.kind, source.encoding, source.warnings) == ("rtf", "cp1252", ())


def test_lines_end_paragraphs_as_textedit_has_it() -> None:
    assert read("one\\\ntwo\\\r\nthree").text == "one\n\ntwo\n\nthree"


def test_headings_by_style_and_by_outline() -> None:
    source = read(
        WORD_STYLES + r"{\info{\title Notes 7}{\author Ed}}"
        r"\pard\plain\s15 Mirela\par\pard\plain\s1 {\b Her Past}{\par}\pard\plain words\par"
        r"\pard\s2 B\par\pard\s17 C\par\pard\outlinelevel3 D\par\pard\outlinelevel9 words"
    )
    assert source.text == "# Mirela\n\n# Her Past\n\nwords\n\n## B\n\n### C\n\n#### D\n\nwords"
    assert source.title == "Mirela"


def test_the_title_of_the_properties_where_there_is_no_heading() -> None:
    info = r"{\info{\upr{\title Zo?}{\*\ud{\title Zo\u235 ?}}}{\author Ed}{\*\company C}{\doccomm x}}words"
    source = read(info)
    assert (source.title, source.text) == ("Zoë", "words")


def test_lists_of_word_and_of_old_word() -> None:
    source = read(
        r"\pard{\listtext\pard\plain\f3 \'b7\tab}\ls1 one\par{\listtext\'b7\tab}two\par"
        r"\pard{\listtext 1.\tab}\ls2 first\par{\listtext a)\tab}\ilvl1 deep\par"
        r"\pard{\pntext\f1\'B7\tab}{\*\pn\pnlvlblt\pnf1{\pntxtb\'B7}}old\par\pard words"
    )
    assert source.text == "- one\n- two\n1. first\n  a) deep\n- old\n\nwords"


def test_rows_of_tables() -> None:
    row = r"\trowd\cellx100\cellx200\pard\intbl {Race\cell Elf\par old\cell}{\trowd\row}"
    rows = row + r"\trowd\pard\intbl Age\cell 210\cell\row\pard after\par"
    assert read(rows).text == "Race | Elf old\nAge | 210\n\nafter"
    assert read(r"\pard\intbl a\cell b\cell").text == "a | b"


def test_what_is_no_prose() -> None:
    source = read(
        r"{\header Page 7}{\*\generator Riched20;}{\colortbl;\red0;}{\pict\wmetafile8 0a0b{\*\x y}ff}"
        r"She{\v hidden} bakes{\deleted took back}.{\*\annotation a comment}{\*\unknown{\b x}}"
        r"{\field{\*\fldinst HYPERLINK \"https://a.b\"}{\fldrslt  A link}}"
        r"{\xe{\v index}}\v x\v0  end\v x\plain ."
    )
    assert source.text == "She bakes. A link end."


def test_notes_come_at_the_end() -> None:
    source = read(
        r"Bread{\super\chftn}{\footnote\pard\plain {\super\chftn} Of rye.\par Dark.}"
        r" is good{\*\footnote Yes.}.\par End."
    )
    assert source.text == "Bread[1] is good[2].\n\nEnd.\n\n[1] Of rye. Dark.\n\n[2] Yes."


@pytest.mark.parametrize("page", [1250, 1251, 1252, 1253, 932, 936, 949, 65001, 10000])
def test_code_pages_of_documents(page: int) -> None:
    words = {1250: "Łódź", 1251: "Мирела", 1253: "Αθήνα", 932: "日本ソ表", 936: "中文", 949: "한국"}.get(
        page, "Zoë"
    )
    encoding = {65001: "utf-8", 10000: "mac_roman"}.get(page, f"cp{page}")
    escaped = "".join(f"\\'{byte:02x}" for byte in words.encode(encoding))
    source = read_rtf(Path("a.rtf"), b"{\\rtf1\\ansi\\ansicpg%d " % page + escaped.encode() + b"}")
    assert (source.text, source.warnings) == (words, ())


def test_fonts_have_character_sets_of_their_own() -> None:
    source = read(
        r"{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fcharset204{\*\fname A;}Cyr;}{\f2\fcharset78 Osaka;}"
        r"{\f3\fcharset128 MS Mincho;}{\f4\fcharset999 x;}}\deff0"
        r"\f1\'cc\'e8{\f0 \'eb}\'f0\plain\'eb\f2\'eb\f4\'eb\f3\'83e\'83\'5c\f1\plain ."
    )
    assert source.text == "МиëрëëëテソXX.".replace("テソXX", b"\x83e\x83\x5c".decode("cp932"))


def test_unicode_characters_and_their_stand_ins() -> None:
    source = read(
        r"Zo\u235?\u8217\'92\uc2\u26085\'93\'fa\uc0\u-3913 \u12354 a"
        r"{\uc1\u55357?\u56832?}\u-10179\u-8704\u233 b\uc1\u97"
        r"\u"
    )
    assert source.text == "Zoë’日\uf0b7あa😀😀éba"


def test_halves_of_pairs_and_numbers_out_of_range() -> None:
    assert read(r"a\u55357?b\u9999999 c\u0 d\uc-5\u233?\uc e").text == "a\ufffdb\ufffd\ufffdé?e"


def test_bytes_that_are_no_characters_and_unknown_pages_are_said() -> None:
    broken, unknown = read_rtf(Path("a.rtf"), rb"{\rtf1\ansicpg12345 a\'81b}").warnings[::-1]
    assert unknown == "Its code page 12345 is unknown; cp1252 was taken instead."
    assert "1 characters" in broken


def test_bytes_beyond_ascii_that_nobody_escaped() -> None:
    assert read("Zoë".encode("cp1252")).text == "Zoë"


def test_binary_data_is_jumped_over() -> None:
    assert read(rb"a{\pict\bin5 }}}}}}b\bin3 {{{c{\object{\bin2 \x}}d").text == "abcd"


@pytest.mark.parametrize(
    "body", ["She bakes", r"She{\b  bakes", r"She bakes{\pict 0a0b", r"She bakes{\*\x \bin99 "]
)
def test_a_cut_document_is_read_with_a_warning(body: str) -> None:
    source = read_rtf(Path("a.rtf"), (r"{\rtf1\ansi " + body).encode())
    assert (source.text, source.warnings) == (
        "She bakes",
        ("The file ends in the middle; what was there has been read.",),
    )


def test_nothing_after_the_document_and_a_mark_before_it() -> None:
    source = read_rtf(Path("a.rtf"), b"\xef\xbb\xbf\r\n" + rtf("words") + b"junk {more}}}")
    assert (source.text, source.warnings) == ("words", ())


def test_what_is_no_rtf() -> None:
    assert "name it .txt" in refused(b"ten bytes.").message
    assert "a PDF document. Give it its own ending" in refused(b"%PDF-1.4").message
    assert refused(b"{\\rtf1").code == "SOURCE_EMPTY"
    assert refused(rtf("{\\pict 00}")).code == "SOURCE_EMPTY"


LETTERS = string.ascii_letters + string.digits + " .,;:!?'\"-éüñß€ŁЖ日本😀𝕳\\{}"


@given(st.lists(st.text(LETTERS, min_size=1).filter(lambda text: text == " ".join(text.split())), min_size=1))
def test_whatever_is_escaped_is_read_back(paragraphs: list[str]) -> None:
    def escaped(character: str) -> str:
        if character.isascii():
            return f"\\{character}" if character in "\\{}" else character
        halves = character.encode("utf-16-le")
        codes = [
            int.from_bytes(halves[at : at + 2], "little", signed=True) for at in range(0, len(halves), 2)
        ]
        return "".join(f"\\u{code}?" for code in codes)

    body = "\\par ".join("".join(map(escaped, paragraph)) for paragraph in paragraphs)
    assert read(body).text == "\n\n".join(paragraphs)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "body",
    [
        "{\\fonttbl" + "\\f1" * 100_000 + "\\fcharset1" * 50_000 + "}x",
        "{\\stylesheet" + "\\s1" * 300_000 + "}x",
        '{\\field{\\*\\fldinst{HYPERLINK "' * 1000 + "x",
        "{\\pict" + "\\" * 4_000_000 + "}x",
        "{\\pict" + "{}" * 1_000_000 + "}x",
        "\\ansicpg77777" * 200_000 + "\\ansicpg77778 x",
        "{\\fonttbl" + "".join(f"\\f1\\fcharset{n}" for n in range(1000)) * 50 + "}\\f1 x",
        "{\\info" + "{\\title x}" * 100_000 + "}x",
        "x{\\footnote}" * 100_000,
        "\\uc999999999\\u97" * 100_000 + " x",
        "x\\bin9999999999",
        "{\\*\\x\\bin9999999999",
        "x\\",
        "x\\'4",
    ],
    ids=range(14),
)
def test_hostile_documents_take_no_longer_than_others(body: str) -> None:
    with suppress(SourceError):  # some are empty
        assert read(body).text


def test_groups_without_end() -> None:
    assert refused(b"{\\rtf1" + b"{" * 100_000).code == "SOURCE_DAMAGED"
    assert read("{" * 4000 + "x" + "}" * 4000).text == "x"
    assert read("{\\pict" + "{" * 100_000 + "}" * 100_000 + "}x").text == "x"


def test_too_many_pieces_and_too_much_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rtf_tokens, "MOST_TOKENS", 1000)
    assert refused(rtf("\\b" * 1001)).code == "SOURCE_TOO_LARGE"
    assert refused(rtf("{\\pict" + "{}" * 1001)).code == "SOURCE_TOO_LARGE"
    monkeypatch.setattr(rtf_text, "LONGEST_TEXT", 10)
    assert refused(rtf("x" * 11)).code == "SOURCE_TOO_LARGE"
