"""One field written anew by an engine: a hint, the text as it grows, and what of it is taken."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.costs.ways_out import way_out
from cardforge_desktop.ui.failures import notice_of
from cardforge_desktop.ui.library.preview.rewriting import GrowingText, Try, ask_anew
from cardforge_desktop.ui.library.preview.stepper import Stepper
from cardforge_desktop.ui.services import Link, Notice, Services
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from cardforge_desktop.ui.widgets.basics import Card as Frame
from cardforge_desktop.ui.widgets.basics import (
    ElidedLabel,
    button,
    label,
    row,
    set_role,
)
from cardforge_desktop.ui.widgets.diff_view import DiffView
from cardforge_desktop.ui.widgets.fitting import resize_within_screen
from cardforge_desktop.ui.widgets.notice_bar import NoticeBar
from cardforge_desktop.ui.widgets.picker import Choice, Picker

if TYPE_CHECKING:
    from cardforge_desktop.batches.rewriter import FieldWish
    from cardforge_desktop.cards.model import Card
    from cardforge_desktop.engines.network import Cancellation
    from cardforge_desktop.workspace import Workspace


class RewriteDialog(QDialog):
    """Asks for another text of one field and shows it beside the one that stands there.

    Open it with `open`. Closing it stops what is being written.

    Signals:
        taken(str, str): path of the field and its new text; the dialog closes.
    """

    taken = Signal(str, str)

    def __init__(  # noqa: PLR0917  # the editor opens it by this contract
        self,
        services: Services,
        card_id: str,
        card: Card,
        field: str,
        label: str,
        text: str,
        parent: QWidget,
    ) -> None:
        """`field` is a path; `label` is what the editor calls it; `text` stands in it now."""
        super().__init__(parent)
        self._services = services
        self._card_id, self._card, self._field, self._text = card_id, card, field, text
        self._tries: list[Try] = []
        self._at = -1
        self._cancellation: Cancellation | None = None
        self._closed = False
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        title = self.tr("Rewrite: %1").replace("%1", label, 1)
        self.setWindowTitle(title)
        self.title = ElidedLabel(title, "heading")
        self._growing = GrowingText(self)
        self._growing.grown.connect(self._on_grown)
        self._make_asking()
        self._make_answers()
        self._lay_out()
        self._refresh()
        resize_within_screen(self, 920, 660)
        self.hint.setFocus()
        services.background.start(self._fill())

    @property
    def writing(self) -> bool:
        """Whether an engine is at work."""
        return self._cancellation is not None

    @property
    def tries(self) -> int:
        """How many texts were written."""
        return len(self._tries)

    @Slot()
    def generate(self) -> None:
        """Have another text written; not while one is."""
        from cardforge_desktop.engines.network import Cancellation

        if self.writing or not self.engine.current:
            return
        self._keep_choice()
        self._cancellation = Cancellation()
        self.notice.dismiss()
        self._show_live("")
        self._refresh()
        self._services.background.start(self._write(self._wish(), self._cancellation))

    @Slot()
    def stop(self) -> None:
        """Write no more; the earlier tries stay."""
        if self._cancellation is not None:
            self._cancellation.cancel()

    def take(self) -> None:
        """Give the text with what is accepted to the editor."""
        if self._at >= 0 and not self.writing:
            self.taken.emit(self._field, self.diff.result)
            self.accept()

    def done(self, result: int) -> None:
        """Closing stops the call."""
        self._closed = True
        self._growing.close()
        self.stop()
        super().done(result)

    def _make_asking(self) -> None:
        icons = self._services.icons
        self.hint = QLineEdit()
        self.hint.setMaxLength(4_000)
        self.hint.setAccessibleName(self.tr("What should be different"))
        self.hint.setPlaceholderText(
            self.tr("What should be different? “Shorter”, “colder”… Empty: simply another version")
        )
        self.hint.returnPressed.connect(self.generate)
        self.engine = Picker(icons, self.tr("Engine"))
        self.profile = Picker(icons, self.tr("Profile"))
        self.go = button("", "primary")
        self.go.setMinimumWidth(120)
        self.go.clicked.connect(lambda _checked=False: self.stop() if self.writing else self.generate())
        self.notice = NoticeBar(icons)

    def _make_answers(self) -> None:
        icons = self._services.icons
        self.live = QPlainTextEdit()
        self.live.setReadOnly(True)
        self.live.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.live.setTabChangesFocus(True)
        self.live.setAccessibleName(self.tr("Text"))
        self.live_title = label("", "muted")
        self.diff = DiffView(self._services.theme, icons)
        self.diff.set_titles(self.tr("As it is"), self.tr("New"))
        self.diff.set_side_by_side(True)
        self.diff.changed.connect(self._refresh)
        self.place = label("", "muted")
        self.stepper = Stepper(icons, self.place, before=self.tr("Previous try"), behind=self.tr("Next try"))
        self.stepper.stepped.connect(self._turn)
        self.used = ElidedLabel("", "caption")
        self.cancel = button(self.tr("Cancel"), tip=self.tr("Leave the field as it is"))
        self.cancel.clicked.connect(self.reject)
        self.taking = button(self.tr("Take"), tip=self.tr("Put the accepted text into the field"))
        self.taking.clicked.connect(lambda _checked=False: self.take())

    def _lay_out(self) -> None:
        body = Frame(margin=SPACE_M)
        body.body.addWidget(self.live_title)
        body.body.addWidget(self.live, 1)
        self.pages = QStackedWidget()
        self.pages.addWidget(body)
        self.pages.addWidget(self.diff)
        asking = row(label(self.tr("Engine"), "muted"), self.engine, spacing=SPACE_S)
        asking.addSpacing(SPACE_M)
        asking.addWidget(label(self.tr("Profile"), "muted"))
        asking.addWidget(self.profile)
        asking.addStretch(1)
        asking.addWidget(self.go)
        foot = row(self.stepper, self.used, None, self.cancel, self.taking)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self.title)
        layout.addWidget(self.hint)
        layout.addLayout(asking)
        layout.addWidget(self.notice)
        layout.addWidget(self.pages, 1)
        layout.addLayout(foot)

    async def _fill(self) -> None:
        """The engines and profiles to choose from."""
        engines, profiles, engine, profile = await self._services.background.call(_choices)
        if not self._closed:
            self.engine.set_choices(engines, self.engine.current or engine)
            self.profile.set_choices(profiles, self.profile.current or profile)
            self._refresh()

    def _wish(self) -> FieldWish:
        from cardforge_desktop.batches.rewriter import FieldWish

        return FieldWish(
            card_id=self._card_id,
            card=self._card,
            field=self._field,
            text=self._text,
            hint=self.hint.text().strip(),
            engine=self.engine.current,
            profile=self.profile.current,
        )

    async def _write(self, wish: FieldWish, cancellation: Cancellation) -> None:
        from cardforge_desktop.engines.network import CancelledByUser

        try:
            found = await self._services.background.call(
                lambda ws: ask_anew(ws, wish, cancellation, self._growing)
            )
        except CancelledByUser:
            self._end(Notice(self.tr("Stopped. Nothing was changed."), lasting=False))
        except CardForgeError as error:
            self._end(self._failure(error))
        else:
            self._tries.append(found)
            self._at = len(self._tries) - 1
            self._end(None)
        finally:
            cancellation.cancel()  # also when the window closes around us

    def _failure(self, error: CardForgeError) -> Notice:
        """What went wrong, with the way out; the one to the engines while there is nothing to lose."""
        notice = notice_of(error, error.message)
        if way := way_out(self._services, error):
            return replace(notice, links=(way,))
        if self._tries or not error.code.startswith("ENGINE_"):
            return notice
        return replace(notice, links=(Link(self.tr("Set up engines"), self._go_to_engines),))

    def _go_to_engines(self) -> None:
        self.reject()
        self._services.desk.open_panel.emit("settings")

    def _end(self, notice: Notice | None) -> None:
        """Back to the tries, with what is to be said."""
        self._cancellation = None
        if self._closed:
            return
        had_focus = self.go.hasFocus() or self.hint.hasFocus() or self.live.hasFocus()
        if notice is not None:
            self.notice.say(notice)
        self._show_try()
        self._refresh()
        if notice is None and had_focus:
            self.diff.pane.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str)
    def _on_grown(self, text: str) -> None:
        if not self.writing or self._closed:
            return
        before = self.live.toPlainText()
        bar = self.live.verticalScrollBar()
        follow = bar.value() >= bar.maximum() - 2
        if text.startswith(before):
            cursor = self.live.textCursor()
            cursor.movePosition(QTextCursor.MoveOperation.End)
            cursor.insertText(text[len(before) :])
        else:
            self.live.setPlainText(text)
        if follow:
            bar.setValue(bar.maximum())

    def _keep_choice(self) -> None:
        if self._at >= 0:
            self._tries[self._at] = replace(self._tries[self._at], accepted=self.diff.accepted)

    @Slot(int)
    def _turn(self, by: int) -> None:
        self._keep_choice()
        self._at = min(max(self._at + by, 0), len(self._tries) - 1)
        self._show_try()
        self._refresh()

    def _show_live(self, text: str) -> None:
        self.live.setPlainText(text)
        self.pages.setCurrentIndex(0)

    def _show_try(self) -> None:
        if self._at < 0:
            self._show_live(self._text)
            return
        shown = self._tries[self._at]
        self.diff.show_hunks(shown.hunks, shown.accepted)
        self.pages.setCurrentWidget(self.diff)

    @Slot()
    def _refresh(self) -> None:
        writing, count = self.writing, len(self._tries)
        if not writing and self._at < 0:
            self.live.setPlainText(self._text)
        self.live_title.setText(self.tr("Being written…") if writing else self.tr("As it is"))
        again = self.tr("Try again") if count else self.tr("Generate")
        self.go.setText(self.tr("Stop") if writing else again)
        self.go.setAccessibleName(self.go.text())
        self.go.setEnabled(writing or bool(self.engine.current))
        tip = self.tr("Stop writing") if writing else self.tr("Have another text written (Enter in the hint)")
        self.go.setToolTip(tip)
        self.go.setStatusTip(tip)
        for each in (self.engine, self.profile):
            each.setEnabled(not writing)
        self.taking.setEnabled(not writing and self._at >= 0 and self.diff.result != self._text)
        set_role(self.go, "" if count and not writing else "primary")
        set_role(self.taking, "primary" if count and not writing else "")
        self.used.setVisible(count > 0)
        self.stepper.setEnabled(not writing)
        self.stepper.set_place(self._at, count)
        if count:
            text = self.tr("Try %1 of %2").replace("%1", formatting.number(self._at + 1), 1)
            self.place.setText(text.replace("%2", formatting.number(count), 1))
            self.used.set_whole(self._usage(self._tries[self._at]))

    def _usage(self, shown: Try) -> str:
        """What a try took."""
        if not (shown.input_tokens or shown.output_tokens):
            return self.tr("The engine does not say what it used.")
        text = self.tr("%1 tokens read, %2 written, %3")
        for mark, value in (
            ("%1", formatting.number(shown.input_tokens)),
            ("%2", formatting.number(shown.output_tokens)),
            ("%3", self._cost(shown)),
        ):
            text = text.replace(mark, value, 1)
        return text

    def _cost(self, shown: Try) -> str:
        if shown.cost is None and not shown.local:
            return self.tr("of unknown cost")
        return formatting.cost(shown.cost, local=shown.local)


def _choices(workspace: Workspace) -> tuple[list[Choice], list[Choice], str, str]:
    settings = workspace.settings.get()
    engines = [
        Choice(known.name, workspace.engines.label(known.name)) for known in workspace.engines.connections()
    ]
    profiles = [Choice(known.name, known.name) for known in workspace.profiles.profiles()]
    return engines, profiles, settings.engine, settings.profile
