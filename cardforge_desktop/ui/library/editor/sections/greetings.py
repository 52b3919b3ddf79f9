"""How a chat begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.library.editor.bench import Bench
from cardforge_desktop.ui.library.editor.field_box import FieldBox
from cardforge_desktop.ui.library.editor.finding_lines import LintLines, marks_of
from cardforge_desktop.ui.library.editor.sections.section import Section
from cardforge_desktop.ui.theme import SPACE_XS
from cardforge_desktop.ui.widgets.basics import ElidedLabel, icon_button, label, row
from cardforge_desktop.ui.widgets.sortable_list import GreetingList, ListWords, TextItem
from cardforge_desktop.ui.widgets.token_bar import TokenCount

if TYPE_CHECKING:
    from cardforge_desktop.cards.lint import Finding
    from cardforge_desktop.cards.model import Card
    from cardforge_desktop.cards.package import CardPackage
    from cardforge_desktop.ui.library.editor.examining import Examination


class TextsBox(QWidget):
    """A list of texts of the card, bound to the field at `path`; subclasses know other ways to keep it."""

    def __init__(self, bench: Bench, path: str, name: str, hint: str, words: ListWords) -> None:
        super().__init__()
        self.bench, self.path, self.name = bench, path, name
        self._showing = False
        self.list = GreetingList(bench.theme, bench.icons, words)
        self.list.changed.connect(self._on_changed)
        self._general = LintLines(bench)
        self._count = TokenCount()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        head = row(label(name, "strong"))
        head.addWidget(ElidedLabel(hint, "caption"), 1)
        head.addWidget(self._count)
        layout.addLayout(head)
        layout.addWidget(self.list)
        layout.addWidget(self._general)

    def read(self, card: Card) -> list[str]:
        """The texts in the card."""
        texts: list[str] = getattr(card, self.path)
        return texts

    def show_card(self, card: Card) -> None:
        """Show the texts of the card."""
        texts = self.read(card)
        if texts != self.list.texts:
            self._showing = True
            self.list.set_texts(texts)
            self._showing = False
        self._dress()
        self._count.setText(formatting.number(len(texts)) if texts else "")

    def show_counts(self, examination: Examination) -> None:
        """Tokens of each text."""
        for at, _ in enumerate(self.list.items):
            count = examination.counts.get(f"{self.path}[{at}]")
            self.list.set_tokens(at, count, estimate=examination.is_estimate)

    def show_findings(self, findings: Mapping[str, Sequence[Finding]]) -> None:
        """What was found in each text, under it."""
        for at, item in enumerate(self.list.items):
            self._show_at(item, findings.get(f"{self.path}[{at}]", ()))
        self._general.show_findings(findings.get(self.path, ()))

    def place_of(self, path: str, start: int, end: int) -> tuple[int, int, int] | None:
        """Which text, and where in it."""
        head, _, rest = path.partition("[")
        number = rest.partition("]")[0]
        if head != self.path or not self.list.items:
            return None
        return min(int(number or 0), len(self.list.items) - 1), start, end

    def path_of(self, at: int) -> str:
        """The path by which an engine is asked for a text anew."""
        return f"{self.path}[{at}]"

    def keep(self, texts: list[str], at: int) -> None:
        """Put the texts into the card; `at` is the only one that was typed in, -1 for any other change."""
        path = f"{self.path}[{at}]" if at >= 0 else self.path
        self.bench.session.edit(path, lambda card: card.model_copy(update={self.path: texts}), typed=at >= 0)

    def _show_at(self, item: TextItem, findings: Sequence[Finding]) -> None:
        item.field.mark(marks_of(findings))
        lines = item.findChild(LintLines)
        if lines is not None:
            lines.show_findings(findings)

    @Slot(object)
    def _on_changed(self, texts: list[str]) -> None:
        self._dress()
        if self._showing:
            return
        before = self.read(self.bench.session.card)
        changed = [at for at, text in enumerate(texts) if at < len(before) and text != before[at]]
        typed = len(texts) == len(before) and len(changed) == 1
        self.keep(list(texts), changed[0] if typed else -1)

    def _dress(self) -> None:
        """Give new items what this editor has beside the list's own tools."""
        for item in self.list.items:
            if item.findChild(LintLines) is not None:
                continue
            item.field.document().setUndoRedoEnabled(False)
            self.bench.without_undo(item.field)
            item.body.addWidget(LintLines(self.bench))
            item.first_line.setMinimumWidth(1)  # the number of the text comes first
            rewrite = icon_button(self.bench.icons, "sparkles", self.tr("Rewrite this text with a hint…"))
            rewrite.setObjectName("rewrite")
            rewrite.clicked.connect(lambda _checked=False, item=item: self._rewrite(item))
            item.setProperty("rewrites", True)
            first = item.body.itemAt(0)
            head = first.layout() if first is not None else None
            if isinstance(head, QHBoxLayout):
                head.insertWidget(head.indexOf(item.up), rewrite)

    def _rewrite(self, item: TextItem) -> None:
        at = self.list.items.index(item)
        self.bench.rewrite_wanted.emit(self.path_of(at), item.title.text())


