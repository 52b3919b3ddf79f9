"""What is made: is anything written, in which formats, under which names?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches

from cardforge_desktop import naming
from cardforge_desktop.profiles.budget import asks_for_book, fields_of_profile, parts_of_profile
from cardforge_desktop.profiles.rules.subject import Subject, Verdict, error, warning
from cardforge_desktop.profiles.rules.texts import longest_of
from cardforge_desktop.profiles.validation import FindingCode, shortened

#: Formats are some ten; a list of others is not told to its end.
_MOST = 20


def something_is_written(subject: Subject) -> Iterator[Verdict]:
    """At least one field, or a book; of a lorebook the book."""
    content = subject.content
    if content.type == "lorebook" and not asks_for_book(content):
        told = "A lorebook profile writes a book and nothing else. Include the book, with at least one entry."
        yield error("config.book.include", told, FindingCode.NOTHING_WRITTEN)
    elif not parts_of_profile(content):
        told = "Nothing is written: choose at least one field, or the book."
        yield error("config.fields.name.write", told, FindingCode.NOTHING_WRITTEN)


def greetings_and_entries_are_some(subject: Subject) -> Iterator[Verdict]:
    """What is switched on and then is none."""
    config = subject.content.config
    if config.fields["alternate_greetings"].write and config.greetings == 0:
        told = "Further greetings are switched on, but their number is 0. Ask for one or more."
        yield warning("config.greetings", told, FindingCode.NO_EFFECT)
    if subject.content.type != "lorebook" and config.book.include and config.book.max_entries == 0:
        told = "The book is included, but may have 0 entries. Allow one or more."
        yield warning("config.book.max_entries", told, FindingCode.NO_EFFECT)


def formats_are_known(subject: Subject) -> Iterator[Verdict]:
    """A format that nothing can write would fail each card."""
    formats = subject.content.config.formats
    for name in list(dict.fromkeys(formats))[:_MOST]:
        if subject.around.formats and name not in subject.around.formats:
            near = get_close_matches(name[:60].lower(), subject.around.formats, 1, 0.6)
            known = ", ".join(sorted(subject.around.formats))
            way = f"Do you mean “{near[0]}”?" if near else f"Known: {known}."
            told = f"“{shortened(name)}” is no format. {way}"
            yield error("config.formats", told, FindingCode.UNKNOWN_FORMAT)
    for name, times in Counter(formats).most_common(1):
        if times > 1:
            told = f"“{shortened(name)}” is there {times} times. Name each format once."
            yield error("config.formats", told, FindingCode.BAD_CHOICE)
    if not formats:
        told = "No format is chosen: cards are kept in the library, and no file is written."
        yield warning("config.formats", told, FindingCode.EMPTY)


def formats_fit_the_type(subject: Subject) -> Iterator[Verdict]:
    """Formats that hold a book alone need one; a book alone makes a poor card."""
    content, books = subject.content, subject.around.book_formats
    cards = [name for name in content.config.formats if name in subject.around.formats - books]
    alone = [name for name in content.config.formats if name in books]
    if content.type == "lorebook" and cards:
        told = (
            f"A lorebook profile writes no card: in {_listed(cards)} only the book and a name would stand. "
            f"Choose {_listed(sorted(books))}."
        )
        yield warning("config.formats", told, FindingCode.NO_EFFECT)
    if content.type != "lorebook" and alone and not asks_for_book(content):
        told = f"{_listed(alone)} holds the book alone, and none is written. Include the book, or remove it."
        yield warning("config.formats", told, FindingCode.NO_EFFECT)


def card_has_a_name(subject: Subject) -> Iterator[Verdict]:
    """Files and lists are named after it; one that is updated has its name."""
    fields = fields_of_profile(subject.content)
    if fields and "name" not in fields:
        told = (
            "The name is not written: new cards will have none. Switch it on, unless cards are only updated."
        )
        yield warning("config.fields.name.write", told, FindingCode.EMPTY)


def pattern_is_valid(subject: Subject) -> Iterator[Verdict]:
    """The file names' own rules (`naming.check_pattern`), with the place."""
    pattern = subject.content.config.naming_pattern
    if pattern in naming.PATTERNS or len(pattern) > (longest_of("config.naming_pattern") or 0):
        return
    for found in naming.placeholders_in(pattern):
        if not found.known:
            known = ", ".join(f"{{{name}}}" for name in naming.PLACEHOLDERS)
            way = f"Do you mean {{{found.meant}}}?" if found.meant else f"Known: {known}."
            told = f"“{{{shortened(found.name)}}}” is no placeholder of file names. {way}"
            path = "config.naming_pattern"
            yield error(path, told, FindingCode.PATTERN_INVALID, found.start, found.end)


def _listed(names: list[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
