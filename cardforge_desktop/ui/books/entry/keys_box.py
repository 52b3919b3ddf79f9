"""The keys of an entry as chips, and under them what is the matter with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cardforge_desktop.cards import js_regex
from cardforge_desktop.ui.books.entry.words import hint_of, label_of
from cardforge_desktop.ui.theme import SPACE_XS, Tone
from cardforge_desktop.ui.widgets.basics import label
from cardforge_desktop.ui.widgets.finding_lines import FindingLine, FindingLines
from cardforge_desktop.ui.widgets.key_chip import ChipNote
from cardforge_desktop.ui.widgets.key_chips import KeyChips

if TYPE_CHECKING:
    from cardforge_desktop.books.keys import Holder, KeyStanding
    from cardforge_desktop.ui.books.session import BookSession
    from cardforge_desktop.ui.widgets.field_bench import FieldBench

#: Longer expressions are not checked while somebody types.
_LONGEST = 4_000
_SEVERITIES = {Tone.ERROR: "error", Tone.WARN: "warning", Tone.INFO: "hint"}


class KeysBox(QWidget):
    """Shows the keys; what they meet in other entries is told to it (`show_standings`)."""

    def __init__(self, bench: FieldBench, session: BookSession) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._session = session
        self._standings: Mapping[str, KeyStanding] = {}
        self._refused = ""
        self._acts: list[Callable[[], object]] = []
        self.chips = KeyChips(bench, label_of("keys"), self.tr("Words that wake the entry"))
        self.lines = FindingLines(bench.theme, bench.icons)
        title = label(label_of("keys"), "strong")
        title.setBuddy(self.chips)
        title.setToolTip(hint_of("keys"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        layout.addWidget(title)
        layout.addWidget(self.chips)
        layout.addWidget(self.lines)
        self.chips.given.connect(self._tell)
        self.chips.refused.connect(self._refuse)
        self.lines.fix_wanted.connect(self._act)
        self.lines.all_wanted.connect(self.lines.show_all)

    def show_keys(self, keys: Sequence[str]) -> None:
        """Show these."""
        self._refused = ""
        self.chips.show_value(keys)
        self._tell()

    def mind_case(self, case_sensitive: bool) -> None:
        """Whether keys that differ in the case of letters are two."""
        if case_sensitive != self.chips.case_sensitive:
            self.chips.case_sensitive = case_sensitive
            self._tell()

    def show_standings(self, standings: Mapping[str, KeyStanding]) -> None:
        """What the keys meet in other entries, by key."""
        self._standings = standings
        self._tell()

    @Slot(str)
    def _refuse(self, key: str) -> None:
        self._refused = key
        self._tell()

    @Slot(int)
    def _act(self, at: int) -> None:
        self._acts[at]()

    @Slot()
    def _tell(self) -> None:
        notes: dict[int, ChipNote] = {}
        found: list[tuple[Tone, str, str, Callable[[], object]]] = []
        if self._refused:
            text = self.tr("The entry has the key “%1” already.").replace("%1", self._refused, 1)
            found.append((Tone.INFO, text, "", lambda: None))
        for at, key in enumerate(self.chips.keys):
            of_key = [*self._own(at, key), *self._of_others(key)]
            found += of_key
            if of_key and of_key[0][0] is not Tone.INFO:
                notes[at] = ChipNote(of_key[0][0], of_key[0][1])
        found.sort(key=lambda each: list(_SEVERITIES).index(each[0]))
        self._acts = [act for _, _, _, act in found]
        self.chips.show_notes(notes)
        self.lines.show_lines([FindingLine(_SEVERITIES[tone], text, fix) for tone, text, fix, _ in found])

    def _own(self, at: int, key: str) -> list[tuple[Tone, str, str, Callable[[], object]]]:
        """What is the matter with a key by itself, or beside those before it."""
        from cardforge_desktop.books.keys import repeated

        written = js_regex.as_regex(key.strip()) if len(key) <= _LONGEST else None
        reason = "" if written is None else js_regex.problem(written)
        if reason:
            text = self.tr("“%1” is no regular expression: %2. Readers look for its very characters.")
            text = text.replace("%1", _short(key), 1).replace("%2", reason, 1)
            return [(Tone.ERROR, text, self.tr("Change"), lambda: self.chips.edit(at))]
        if at in repeated(self.chips.keys, case_sensitive=self.chips.case_sensitive):
            text = self.tr("The entry has the key “%1” more than once.").replace("%1", _short(key), 1)
            return [(Tone.WARN, text, self.tr("Take one away"), lambda: self.chips.take(at))]
        return []

    def _of_others(self, key: str) -> list[tuple[Tone, str, str, Callable[[], object]]]:
        """What a key meets in other entries; each with a way there."""
        standing = self._standings.get(key)
        if standing is None:
            return []
        told = []
        if standing.equal:
            text = self.tr("“%1” also stands in %2.")
            told.append((Tone.WARN, self._filled(text, key, standing.equal), standing.equal[0]))
        if standing.longer:
            text = self.tr("“%1” is part of “%3” in %2: what wakes that wakes this entry, too.")
            told.append((Tone.INFO, self._filled(text, key, standing.longer), standing.longer[0]))
        if standing.shorter:
            text = self.tr("“%1” holds “%3” of %2: what wakes this wakes that entry, too.")
            told.append((Tone.INFO, self._filled(text, key, standing.shorter), standing.shorter[0]))
        show = self.tr("Show")
        return [
            (tone, text, show, partial(self._session.wanted.emit, to.entry_id)) for tone, text, to in told
        ]

    def _filled(self, text: str, key: str, holders: Sequence[Holder]) -> str:
        from cardforge_desktop.books.keys import MOST_TOLD

        name = holders[0].name or self.tr("an entry without a title")
        others = len({each.entry_id for each in holders}) - 1
        if len(holders) >= MOST_TOLD:
            name = self.tr("%1 and at least %n other(s)", None, others).replace("%1", name, 1)
        elif others:
            name = self.tr("%1 and %n other(s)", None, others).replace("%1", name, 1)
        marks = {"%1": _short(key), "%2": name, "%3": _short(holders[0].key)}
        return re.sub("%[123]", lambda found: marks[found[0]], text)


def _short(key: str) -> str:
    told = " ".join(key.split())
    return told if len(told) <= 60 else f"{told[:59]}…"
