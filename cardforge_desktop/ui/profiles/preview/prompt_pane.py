"""The exact prompt of the profile under edit for a source, its tokens and what a card would cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cardforge_desktop.ui.library.preview.stepper import Stepper
from cardforge_desktop.ui.profiles.preview import words
from cardforge_desktop.ui.profiles.preview.choice_bar import ChoiceBar
from cardforge_desktop.ui.profiles.preview.context_bar import ContextBar
from cardforge_desktop.ui.profiles.preview.prompt_view import PromptView
from cardforge_desktop.ui.profiles.preview.remark import Remark
from cardforge_desktop.ui.profiles.preview.trial_desk import TrialDesk
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_M, SPACE_S, Tone
from cardforge_desktop.ui.widgets.basics import Card, ElidedLabel, button, chip, label, row

if TYPE_CHECKING:
    from cardforge_desktop.batches.trials import Preview, ShownCall
    from cardforge_desktop.ui.profiles.editor.open_profile import OpenProfile


class PromptPane(QWidget):
    """Follows what is typed; what cannot be shown is told."""

    def __init__(self, services: Services, session: OpenProfile) -> None:
        super().__init__()
        desk = TrialDesk.of(services, session)
        self._session = session
        self._preview: Preview | None = None
        self._step = ""
        self.choice = ChoiceBar(services, desk.choice)
        self.context = ContextBar(services.theme)
        self.costs = label("", "caption", wrap=True)
        self.problem = Remark(services.icons, Tone.ERROR)
        self.view = PromptView(services.theme)
        self.unknown = label("", "caption", wrap=True)
        self.step = ElidedLabel("", "strong")
        self.stepper = Stepper(
            services.icons, self.step, before=self.tr("Previous call"), behind=self.tr("Next call")
        )
        self.stepper.stepped.connect(self._turn)
        self.copy = button(self.tr("Copy"), tip=self.tr("Copy the whole prompt as it is sent"))
        self.copy.clicked.connect(lambda _checked=False: self.copy_prompt())
        self._lay_out()
        previewing = desk.previewing
        previewing.add_viewer(self)
        previewing.shown.connect(self.show_preview)
        previewing.failed.connect(self._on_failed)
        previewing.emptied.connect(self._empty)
        previewing.busy.connect(self._show_busy)
        desk.choice.changed.connect(self._to_top)
        self._empty()

    @property
    def call(self) -> ShownCall | None:
        """The call that is shown."""
        calls = self._preview.calls if self._preview is not None else ()
        return next((each for each in calls if each.step == self._step), calls[0] if calls else None)

    @Slot(object)
    def show_preview(self, preview: Preview) -> None:
        """Show it; the same call of several stays in sight."""
        self._preview = preview
        self.choice.show_engine(words.engine_used(preview, self._session.content))
        problem = preview.problem
        self.problem.say(problem.message if problem else "", words.advice(problem))
        self.costs.setText(words.costs(preview))
        self.costs.setVisible(preview.estimate is not None and problem is None)
        unknown = words.unknown(preview)
        self.unknown.setText(unknown)
        self.unknown.setVisible(bool(unknown))
        self._show_call()

    @Slot()
    def copy_prompt(self) -> None:
        """The whole call onto the clipboard, however much of it is shown."""
        if self.call is not None:
            QGuiApplication.clipboard().setText(
                "\n\n".join(f"[{each.role}]\n{each.text}" for each in self.call.messages)
            )

    def _lay_out(self) -> None:
        body = Card(margin=2)
        body.body.addWidget(self.view)
        self._legend = QWidget()
        added = label(self.tr("added by CardForge"), "caption")
        added.setToolTip(self.tr("What the profile's settings and the format of the answer ask for"))
        filled = chip(self.tr("filled in"), "accent")
        filled.setToolTip(self.tr("What stands for the placeholders of the profile's prompts"))
        self._legend.setLayout(row(filled, added))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_S, 0, 0)
        column.setSpacing(SPACE_S)
        for part in (self.choice, self.context, self.costs, self.problem, self.stepper):
            column.addWidget(part)
        column.addWidget(body, 1)
        column.addWidget(self.unknown)
        column.addLayout(row(self._legend, None, self.copy, spacing=SPACE_M))

    def _show_call(self) -> None:
        preview, call = self._preview, self.call
        self.copy.setEnabled(call is not None)
        self.context.setVisible(call is not None)
        if preview is None or call is None:
            self.view.show_call(None, estimate=False)
            self.stepper.set_place(0, 0)
            self._legend.hide()
            return
        estimate = not preview.exact
        self.view.show_call(call, estimate=estimate)
        self.context.show_call(call.tokens, call.prompt.max_tokens, preview.context_tokens, estimate=estimate)
        at, count = preview.calls.index(call), len(preview.calls)
        self.stepper.set_place(at, count)
        self.step.set_whole(words.step_of(call, at, count))
        origins = {piece.origin for message in call.messages for piece in message.pieces}
        self._legend.setVisible("filled" in origins)

    @Slot(int)
    def _turn(self, by: int) -> None:
        if self._preview is not None and self.call is not None:
            at = self._preview.calls.index(self.call) + by
            self._step = self._preview.calls[min(max(at, 0), len(self._preview.calls) - 1)].step
            self._show_call()
            self._to_top()

    @Slot(bool)
    def _show_busy(self, is_busy: bool) -> None:
        if is_busy:
            self.costs.setText(self.tr("Working it out…"))
            self.costs.show()

    @Slot()
    def _to_top(self) -> None:
        self.view.verticalScrollBar().setValue(0)

    @Slot(str)
    def _on_failed(self, message: str) -> None:
        self._empty()
        self.problem.say(message)

    @Slot()
    def _empty(self) -> None:
        self._preview, self._step = None, ""
        self.problem.say("")
        self.costs.hide()
        self.unknown.hide()
        self._show_call()
