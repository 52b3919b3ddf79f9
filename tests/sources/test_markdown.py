"""Markdown as note-taking programs write it."""

from pathlib import Path

import pytest

from cardforge_desktop.sources.markdown import read_markdown
from cardforge_desktop.sources.reader import from_text


def test_front_matter_gives_the_title_and_keeps_its_facts() -> None:
    note = (
        b'---\r\ntitle: "Mirela of Vessen"\r\nrace: elf\r\ntags:\r\n  - baker\r\n---\r\n# Mirela\r\n\r\nShe.'
    )
    source = read_markdown(Path("mirela.md"), note)
    assert source.title == "Mirela of Vessen"
    assert source.text == "race: elf\ntags:\n  - baker\n\n# Mirela\n\nShe."
    assert [section.heading for section in source.sections] == ["", "Mirela"]
    assert (source.kind, source.name, source.encoding) == ("markdown", "mirela.md", "utf-8")


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    text = "---\n\nShe said: nothing. Then she left the house at dawn!\nAnd never came back\n\n---\n\nEnd."
    assert from_text("a.md", text).text == text


def test_addresses_and_comments_go_and_words_stay() -> None:
    text = (
        "She lives in [Vessen](https://example.org/a_b) with [[Tomas Miller|Tomas]] and [[Ada]]."
        "<!-- secret\nnote -->\n"
        "![her face](data:image/png;base64,AAAA) ![[map.png]]\n\n- *kind*\n- `code [a](b)`\n"
        "[Ada]: Hello.\n\n[1]: https://example.org"
    )
    assert from_text("a.md", text).text == (
        "She lives in Vessen with Tomas and Ada.\nher face\n\n- *kind*\n- `code a`\n[Ada]: Hello."
    )


def test_a_comment_without_an_end_is_text() -> None:
    assert from_text("a.md", "one <!-- two").text == "one <!-- two"


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "unit", ["[", "![", "[[", "](", "[a](", "<!--", "---\n", "\n", "a: b\n", "[a]:", " "]
)
def test_a_megabyte_of_marks_is_read_at_once(unit: str) -> None:
    """Each takes well under a second; a pattern that backtracks would take hours."""
    source = from_text("a.md", "---\n" + unit * (1_000_000 // len(unit)) + "end")
    assert source.text.endswith("end")
