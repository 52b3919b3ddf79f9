"""What is fuzzed: for every reader its corpus, the ways its files are changed, and what must hold."""

import random
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cardforge_desktop.cards.formats import FORMATS, CardFile, read_file
from cardforge_desktop.cards.formats.losses import card_losses
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.sources.docx import read_docx
from cardforge_desktop.sources.epub import read_epub
from cardforge_desktop.sources.html import read_html
from cardforge_desktop.sources.markdown import read_markdown
from cardforge_desktop.sources.model import SourceText
from cardforge_desktop.sources.odt import read_odt
from cardforge_desktop.sources.rtf import read_rtf
from cardforge_desktop.sources.text import read_text
from tests.fuzz.mutation import Change, bytewise, in_json, in_png, in_xml, in_zip, one_of

CORPUS = Path(__file__).parent / "corpus"
#: Seconds of processor time for one file; all files of the corpora are small.
LONGEST = 2.0
NAME = "fuzz.bin"
# What a format may change: numbers of entries are made unique for readers, and V2 has no decorators.
_READIED = {"v3": (".id",), "json": (".id", ".content")}


@dataclass(frozen=True)
class Target:
    """One reader.

    Attributes:
        name: the folder of its corpus.
        change: makes a file of the corpus.
        read: what the reader makes of a file.
        check: fails where that is not as it must be.
        rounds: files in the normal run, about a second of them.
    """

    name: str
    change: Change
    read: Callable[[bytes], Any]
    check: Callable[[Any], None]
    rounds: int

    def corpus(self) -> list[bytes]:
        """Its files, in the order of their names."""
        return [path.read_bytes() for path in sorted((CORPUS / self.name).iterdir())]

    def run(self, seeds: Iterable[int]) -> None:
        """Try one file for each seed; a failure names the seed."""
        corpus = self.corpus()
        for seed in seeds:
            data = self.change(random.Random(seed), corpus)
            began = time.process_time()
            try:
                self.try_file(data)
            except BaseException as error:
                error.add_note(f"fuzz target {self.name}, seed {seed}: {data[:200]!r}")
                raise
            took = time.process_time() - began
            assert took < LONGEST, f"{self.name}, seed {seed}: {took:.1f} s for {len(data):,} bytes"

    def try_file(self, data: bytes) -> None:
        """It is read and as it must be, or refused with its name."""
        try:
            found = self.read(data)
        except CardForgeError as error:
            refusal = error
        else:
            self.check(found)
            return
        assert refusal.message.startswith(f"{NAME}: ")


def card(name: str, change: Change, rounds: int = 300) -> Target:
    """A target for a kind of file that holds a card or a book."""
    return Target(name, change, lambda data: read_file(data, NAME), check_card, rounds)


def source(name: str, change: Change, read: Callable[[Path, bytes], SourceText], rounds: int = 300) -> Target:
    """A target for a reader of sources."""
    return Target(name, change, lambda data: read(Path(NAME), data), check_source, rounds)


def check_card(file: CardFile) -> None:
    """It can be written as json and v3, and each gives back what is in it."""
    assert all(warning.endswith(".") and len(warning) < 500 for warning in file.warnings)
    "".join(file.warnings).encode()
    for name, readied in _READIED.items():
        written = FORMATS[name].write(file.package)
        try:
            back = read_file(written, NAME)
        except CardForgeError as error:
            raise AssertionError("what we wrote can't be read") from error
        assert back.warnings == ()
        lost = [loss.field for loss in card_losses(file.package.card, back.package.card)]
        assert all(field.endswith(readied) for field in lost), lost
        assert FORMATS[name].write(back.package) == written


def check_source(text: SourceText) -> None:
    """It says something, is whole Unicode, and its sections cover it."""
    assert text.text.strip()
    assert "".join(text.text[part.start : part.end] for part in text.sections) == text.text
    text.text.encode()
    text.title.encode()


