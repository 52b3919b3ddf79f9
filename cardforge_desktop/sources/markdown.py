"""Markdown files, as note-taking programs write them."""

import re
from pathlib import Path

from cardforge_desktop.sources.encoding import decode
from cardforge_desktop.sources.model import SourceText
from cardforge_desktop.sources.plain import source_text

_FRONT_MATTER = re.compile(
    r"\s*---[ \t]*\r?\n(?P<lines>.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL
)
_TITLE = re.compile(r"^title[ \t]*:[ \t]*(?P<title>.*?)[ \t]*\r?$\n?", re.MULTILINE | re.IGNORECASE)
_FRONT_MATTER_LINE = re.compile(r"[\w .-]{1,60}:(?:\s.*)?|\s+.*|-\s.*|#.*|\s*")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# Bounded: an unbounded label would make a megabyte of "[" quadratic.
_EMBED = re.compile(r"!\[\[[^\[\]\n]{0,500}\]\]")
_PICTURE = re.compile(r"!\[([^\[\]]{0,500})\]\([^()]*\)")
_LINK = re.compile(r"(?<!!)\[([^\[\]]{1,500})\]\([^()\n]{0,2000}\)")
_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|\n]{0,500}\|)?([^\[\]|\n]{1,500})\]\]")
# Only addresses: "[Mirela]: Hello." is a line of a chat.
_LINK_TARGET = re.compile(r"^ {0,3}\[[^\[\]\n]{1,200}\]:[ \t]*<?(?:[a-z]+://|mailto:|[#/]).*$", re.MULTILINE)


def read_markdown(path: Path, data: bytes) -> SourceText:
    """The text of a .md file.

    Raises:
        SourceError: SOURCE_BINARY, SOURCE_EMPTY.
    """
    decoded = decode(path, data)
    return markdown_text(path.name, decoded.text, encoding=decoded.encoding, warnings=decoded.warnings)


def markdown_text(name: str, text: str, *, encoding: str = "", warnings: tuple[str, ...] = ()) -> SourceText:
    """Markdown without comments, addresses and the fences of its front matter.

    The front matter's title becomes the title; its other lines stay, since people keep facts there
    ("race: elf"). Pictures become their description, links their words.

    Raises:
        SourceError: SOURCE_EMPTY.
    """
    title, body = _without_front_matter(text)
    body = _without_comments(body)
    body = _PICTURE.sub(r"\1", _EMBED.sub("", body))
    body = _LINK_TARGET.sub("", _WIKI_LINK.sub(r"\1", _LINK.sub(r"\1", body)))
    return source_text(name, "markdown", body, title=title, encoding=encoding, warnings=warnings)


def _without_front_matter(text: str) -> tuple[str, str]:
    """(title, text without the fences and the title); a text that only begins with a rule is left alone."""
    found = _FRONT_MATTER.match(text)
    if not found or not all(_FRONT_MATTER_LINE.fullmatch(line) for line in found["lines"].splitlines()):
        return "", text
    title = _TITLE.search(found["lines"])
    kept = _TITLE.sub("", found["lines"], count=1)
    return (title["title"].strip("\"'") if title else ""), f"{kept}\n\n{text[found.end() :]}"


def _without_comments(text: str) -> str:
    # A search for an end that is not there takes time for every beginning.
    end = text.rfind("-->") + 3
    return _COMMENT.sub("", text[:end]) + text[end:] if end > 2 else text
