"""What the editor does beyond changing fields: mend, rewrite, restore, write the files anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QPushButton

from cardforge_desktop.cards.field_paths import value_at, with_value
from cardforge_desktop.ui.services import Notice

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cardforge_desktop.cards.exporting import ExportReport
    from cardforge_desktop.cards.lint import Finding
    from cardforge_desktop.cards.model import Card
    from cardforge_desktop.settings import Settings
    from cardforge_desktop.ui.library.editor.bench import Bench
    from cardforge_desktop.workspace import Workspace


class Tasks(QObject):
    """Each changes the card as one step of undo. Lives on the window's thread."""

    def __init__(self, bench: Bench, window: QWidget) -> None:
        super().__init__(window)
        self._bench, self._session, self._window = bench, bench.session, window
        self._background = bench.services.background

    @Slot(object)
    def fix(self, finding: Finding) -> None:
        """Mend one finding."""
        if finding.fix is not None:
            self._session.edit(finding.field, finding.fix.apply)

    @Slot()
    def fix_all(self) -> None:
        """Mend every error and warning that a click can mend."""
        if self._session.is_open:
            self._background.start(self._fix_all(self._session.card))

    @Slot(str, bool)
    def switch_rule(self, rule: str, on: bool) -> None:
        """Look for a rule in no card any more, or again."""
        self._background.start(self._background.call(lambda ws: _switch(ws, rule, on=on)))

    @Slot(str)
    def keep_tokenizer(self, name: str) -> None:
        """Count with this tokenizer from now on."""
        self._background.start(self._background.call(lambda ws: ws.settings.update(tokenizer=name)))

    @Slot(int)
    def keep_context(self, size: int) -> None:
        """Measure against a context of so many tokens from now on."""
        self._background.start(self._background.call(lambda ws: ws.settings.update(context=size)))

    @Slot(int)
    def restore(self, revision: int) -> None:
        """Make an earlier version the card again; what it is now stays in the history."""
        if self._session.is_open:
            self._background.start(self._restore(self._session.card_id, revision))

    @Slot()
    def re_export(self) -> None:
        """Renew the files that are as we wrote them."""
        if self._session.is_open:
            self._background.start(self._re_export(self._session.card_id))

    @Slot(str, str)
    def rewrite(self, path: str, name: str) -> None:
        """Have a field written anew, with a hint."""
        if not self._session.is_open:
            return
        from cardforge_desktop.ui.library.preview.rewrite_dialog import RewriteDialog

        card = self._session.card
        try:
            text = str(value_at(card, path) or "")
        except LookupError:
            text = ""
        dialog = RewriteDialog(
            self._bench.services, self._session.card_id, card, path, name, text, self._window
        )
        dialog.taken.connect(self._take)
        dialog.open()

    @Slot()
    def rewrite_focused(self) -> None:
        """Have the field that has the focus written anew."""
        part: QWidget | None = self._window.focusWidget()
        while part is not None and part is not self._window:
            tool = part.findChild(QPushButton, "rewrite") if part.property("rewrites") else None
            if isinstance(tool, QPushButton):
                tool.click()
                return
            part = part.parentWidget()

    @Slot(str, str)
    def _take(self, path: str, text: str) -> None:
        self._session.edit(path, lambda card: put_text(card, path, text))
        self._session.went.emit(path)

    async def _fix_all(self, card: Card) -> None:
        mended, count = await self._background.call(lambda ws: _mended(card, ws.settings.get()))
        if not self._session.is_open or self._session.card is not card:
            return
        if count:
            self._session.put(replace(self._session.package, card=mended), "")
            text = self.tr("%n finding(s) mended. Undo takes all of it back.", None, count)
        else:
            text = self.tr("Nothing here can be mended by a click.")
        self._say(text, "ok" if count else "info")

    async def _restore(self, card_id: str, revision: int) -> None:
        await self._session.saved_to_the_end()
        package = await self._background.call(lambda ws: ws.library.revision(card_id, revision))
        if self._session.is_open and self._session.card_id == card_id:
            self._session.restore(package)
            self._say(self.tr("The earlier version is the card again. Undo goes back."), "ok")

    async def _re_export(self, card_id: str) -> None:
        await self._session.saved_to_the_end()
        report = await self._background.call(lambda ws: ws.card_files.re_export(card_id))
        self._tell(report)

    def _tell(self, report: ExportReport) -> None:
        written = sum(item.status == "written" for item in report.items)
        told = [item.message for item in report.items if item.message]
        if told:
            tone = "error" if report.failed else "warn"
            details = "\n".join(told)
            text = told[0]
            if written:
                text = self.tr("%n file(s) written. %1", None, written).replace("%1", told[0])
            self._bench.services.desk.notice.emit(Notice(text, tone, details if len(told) > 1 else ""))
        elif written:
            self._say(self.tr("%n file(s) written.", None, written), "ok")
        elif report.items:
            self._say(self.tr("The files are as the card is."), "info")
        else:
            self._say(self.tr("This card was not exported yet. Use Export in the library."), "info")

    def _say(self, text: str, tone: str) -> None:
        self._bench.services.desk.notice.emit(Notice(text, tone, lasting=False))


def put_text(card: Card, path: str, text: str) -> Card:
    """The card with a text at a path, also where SillyTavern's character's note is not there yet."""
    try:
        return with_value(card, path, text)
    except LookupError:
        from cardforge_desktop.ui.library.editor.sections.instructions import with_note

        return with_note(card, "prompt", text) if path == "extensions.depth_prompt.prompt" else card


# On worker threads:


def _mended(card: Card, settings: Settings) -> tuple[Card, int]:
    from cardforge_desktop.cards.lint import LintContext, with_fixes
    from cardforge_desktop.tokens import tokenizer_named

    count = tokenizer_named(settings.tokenizer).tokenizer.count
    mended, done = with_fixes(card, LintContext(count, settings.context), settings.lint_off)
    return mended, len(done)


def _switch(workspace: Workspace, rule: str, *, on: bool) -> None:
    off = set(workspace.settings.get().lint_off)
    (off.discard if on else off.add)(rule)
    workspace.settings.update(lint_off=tuple(off))
