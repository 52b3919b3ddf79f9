"""Markdown for reading, looked at with a parser that is not ours: Qt's (md4c)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QTextDocument, QTextFormat
from PySide6.QtWidgets import QApplication

from cardforge_desktop.cards.formats import FORMATS, CardFormatError, read_file
from cardforge_desktop.cards.model import Asset, BookEntry, Card, CharacterBook
from cardforge_desktop.cards.package import CardPackage
from tests.support.cards import WHOLE_CARD, cards, texts

MARKDOWN = FORMATS["markdown"]


def written(card: Card) -> str:
    return MARKDOWN.write(CardPackage(card)).decode()


def outline(markdown: str) -> list[tuple[int, str]]:
    """Level and text of each heading that is not in a quote."""
    document = parsed(markdown)
    found = []
    block = document.begin()
    while block.isValid():
        form = block.blockFormat()
        if form.headingLevel() and not form.intProperty(QTextFormat.Property.BlockQuoteLevel):
            found.append((form.headingLevel(), block.text()))
        block = block.next()
    return found


def parsed(markdown: str) -> QTextDocument:
    document = QTextDocument()
    document.setMarkdown(markdown)
    return document


def quoted(markdown: str) -> str:
    """The text in quotes, as it is shown."""
    document = parsed(markdown)
    lines = []
    block = document.begin()
    while block.isValid():
        if block.blockFormat().intProperty(QTextFormat.Property.BlockQuoteLevel):
            lines.append(block.text())
        block = block.next()
    return "\n".join(lines)


def test_a_card_is_told_under_headings(qapp: QApplication) -> None:
    text = written(WHOLE_CARD)
    assert outline(text) == [
        (1, "Mirela Vântu"),
        (2, "Description"),
        (2, "Personality"),
        (2, "Scenario"),
        (2, "First message"),
        (2, "Alternate greetings"),
        (3, "Greeting 1"),
        (3, "Greeting 2"),
        (2, "Group greetings"),
        (3, "Group greeting 1"),
        (2, "Example messages"),
        (3, "Example 1"),
        (2, "System prompt"),
        (2, "Post-history instructions"),
        (2, "Creator notes"),
        (2, "Creator notes (de)"),
        (2, "Character book: Mirela's Lorebook"),
        (3, "Lamp"),
    ]
    assert (
        "- Keys: `lamp`, `/light(house)?/i`\n- Secondary keys (one of them has to appear too): `oil`" in text
    )
    assert "> {{user}}: Who are you?  \n> {{char}}: The light.\n" in text
    assert "<START>" not in text


def test_empty_fields_have_no_heading(qapp: QApplication) -> None:
    assert outline(written(Card())) == [(1, "Unnamed character")]
    assert written(Card(name="Ada", first_mes=" \n ")) == "# Ada\n"


def test_entries_say_how_they_wake() -> None:
    entries = [
        BookEntry(content="Oil.", constant=True),
        BookEntry(keys=["a`b", "c,d", ""], secondary_keys=["e"], enabled=False, name="X", comment="seen"),
    ]
    text = written(Card(name="Ada", character_book=CharacterBook(entries=entries, recursive_scanning=True)))
    assert text == (
        "# Ada\n\n## Character book\n\n- Entries wake each other: yes\n\n"
        "### Entry 1\n\n- Keys: none\n- Always in the prompt\n- Order: 100\n\n> Oil.\n\n"
        "### X\n\n- Keys: `` a`b ``, `c,d`, `  `\n- Secondary keys (not in use): `e`\n- Switched off\n"
        "- Order: 100\n- Comment: seen\n"
    )


HOSTILE = (
    "# Heading", "</blockquote><h1>Out</h1>", "Line\n===", "Line\n---", "---\n# Out", "```\ncode\n```\n# Out",
    "~~~\n# Out", "    # code", "> quote\n\n# Out", "[x]: https://example.org",
    "![p](https://example.org/p.png)",
    "[link](javascript:alert(1))", "<https://example.org>", "&lt;b&gt; &#35; Out", "- list\n\n  # Out",
    "1. a\n\n# Out", "| a |\n|---|\n| b |", "a\r# Out", "a\u2028# Out", "\\", "\\# x", "`", "**",
    "\0# Out\x1b[31m",
    "<!--", "<script>alert(1)</script>", "$$\n# Out\n$$", "\ud83d", "[^1]: note", "\t# tab", "* * *",
)  # fmt: skip

_hostile = st.one_of(
    st.sampled_from(HOSTILE),
    texts,
    st.lists(st.sampled_from([*"#>-=`~*_[]()!<&\\|:$ \t\n\r1.", "a", "\n\n", "<b>"]), max_size=25).map(
        "".join
    ),
)


@given(text=_hostile, line=_hostile)
def test_no_text_leaves_its_place(qapp: QApplication, text: str, line: str) -> None:
    book = CharacterBook(
        name=line, description=text, entries=[BookEntry(keys=[line, text], name=line, content=text)]
    )
    card = Card(
        name=line, description=text, first_mes=text, alternate_greetings=[text], tags=[line, text],
        creator=line, nickname=text, source=[line], character_book=book,
        creator_notes_multilingual={line: text},
    )  # fmt: skip
    markdown = written(card)
    levels = [1, 2, 2, 2, 3, 2, 2, 3] if text.strip() else [1, 2, 3]
    assert [level for level, _ in outline(markdown)] == levels
    lines = markdown.split("\n")
    assert not any(re.match(r"\s*(<|\[|!\[|=|```|~~~|\d+[.)] )", line) for line in lines)
    html = parsed(markdown).toHtml()
    assert "<img" not in html
    assert "<a href" not in html.replace('<a href="http', "")  # bare addresses become links, and nothing else


def test_what_is_quoted_is_shown_as_it_was(qapp: QApplication) -> None:
    text = "*He* nods — <b>no</b> [x](y) `z` & \\ #1 ~x~\n# not a heading\n    deep"
    shown = quoted(written(Card(name="Ada", description=text)))
    assert shown.replace("\u2028", "\n") == text.replace("*", "").replace("    ", "\u00a0" * 4)


@given(cards(decorators=True))
def test_every_text_of_a_card_is_in_it(card: Card) -> None:
    text = written(card)
    plain = re.sub(r"\\(.)", r"\1", text)
    for entry in card.character_book.entries if card.character_book else ():
        for word in re.findall(r"[a-z]{3,}", entry.content):
            assert word in plain
    assert text.count("\n### Greeting ") == sum(
        1 for greeting in card.alternate_greetings if greeting.strip()
    )


def test_it_is_for_people_and_says_so_in_few_words() -> None:
    book = CharacterBook(entries=[BookEntry(extensions={"a": 1}) for _ in range(500)])
    assets = [Asset(type="icon", uri="embeded://a.png", name="main", ext="png")]
    card = WHOLE_CARD.model_copy(update={"character_book": book, "assets": assets})
    losses = MARKDOWN.losses(CardPackage(card, b"picture", {"a.png": b"a"}))
    assert [loss.field for loss in losses] == ["card", "extensions", "picture", "assets"]
    assert [loss.field for loss in MARKDOWN.losses(CardPackage(Card(name="Ada")))] == ["card"]
    with pytest.raises(CardFormatError, match="no character card"):
        read_file(written(card).encode(), "card.md")