_XML = one_of(
    in_xml,
    in_xml,
    bytewise(
        *(
            b"<a>",
            b"</a>",
            b"<a b='",
            b"/>",
            b"<!--",
            b"-->",
            b"<![CDATA[",
            b"]]>",
            b"<?x?>",
            b"&amp;",
            b"&#0;",
            b"&x;",
        ),
        *(
            b"<!DOCTYPE a [<!ENTITY x 'y'>]>",
            b"xmlns:a=''",
            b' encoding="utf-16"',
            b"\xff\xfe",
            b"\xed\xa0\x80",
        ),
        *(
            b"<text:p>",
            b"</text:p>",
            b"<text:h>",
            b"<text:list>",
            b"<table:table-row>",
            b"<text:s text:c='99999999'/>",
        ),
        *(
            b"<p>",
            b"</p>",
            b"<h1>",
            b"<td colspan='9'>",
            b"<w:p>",
            b"<w:r>",
            b"<w:t>",
            b"<w:tbl>",
            b"href='../../x'",
        ),
    ),
)
_HTML = bytewise(
    *(
        b"<p>",
        b"</p>",
        b"<h1>",
        b"</h1>",
        b"<table>",
        b"<tr>",
        b"<td>",
        b"<li>",
        b"<ol>",
        b"<ul>",
        b"<pre>",
        b"<br>",
    ),
    *(
        b"<script>",
        b"</script>",
        b"<style>",
        b"<title>",
        b"<svg>",
        b"<template>",
        b"<a href='x'>",
        b"<p/>",
        b"<",
    ),
    *(
        b"<!--",
        b"-->",
        b"<![CDATA[",
        b"&amp;",
        b"&#xD800;",
        b"&#0;",
        b"&nbsp",
        b"<meta charset='utf-7'>",
        b"\0",
    ),
    *(b"<meta charset='idna'>", b"\xff\xfe", b"\xef\xbb\xbf"),
)
_RTF = bytewise(
    *(
        b"{",
        b"}",
        b"\\",
        b"\\par ",
        b"\\'",
        b"\\'e4",
        b"\\u-1 ?",
        b"\\u55357 ?",
        b"\\uc9 ",
        b"\\uc-1 ",
        b"\\bin99 ",
    ),
    *(
        b"\\bin99999999999 ",
        b"{\\*",
        b"\\fonttbl",
        b"\\stylesheet",
        b"\\listtext",
        b"\\pntext",
        b"\\trowd",
        b"\\cell",
    ),
    *(
        b"\\row",
        b"\\footnote",
        b"\\field",
        b"{\\*\\fldinst",
        b"\\outlinelevel0 ",
        b"\\ansicpg99999 ",
        b"\\f1 ",
    ),
    *(
        b"\\fcharset128 ",
        b"\\v ",
        b"\\plain ",
        b"\\pict",
        b"\\upr",
        b"\\ud",
        b"\\tab",
        b"\0",
        b"\x80",
        b"\r\n",
    ),
)
_YAML = bytewise(
    *(
        b"&a ",
        b"*a",
        b"*a, *a",
        b"<<: *a\n",
        b"!!python/object/apply:os.system ",
        b"!!set ",
        b"!!binary ",
        b"!x ",
    ),
    *(
        b"- ",
        b": ",
        b"? ",
        b"|\n",
        b">-\n",
        b"'",
        b'"',
        b"{",
        b"}",
        b"[",
        b"]",
        b", ",
        b"---\n",
        b"...\n",
        b"%YAML 1.2\n",
    ),
    *(
        b"\t",
        b"#",
        b"\n",
        b"\n  ",
        b"\x85",
        b"\xe2\x80\xa8",
        b"\\ud800",
        b"0x1F",
        b"1_000",
        b".nan",
        b".inf",
        b"~",
    ),
    *(b"name: ", b"context: ", b"greeting: ", b"9" * 5000, b"2024-01-01"),
)
_JSON = one_of(
    in_json,
    in_json,
    in_json,
    bytewise(
        *(
            b"{",
            b"}",
            b"[",
            b"]",
            b",",
            b":",
            b'"',
            b"null",
            b"NaN",
            b"-Infinity",
            b"1e999",
            b"\\ud800",
            b"\\u0000",
        ),
        *(b'"extensions":', b'"entries":', b'"data":', b"\xed\xa0\x80", b"\xff", b"\xef\xbb\xbf", b"-", b"0"),
    ),
)
_TEXT = bytewise(
    *(
        b"# A\n",
        b"---\n",
        b"title: x\n",
        b"[a](b)",
        b"![[",
        b"```\n",
        b"== x ==\n",
        b"\n\n",
        b"\r",
        b"\0",
        b"\x1b",
    ),
    *(
        b"<!--",
        b"-->",
        b"\xff\xfe",
        b"\xfe\xff",
        b"\xef\xbb\xbf",
        b"\xe4",
        b"\xcc\x81",
        b"\xed\xa0\x80",
        b"CHAPTER I\n",
    ),
)

TARGETS: Mapping[str, Target] = {
    target.name: target
    for target in (
        card("png", one_of(in_png, in_png, bytewise())),
        card("charx", one_of(in_zip({".json": _JSON}), bytewise(b"PK\1\2", b"PK\5\6"))),
        card("json", _JSON),
        card("yaml", _YAML),
        card("world_info", _JSON),
        card("foreign", _JSON),
        source("epub", in_zip({"ml": _XML, ".opf": _XML}), read_epub),
        source("odt", in_zip({".xml": _XML}), read_odt),
        source("docx", in_zip({".xml": _XML, ".rels": _XML}), read_docx),
        source("rtf", _RTF, read_rtf),
        source("html", one_of(_HTML, in_xml), read_html),
        source("markdown", _TEXT, read_markdown),
        source("text", _TEXT, read_text),
    )
}
