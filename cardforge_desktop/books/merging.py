"""New entries brought into a book that exists: what stands there stays as its author wrote it. Pure.

CardForge marks the entries that it wrote (`cards.book_fields.with_made`). As long as nobody touched their
text and keys since, they may grow: sentences are added behind those that are there, and keys. Everything
else of a book is left alone; what is new of a thing that somebody else wrote about gets an entry of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cardforge_desktop.books.called import Names, called, name_words, same
from cardforge_desktop.books.telling import new_sentences, sentences
from cardforge_desktop.cards.book_fields import is_as_made, title_of, with_made
from cardforge_desktop.cards.model import BookEntry, CharacterBook, Number

#: Characters that an entry may grow to: told of by fifty cards it must still fit into a prompt.
LONGEST = 1_600
_MOST_KEYS = 8


@dataclass(frozen=True, slots=True)
class Extended:
    """An entry that CardForge had written, and what it is now."""

    before: BookEntry
    after: BookEntry


@dataclass(frozen=True, slots=True)
class Skipped:
    """A new entry that was not taken, and the one that tells it already."""

    entry: BookEntry
    known: BookEntry


@dataclass(frozen=True, slots=True)
class Merge:
    """What became of two books.

    Attributes:
        book: the entries of the first, in their order, and behind them the added ones.
        added: as they stand in it, with ids and orders of their own.
        extended, skipped: what became of new entries about something that was known.
    """

    book: CharacterBook
    added: tuple[BookEntry, ...] = ()
    extended: tuple[Extended, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the book is another one now."""
        return bool(self.added or self.extended)


def merged(book: CharacterBook, new: CharacterBook) -> Merge:
    """`book` with what `new` tells besides; of `new` only the entries count.

    An entry about something unknown is added. About something known, what is new is written into an entry
    that CardForge wrote and nobody changed; where there is none, it is an entry of its own if most of it is
    new, else it is skipped. No entry of `book` is ever lost, moved, or changed in any other way.
    """
    return _Work(book, new.entries).done()


@dataclass(slots=True)
class _Work:
    """A book on the way.

    Attributes:
        all_names: of the book's entries as they were and of all new ones: what a part of a name could mean.
        entries: those of the book, then the added ones.
        names: theirs.
    """

    book: CharacterBook
    new: Sequence[BookEntry]
    all_names: Names = field(init=False)
    entries: list[BookEntry] = field(default_factory=list)
    names: Names = field(default_factory=lambda: Names([]))
    skipped: list[Skipped] = field(default_factory=list)
    next_id: int = 1
    next_order: Number = 10

    def __post_init__(self) -> None:
        own = self.book.entries
        names = [called(entry) for entry in own]
        self.all_names = Names([*names, *map(called, self.new)])
        self.entries, self.names = list(own), Names(names)
        self.next_id = max((_number(entry.id) for entry in own), default=0) + 1
        self.next_order = max((entry.insertion_order for entry in own), default=0) + 10

    def done(self) -> Merge:
        """Take each of the new entries."""
        size = len(self.book.entries)
        for entry in self.new:
            self._take(entry)
        added = tuple(self.entries[size:])
        pairs = zip(self.book.entries, self.entries[:size], strict=True)
        extended = tuple(Extended(before, after) for before, after in pairs if before is not after)
        book = self.book
        if added or extended:
            book = book.model_copy(update={"entries": self.entries})
        return Merge(book, added, extended, tuple(self.skipped))

    def _take(self, entry: BookEntry) -> None:
        """Add, write into a known entry, or skip."""
        known = self._known(entry)
        if not known:
            self._add(entry)
            return
        about = [self.entries[at] for at in known]
        # Word for word the same tells nothing, though there may be no word in it that could be compared.
        is_there = any(each.content.strip() == entry.content.strip() for each in about)
        told = [] if is_there else new_sentences(entry.content, map(_told_by, about))
        grown = next((at for at in known if is_as_made(self.entries[at])), None)
        if grown is not None and is_as_made(entry):
            taken = self._grow(grown, entry, told)
        else:
            taken = bool(told) and 2 * len(told) >= len(sentences(entry.content))
            if taken:
                self._add(entry)
        if not taken:
            self.skipped.append(Skipped(entry, self.entries[known[0]]))

    def _known(self, entry: BookEntry) -> list[int]:
        """Where entries about the same thing stand; for one without a name those that say the same."""
        name = called(entry)
        if not name.title:
            return [at for at, each in enumerate(self.entries) if each.content == entry.content]
        near = [self.all_names.names[at] for at in self.all_names.near(name)]
        return [at for at in self.names.near(name) if same(name, self.names.names[at], near)]

    def _add(self, entry: BookEntry) -> None:
        numbered = {"id": self.next_id, "insertion_order": self.next_order}
        self._append(entry.model_copy(update=numbered))
        self.next_id += 1
        self.next_order += 10

    def _append(self, entry: BookEntry) -> None:
        self.entries.append(entry)
        self.names.add(called(entry))

    def _grow(self, at: int, entry: BookEntry, told: Sequence[str]) -> bool:
        """Write what is new into an entry; False when there is nothing, or no room."""
        before = self.entries[at]
        content = before.content
        for sentence in told:
            if len(content) + len(sentence) < LONGEST:
                content += f"{_between(content)}{sentence}"
        keys = [*before.keys, *self._new_keys(at, entry)]
        if content == before.content and keys == before.keys:
            return False
        grown = with_made(before.model_copy(update={"content": content, "keys": keys}))
        self.entries[at] = grown
        self.names.change(at, called(grown))
        return True

    def _new_keys(self, at: int, entry: BookEntry) -> list[str]:
        """Keys of a new entry that are not there yet, nor what another entry is called."""
        before = self.entries[at]
        have = {key.casefold() for key in before.keys}
        near = self.all_names.near(called(entry))
        taken = {self.all_names.names[there].title for there in near} - {self.names.names[at].title}
        fresh = [
            key
            for key in dict.fromkeys(entry.keys)
            if key.casefold() not in have
            and name_words(key)[0] not in taken - {name_words(title_of(entry))[0]}
        ]
        return fresh[: max(0, _MOST_KEYS - len(before.keys))]


def _told_by(entry: BookEntry) -> str:
    """Text and names: who writes “the guild lights the harbour” of the guild tells only of lights."""
    return " ".join((title_of(entry), *entry.keys, entry.content))


def _between(content: str) -> str:
    """What stands between a text and a sentence that is added: nothing where the script sets no spaces."""
    return "" if not content or content.endswith(("。", "！", "？", "\n")) else " "


def _number(entry_id: int | str | None) -> int:
    """The id as a number: to SillyTavern 7 and "7" are one."""
    text = str(entry_id)
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 16 else 0
