"""Several sources as one text, for a card that is written from all of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cardforge_desktop.sources.model import Section, SourceText

_BETWEEN = "\n\n"


def merge(sources: Sequence[SourceText]) -> SourceText:
    """One source of all, in their order; a single one stays as it is.

    Each text keeps its sections; between two stands an empty line. The title is the first one's that has
    one. Warnings name the source they are of.

    Args:
        sources: at least one.
    """
    first, *others = sources
    if not others:
        return first
    text, sections = "", list[Section]()
    for source in sources:
        text += _BETWEEN if text else ""
        if sections:  # sections cover the text without gaps
            sections[-1] = replace(sections[-1], end=len(text))
        parts = source.sections or (Section(source.title, 0, len(source.text)),)
        sections += [Section(part.heading, part.start + len(text), part.end + len(text)) for part in parts]
        text += source.text
    return SourceText(
        name=short_name([source.name for source in sources]),
        kind=first.kind,
        text=text,
        title=next((source.title for source in sources if source.title), ""),
        sections=tuple(sections),
        encoding=first.encoding,
        warnings=tuple(f"{source.name}: {warning}" for source in sources for warning in source.warnings),
    )


def short_name(names: Sequence[str]) -> str:
    """Several sources in one short text: ``mirela.md + 2``."""
    return names[0] if len(names) == 1 else f"{names[0]} + {len(names) - 1}"
