"""HTML pages: what is prose in them, and what they may not do to the reader."""

from pathlib import Path

import pytest

from cardforge_desktop.sources.html import read_html
from cardforge_desktop.sources.model import SourceError

PAGE = """<!DOCTYPE html><html><head><title>Mirela | Vessen Wiki</title><style>p {color: red}</style></head>
<body>
<nav><a href="/">Home</a></nav><header><h1>Mirela<span class="mw-editsection">[edit]</span></h1></header>
<aside class="portable-infobox"><h3>Race</h3><div>Elf</div></aside><aside>Advertisement</aside>
<table><tr><th>Age</th><td><p>210</p></td></tr>
<tr><th>Home</th><td>Vessen<br>north</td></tr></table>
<p>She is <b>bold</b>,
   and&nbsp;kind &amp; old.<sup class="reference">[1]</sup></p><!-- comment -->
<h2>Past</h2><ul><li>one</li><li><p>two</p><ul><li>deep</li></ul></li></ul><ol><li>x<li>y</ol>
<p hidden>h1</p><p style="display: none">h2</p><p aria-hidden="true">h3</p><pre>a
  b</pre><blockquote>A saying.</blockquote><script>alert(1)</script><footer>F</footer>tail</body></html>"""


def html(text: str, encoding: str = "utf-8") -> str:
    return read_html(Path("a.html"), text.encode(encoding)).text


def test_a_page_becomes_readable_text() -> None:
    source = read_html(Path("mirela.html"), PAGE.encode())
    assert source.title == "Mirela"
    assert source.text == (
        "# Mirela\n\n### Race\n\nElf\n\nAge | 210\nHome | Vessen north\n\n"
        "She is bold, and kind & old.\n\n## Past\n\n"
        "- one\n- two\n  - deep\n\n1. x\n2. y\n\na\n  b\n\nA saying.\n\ntail"
    )
    assert [section.heading for section in source.sections] == ["Mirela", "Race", "Past"]


def test_the_pages_title_where_there_is_no_heading() -> None:
    assert read_html(Path("a.html"), b"<title>Mirela</title><p>Text").title == "Mirela"


@pytest.mark.parametrize("charset", ["windows-1252", "iso-8859-2", "koi8-r"])
def test_the_declared_encoding_is_used(charset: str) -> None:
    words = {"windows-1252": "Bäckerin", "iso-8859-2": "łódź", "koi8-r": "пекарь"}[charset]
    source = read_html(Path("a.html"), f'<meta charset="{charset}"><p>{words}'.encode(charset))
    assert (source.text, source.warnings) == (words, ())


def test_a_wrong_declaration_does_not_beat_utf8() -> None:
    assert html("<meta charset=latin1><p>Bäckerin") == "Bäckerin"
    assert html("<meta charset=nonsense><p>Bäckerin", "cp1252") == "Bäckerin"


@pytest.mark.parametrize("page", ["<script>only()</script>", "<p> </p><br>", "<nav>Home</nav>"])
def test_a_page_without_prose_is_empty(page: str) -> None:
    with pytest.raises(SourceError) as caught:
        html(page)
    assert caught.value.code == "SOURCE_EMPTY"


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 200_000,
        "<div></x>" * 100_000,
        "<b><div></b>" * 100_000,
        "<div " + " ".join(f"a{number}=1" for number in range(100_000)) + ">",
        '<div b=">" ' + " ".join(f"a{number}" for number in range(100_000)) + ">",
    ],
    ids=["deep", "stray ends", "misnested", "attributes", "quoted end"],
)
def test_pages_that_would_take_the_parser_minutes_are_refused(page: str) -> None:
    with pytest.raises(SourceError) as caught:
        html(page + "text")
    assert caught.value.code == "SOURCE_DAMAGED"


def test_deep_and_long_pages_of_people_are_read() -> None:
    assert html("<div>" * 1000 + "text") == "text"
    assert html("<p>" * 50_000 + "text") == "text"
    assert html(f'<img src="data:image/png;base64,{"A" * 500_000}" alt="a b">text') == "text"


def test_a_page_of_more_tags_than_fit_into_memory() -> None:
    with pytest.raises(SourceError) as caught:
        html("<p>" * 1_200_001)
    assert (caught.value.code, "1200000 tags" in caught.value.message) == ("SOURCE_TOO_LARGE", True)


def test_elements_that_end_in_their_own_tag() -> None:
    xhtml = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body><p/><p>a<br/>b</p></body></html>'
    assert html(xhtml) == "a\nb"
    assert html("<p>a<script/>b</script>c</p>") == "ac"  # HTML knows no such ends