class GreetingsSection(Section):
    """The first message and those a person can swipe to."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.add(FieldBox(bench, "first_mes", self.tr("First message"), least=5, most=30))
        self.alternate = TextsBox(
            bench,
            "alternate_greetings",
            self.tr("Alternate greetings"),
            self.tr("other ways to begin, offered as swipes"),
            ListWords(
                self.tr("Greeting %1"),
                self.tr("Add greeting"),
                self.tr("No other greetings yet. A chat can begin in as many ways as you like."),
                self.tr("Another way the chat can begin"),
            ),
        )
        self.group = TextsBox(
            bench,
            "group_only_greetings",
            self.tr("Group greetings"),
            self.tr("used only in chats with several characters"),
            ListWords(
                self.tr("Group greeting %1"),
                self.tr("Add group greeting"),
                self.tr("None. Groups begin with the greetings above."),
                self.tr("How a chat of several begins"),
            ),
        )
        self.column.addWidget(self.alternate)
        self.column.addWidget(self.group)
        self.column.addStretch(1)
        self.lists: tuple[TextsBox, ...] = (self.alternate, self.group)

    def show_package(self, package: CardPackage) -> None:
        """Fields and lists."""
        super().show_package(package)
        show_lists(self.lists, package)

    def show_counts(self, examination: Examination) -> None:
        """Tokens of fields and texts."""
        super().show_counts(examination)
        for each in self.lists:
            each.show_counts(examination)

    def show_findings(self, findings: Mapping[str, Sequence[Finding]]) -> None:
        """Findings of fields and texts."""
        super().show_findings(findings)
        for each in self.lists:
            each.show_findings(findings)

    def go_to(self, path: str, start: int, end: int, *, focus: bool) -> bool:
        """Also into the lists."""
        return go_into(self, self.lists, path, start, end, focus=focus) or super().go_to(
            path, start, end, focus=focus
        )


def show_lists(lists: Sequence[TextsBox], package: CardPackage) -> None:
    """Show the card in each list."""
    for each in lists:
        each.show_card(package.card)


def go_into(
    section: Section, lists: Sequence[TextsBox], path: str, start: int, end: int, *, focus: bool
) -> bool:
    """Go to a text in one of the lists, unfolded."""
    for each in lists:
        place = each.place_of(path, start, end)
        if place is None:
            if path.partition("[")[0] == each.path:
                section.bring_up(each)
                if focus:
                    each.list.add_button.setFocus()
                return True
            continue
        at, first, last = place
        item = each.list.items[at]
        item.set_folded(False)
        if first >= 0:
            item.field.select(first, last)
        section.bring_up(item.field)
        if focus:
            item.field.setFocus(Qt.FocusReason.OtherFocusReason)
        return True
    return False
