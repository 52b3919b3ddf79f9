"""Plain text: encodings, binaries with a text's name, normalising, headings."""

import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.sources.model import SourceError, SourceText
from cardforge_desktop.sources.plain import normalise
from cardforge_desktop.sources.reader import from_text
from cardforge_desktop.sources.text import read_text

GERMAN = "Sie ist die älteste Bäckerin, kühl wie Stahl und süß wie Honig. „Größe“: 1,70 m – früher."
LANGUAGES = {
    "cp1252": [
        GERMAN,
        "Née à Vessen, la boulangère aime l’été, les fêtes et le café. Où qu’elle aille, ça sent bon.",
        "El niño soñó con el corazón de la montaña; ¿quién sabe? ¡Mañana será otro día!",
        "Åsa är född på ön. Hon älskar blåbär och räksmörgås.",
        "She’s the “oldest” baker in town — she says. It’s £5 for a loaf…",
        "A plain text with one café in it.",
    ],
    "cp1250": [
        "Zażółć gęślą jaźń. Mirela urodziła się w małej wsi i była najstarszą córką piekarza.",
        "Příliš žluťoučký kůň úpěl ďábelské ódy. Mirela se narodila v malé vesnici.",
    ],
    "iso8859_2": ["Zażółć gęślą jaźń. Mirela urodziła się w małej wsi i była najstarszą córką piekarza."],
    "cp1254": ["İstanbul'da doğdu ve küçük bir köyde büyüdü. Yağmuru çok sever, şarkı söylerdi."],
    "cp1251": ["Мирела родилась в маленькой деревне и была старшей дочерью пекаря. Она любила дождь."],
    "koi8_r": ["Мирела родилась в маленькой деревне и была старшей дочерью пекаря. Она любила дождь."],
    "cp1253": ["Η Μιρέλα γεννήθηκε σε ένα μικρό χωριό και ήταν η μεγαλύτερη κόρη του φούρναρη."],
    "shift_jis": ["ミレラは小さな村で生まれ、パン屋の長女であった。彼女は雨が好きだった。"],
    "gb18030": ["米蕾拉出生在一个小村庄，是面包师的长女。她喜欢下雨。"],
    "cp949": ["미렐라는 작은 마을에서 태어났고 제빵사의 장녀였다. 그녀는 비를 좋아했다."],
}


def read(data: bytes) -> SourceText:
    return read_text(Path("note.txt"), data)


@pytest.mark.parametrize(
    ("encoding", "text"), [(encoding, text) for encoding, texts in LANGUAGES.items() for text in texts]
)
def test_old_encodings_are_guessed_and_said(encoding: str, text: str) -> None:
    source = read(text.encode(encoding))
    assert (source.text, source.encoding) == (text, encoding)
    assert encoding in source.warnings[0]


@pytest.mark.parametrize(
    ("codec", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-32", "utf-32"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_unicode_encodings_are_known_without_a_guess(codec: str, encoding: str) -> None:
    source = read(GERMAN.encode(codec))
    assert (source.text, source.encoding, source.warnings) == (GERMAN, encoding, ())


def test_big_endian_mark() -> None:
    assert read(b"\xfe\xff" + GERMAN.encode("utf-16-be")).text == GERMAN


def test_a_broken_end_of_utf16_is_read_with_a_warning() -> None:
    source = read(GERMAN.encode("utf-16")[:-1])
    assert source.text.startswith(GERMAN[:-1])
    assert "1 characters" in source.warnings[0]


@pytest.mark.parametrize(
    ("data", "really"),
    [
        (b"%PDF-1.7 words", "a PDF document"),
        (b"PK\x03\x04\x14\x00", "a zip archive"),
        (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a JPEG picture"),
        (b"GIF89a\x01\x00\x01\x00", "a GIF picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
        (b"{\\rtf1 words}", "an RTF document"),
        (b"\x7fELF\x02\x01", "a program"),
        (bytes(range(256)) * 20, "a binary file"),
        (b"\x00" * 100, "a binary file"),
        (b"words " * 50 + b"\x00" * 10, "a binary file"),
    ],
)
def test_a_binary_with_a_texts_name_says_what_it_is(data: bytes, really: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(data)
    assert caught.value.code == "SOURCE_BINARY"
    assert really in caught.value.message
    assert caught.value.message.startswith("note.txt: ")


@pytest.mark.parametrize(
    "text", ["PKs and ID cards", "RIFF raff", "GIF8 is a name", "ID3 tags explained", "BZh?"]
)
def test_a_text_may_begin_like_a_signature(text: str) -> None:
    assert read(text.encode()).text == text


@pytest.mark.parametrize("text", ["", " \n\t \r\n", "\ufeff\u200b\u00a0"])
def test_nothing_but_blanks_is_empty(text: str) -> None:
    for empty in (lambda: read(text.encode("utf-8")), lambda: from_text("Pasted text", text)):
        with pytest.raises(SourceError) as caught:
            empty()
        assert caught.value.code == "SOURCE_EMPTY"


def test_normalising() -> None:
    assert normalise("a \r\nb\rc\u2028d\x0be\x0cf") == "a\nb\nc\nd\ne\nf"
    assert normalise("\n\n a\n\n\n\n b\t\n\n") == " a\n\n b"
    assert (
        normalise("Zoe\u0308 \ud800 x\x00y soft\u00adly no\u00a0break \ufeff")
        == "Zoë \ufffd xy softly no break"
    )


@pytest.mark.timeout(20)
def test_a_megabyte_of_combining_marks_is_cut_not_sorted() -> None:
    assert len(normalise("a" + "\u0301\u0316" * 500_000)) < 50


@given(st.text(st.characters()))
def test_normalised_text_is_what_the_contract_says(text: str) -> None:
    clean = normalise(text)
    assert clean == unicodedata.normalize("NFC", clean) == normalise(clean)
    assert not set(clean) & set("\r\x00\u2028\x0c")
    assert "\n\n\n" not in clean
    clean.encode()


def test_headings_make_sections_that_cover_the_text() -> None:
    text = (
        "A word before.\n\n# Mirela #\n\nA baker.\n\n== Past ==\nBorn in rain.\n\nHer Home\n--------\nVessen."
        "\n\n```\n# no heading\n```\nA rule follows a paragraph\nof two lines\n---\nend = = end\n#tag\n== =="
    )
    source = from_text("note.txt", text)
    assert [section.heading for section in source.sections] == ["", "Mirela", "Past", "Her Home"]
    assert "".join(source.text[section.start : section.end] for section in source.sections) == source.text
    assert source.text[source.sections[3].start :].startswith("Her Home\n---")
    assert source.title == "Mirela"


@given(
    st.lists(
        st.sampled_from(["# A", "== B ==", "C", "---", "===", "", "```", "text.", " ", "#", "=="]),
        max_size=20,
    )
)
def test_sections_always_cover_the_text(lines: list[str]) -> None:
    try:
        source = from_text("note.txt", "\n".join(lines))
    except SourceError:
        assert not "".join(lines).strip()
        return
    assert source.sections[0].start == 0
    assert source.sections[-1].end == len(source.text)
    for one, following in pairwise(source.sections):
        assert one.start < one.end == following.start
