"""From raw characters to the text every reader returns: normalised, with its headings found."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.sources.model import Section, SourceError, SourceKind, SourceText, readable_name

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Control characters, soft hyphens, zero-width blanks, byte order marks, non-characters; scripts
# need joiners.
_DROPPED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff\ufffe\uffff]")
_BLANKS = re.compile("[\u00a0\u2007\u202f]")
_EMPTY_LINES = re.compile(r"\n{3,}")
_SURROGATES = re.compile("[\ud800-\udfff]")

_MARKDOWN_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(?P<heading>\S.*)")
_WIKI_HEADING = re.compile(r"(={2,6})(?!=)[ \t]*(?P<heading>[^=\s].*?)[ \t]*\1")
_UNDERLINE = re.compile(r"={3,}|-{3,}")
_FENCE = re.compile(r" {0,3}(```|~~~)")
_LONGEST_HEADING = 120


def normalise(text: str) -> str:
    """NFC, ``\\n`` line ends, no control characters or lone surrogates, no blanks at the ends of lines, at
    most one empty line in a row, none at the ends.
    """
    text = _SURROGATES.sub("\ufffd", text)
    text = _DROPPED.sub("", _LINE_ENDS.sub("\n", text))
    if not text.isascii():
        text = unicodedata.normalize("NFC", _shorten_marks(_BLANKS.sub(" ", text)))
    return _EMPTY_LINES.sub("\n\n", _strip_line_tails(text)).strip("\n")


def source_text(
    name: str,
    kind: SourceKind,
    text: str,
    *,
    title: str = "",
    encoding: str = "",
    warnings: Iterable[str] = (),
) -> SourceText:
    """Normalise `text` and find its sections; `title` wins over the first heading.

    Raises:
        SourceError: SOURCE_EMPTY.
    """
    clean = normalise(text)
    if not any(not character.isspace() for character in clean):
        raise SourceError.of(ErrorCode.SOURCE_EMPTY, Path(name), "there is no text in it.")
    sections = tuple(_sections(clean))
    own_title = " ".join(normalise(title).split())
    first = next((section.heading for section in sections if section.heading), "")
    return SourceText(
        name=readable_name(name),
        kind=kind,
        text=clean,
        title=own_title or first,
        sections=sections,
        encoding=encoding,
        warnings=tuple(warnings),
    )


def _sections(text: str) -> Iterator[Section]:
    """Sections that cover `text`; a heading's own line belongs to its section."""
    start, heading = 0, ""
    for position, next_heading in _headings(text):
        if position > start:
            yield Section(heading, start, position)
        start, heading = position, next_heading
    yield Section(heading, start, len(text))


def _headings(text: str) -> Iterator[tuple[int, str]]:
    """(position of its line, heading) in order: ``# H``, ``== H ==`` and underlined lines, not in code."""
    position, fenced = 0, False
    before, previous, previous_position = "", "", 0
    for line in text.split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            heading = _heading(line)
            if heading:
                yield position, heading
            elif _UNDERLINE.fullmatch(line) and not before and _may_be_heading(previous):
                yield previous_position, _bare(previous)
        before, previous, previous_position = previous, line, position
        position += len(line) + 1


def _heading(line: str) -> str:
    """The heading a line is, else ""."""
    if line[:4].lstrip(" ")[:1] not in ("#", "="):
        return ""
    found = _MARKDOWN_HEADING.fullmatch(line) or _WIKI_HEADING.fullmatch(line)
    return _bare(found["heading"]) if found and len(line) <= 2 * _LONGEST_HEADING else ""


def _may_be_heading(line: str) -> bool:
    return 0 < len(line) <= _LONGEST_HEADING and not _heading(line) and bool(_bare(line))


def _bare(heading: str) -> str:
    """Without closing marks and emphasis."""
    return heading.strip().rstrip("#").strip().strip("*_").strip()


def _strip_line_tails(text: str) -> str:
    """Line by line: a regular expression takes quadratic time on a megabyte of blanks."""
    return "\n".join(line.rstrip() for line in text.split("\n"))


def _shorten_marks(text: str) -> str:
    """At most thirty combining marks in a row: composing a megabyte of them takes minutes (UAX #15)."""
    marks = _combining_marks()
    if not re.search(f"[{marks}]", text):  # ten times as fast as the substitution
        return text
    return re.sub(f"([{marks}]{{30}})[{marks}]+", r"\1", text)


@cache
def _combining_marks() -> str:
    """All of them, for a character class."""
    return "".join(re.escape(chr(code)) for code in range(0x300, 0x1F000) if unicodedata.combining(chr(code)))
