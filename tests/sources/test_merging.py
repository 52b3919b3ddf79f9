"""Several sources as one text: nothing of any is lost, sections fit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.sources.merging import merge, short_name
from cardforge_desktop.sources.model import Section, SourceText


@st.composite
def sources(draw: st.DrawFn) -> SourceText:
    """A source as readers give it: sections cover its text without gaps, or there are none."""
    pieces = draw(st.lists(st.text(max_size=30), max_size=4))
    text, sections = "", []
    for piece in pieces:
        heading = draw(st.sampled_from(["", "Tower", "Harbour"]))
        sections.append(Section(heading, len(text), len(text) + len(piece)))
        text += piece
    return SourceText(
        name=draw(st.sampled_from(["mirela.md", "gannet.docx", "старый.txt"])),
        kind=draw(st.sampled_from(["markdown", "docx", "card"])),
        text=text,
        title=draw(st.sampled_from(["", "Mirela"])),
        sections=tuple(sections) if draw(st.booleans()) else (),
        warnings=tuple(draw(st.lists(st.sampled_from(["one picture was left out"]), max_size=2))),
    )


@given(st.lists(sources(), min_size=2, max_size=5))
def test_texts_stand_unchanged_in_their_order_with_an_empty_line_between(given_: list[SourceText]) -> None:
    merged = merge(given_)
    at = 0
    for number, source in enumerate(given_):
        if number and merged.text[:at]:
            assert merged.text[at : at + 2] == "\n\n"
            at += 2
        assert merged.text[at : at + len(source.text)] == source.text
        at += len(source.text)
    assert at == len(merged.text)


@given(st.lists(sources(), min_size=2, max_size=5))
def test_sections_cover_the_whole_text_without_gaps(given_: list[SourceText]) -> None:
    merged = merge(given_)
    ends = [0, *(section.end for section in merged.sections)]
    assert [section.start for section in merged.sections] == ends[:-1]
    assert ends[-1] == len(merged.text)


@given(st.lists(sources(), min_size=2, max_size=5))
def test_each_section_still_begins_with_its_own_text(given_: list[SourceText]) -> None:
    merged = merge(given_)
    own = [
        (part.heading, source.text[part.start : part.end])
        for source in given_
        for part in source.sections or (Section(source.title, 0, len(source.text)),)
    ]
    found = [(part.heading, merged.text[part.start : part.end]) for part in merged.sections]
    assert len(own) == len(found)
    for (heading, before), (same, after) in zip(own, found, strict=True):
        assert heading == same
        assert after.removesuffix("\n\n" if not before.endswith("\n\n") else "").startswith(before)


@given(st.lists(sources(), min_size=1, max_size=5))
def test_warnings_name_their_source_and_the_first_title_counts(given_: list[SourceText]) -> None:
    merged = merge(given_)
    titles = [source.title for source in given_ if source.title]
    assert merged.title == (titles[0] if titles else "")
    if len(given_) == 1:
        assert merged == given_[0]
    else:
        told = [f"{source.name}: {warning}" for source in given_ for warning in source.warnings]
        assert list(merged.warnings) == told


@pytest.mark.parametrize(
    ("names", "short"),
    [(["mirela.md"], "mirela.md"), (["mirela.md", "b.txt"], "mirela.md + 1"), (["a", "b", "c"], "a + 2")],
)
def test_several_sources_are_called_by_the_first(names: list[str], short: str) -> None:
    assert short_name(names) == short
    base = SourceText("x", "text", "one")
    assert merge([replace(base, name=name) for name in names]).name == short
