"""The content of an entry: written, as it reads, or both side by side; and how many tokens it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import QPoint, Qt, QThread, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QResizeEvent, QTextDocument
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from cardforge_desktop.ui.background import Paced
from cardforge_desktop.ui.books.entry.words import hint_of, label_of
from cardforge_desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XS
from cardforge_desktop.ui.widgets.basics import Card, button, label, row
from cardforge_desktop.ui.widgets.chat_document import ChatDocument, chat_document
from cardforge_desktop.ui.widgets.field_bench import FieldBench
from cardforge_desktop.ui.widgets.highlighter import CardHighlighter
from cardforge_desktop.ui.widgets.text_field import TextField
from cardforge_desktop.ui.widgets.token_bar import TokenCount

if TYPE_CHECKING:
    from cardforge_desktop.ui.books.session import BookSession
    from cardforge_desktop.ui.theme import Theme
    from cardforge_desktop.workspace import Workspace

_EVERY_MS = 300
#: From this width on both fit side by side.
_WIDE = 620
_MODE = "books/entry/content"
_WRITE, _READ, _BOTH = "write", "preview", "both"


@dataclass(frozen=True, slots=True)
class _Worked:
    """What a worker made of a content.

    Attributes:
        tokens: None where the vocabulary is damaged.
        decorators: lines at the head that steer and are not sent.
        reading: the text as it reads, None where nobody looks.
    """

    content: str
    tokens: int | None
    is_estimate: bool
    decorators: tuple[str, ...] = ()
    reading: ChatDocument | None = None


class _Reading(QTextBrowser):
    """Markdown to look at; nothing is fetched, and a link is opened by a click alone."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "reading")
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        self.setAccessibleName(self.tr("Content as it reads"))
        self.anchorClicked.connect(self._open)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:  # noqa: ARG002
        """None: no picture, no file."""
        return None

    @Slot(QUrl)
    def _open(self, url: QUrl) -> None:
        if url.scheme() in ("http", "https"):
            QDesktopServices.openUrl(url)


class ContentBox(QWidget):
    """Shows a content and tells what is written into it.

    Signals:
        edited(object): the person changed it to this text.
    """

    edited = Signal(object)

    def __init__(self, bench: FieldBench, session: BookSession) -> None:
        super().__init__()
        self._services, self._theme, self._session = bench.services, bench.theme, session
        self._showing = False
        self.field = TextField(bench.theme, label_of("content"), least=7, most=26)
        self.field.setPlaceholderText(hint_of("content"))
        self.field.document().setUndoRedoEnabled(False)
        bench.without_undo(self.field)
        self.highlighter = CardHighlighter(self.field.document(), bench.theme, bench.pace, decorators=True)
        self.tokens, self.share = TokenCount(), label("", "caption")
        self.reading = _Reading()
        self.empty = label(self.tr("Nothing is written yet."), "muted")
        self.head, self.note = label("", "caption", wrap=True), label("", "warn", wrap=True)
        self._frame = Card(margin=SPACE_M)
        for part in (self.head, self.empty, self.reading, self.note):
            self._frame.body.addWidget(part, int(part is self.reading))
        self._make_modes()
        self._lay_out()
        self._worker = Paced(self._services.background, _EVERY_MS, self._work)
        self.field.edited.connect(self._on_edited)
        self.field.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.field.customContextMenuRequested.connect(self._open_menu)
        session.book_changed.connect(self._worker.ask)
        bench.theme.changed.connect(self._worker.ask)
        self._mode = ""
        self.show_mode(self._services.memory.text(_MODE, _WRITE))

    @property
    def mode(self) -> str:
        """``write``, ``preview`` or ``both``."""
        return self._mode

    def show_content(self, text: str, *, anew: bool = False) -> None:
        """Show this; cursor and scroll bar stay where they can, unless it is another entry's (`anew`)."""
        self._showing = True
        if anew:
            self.field.set_text(text)
        else:
            self.field.show_text(text)
        self._showing = False
        self._worker.ask()

    @Slot(str)
    def show_mode(self, mode: str) -> None:
        """Show the text, how it reads, or both where there is room."""
        self._mode = mode if mode in self.modes else _WRITE
        shown = self._mode if self._mode != _BOTH or self.width() >= _WIDE else _WRITE
        self.modes[shown].setChecked(True)
        self.field.setVisible(shown != _READ)
        self._frame.setVisible(shown != _WRITE)
        self._fit()
        if shown != _WRITE:
            self._worker.ask()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Both fit, or no longer."""
        super().resizeEvent(event)
        wide = self.width() >= _WIDE
        if self.modes[_BOTH].isHidden() == wide:
            self.modes[_BOTH].setVisible(wide)
            self.show_mode(self._mode)

    def focus_parts(self) -> Iterable[QWidget]:
        """The text before the switch above it: whoever has written the keys goes on with the text."""
        return (self.field, self._frame, *self.modes.values())

    def _make_modes(self) -> None:
        texts = (
            (_WRITE, self.tr("Write"), self.tr("Write the content")),
            (_READ, self.tr("Preview"), self.tr("See how the content reads, macros as names")),
            (_BOTH, self.tr("Both"), self.tr("Write, and see beside it how it reads")),
        )
        self._group = QButtonGroup(self)
        self.modes = {key: button(text, "segment", tip=tip) for key, text, tip in texts}
        for key, made in self.modes.items():
            made.setCheckable(True)
            self._group.addButton(made)
            made.clicked.connect(lambda _checked=False, key=key: self._choose(key))
        self.modes[_BOTH].hide()

    def _lay_out(self) -> None:
        title = label(label_of("content"), "strong")
        title.setBuddy(self.field)
        title.setToolTip(hint_of("content"))
        head = row(title, None, *self.modes.values(), spacing=SPACE_XS)
        both = QHBoxLayout()
        both.setSpacing(SPACE_M)
        both.addWidget(self.field, 1)
        both.addWidget(self._frame, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        layout.addLayout(head)
        layout.addLayout(both)
        layout.addLayout(row(self.tokens, self.share, None, spacing=SPACE_S))

    def _choose(self, mode: str) -> None:
        self._services.memory.keep(_MODE, mode)
        self.show_mode(mode)

    @Slot(object)
    def _on_edited(self, text: str) -> None:
        if not self._showing:
            self._worker.ask()
            self.edited.emit(text)

    @Slot(QPoint)
    def _open_menu(self, point: QPoint) -> None:
        """That of every text, with the undo of the panel, and what cuts this text in two."""
        actions = self._services.actions
        menu = self.field.createStandardContextMenu(point)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        undo, redo, rest = menu.actions()[:3]
        for each in (undo, redo):
            menu.removeAction(each)
        menu.insertActions(rest, [actions["edit.undo"], actions["edit.redo"]])
        menu.addSeparator()
        menu.addAction(actions["entry.split_here"])
        menu.popup(self.field.viewport().mapToGlobal(point))

    async def _work(self) -> None:
        content, theme, thread = self.field.text, self._theme, self.thread()
        char = self._session.book.summary.card_name if self._session.book is not None else ""
        reads = not self._frame.isHidden()
        char = char or self.tr("Character")
        worked = await self._services.background.call(
            lambda ws: _worked(ws, content, char, (theme, thread) if reads else None)
        )
        if shiboken6.isValid(self) and worked.content == self.field.text:
            self._show(worked)

    def _show(self, worked: _Worked) -> None:
        self.tokens.set_count(worked.tokens, estimate=worked.is_estimate)
        budget = self._session.book.head.token_budget if self._session.book is not None else None
        self.share.setText("")
        if budget and worked.tokens is not None:
            percent = max(round(100 * worked.tokens / budget), 1 if worked.tokens else 0)
            self.share.setText(self.tr("· %1 % of the book's budget").replace("%1", str(percent), 1))
        if self._frame.isHidden():
            return
        document = QTextDocument() if worked.reading is None else worked.reading.document
        at = self.reading.verticalScrollBar().value()
        document.setParent(self.reading)
        self.reading.setDocument(document)
        self.reading.setVisible(worked.reading is not None)
        self.empty.setVisible(worked.reading is None)
        self.head.setText("\n".join(worked.decorators))
        self.head.setVisible(bool(worked.decorators))
        self.note.setText("" if worked.reading is None else worked.reading.note)
        self.note.setVisible(bool(self.note.text()))
        self._fit()
        self.reading.verticalScrollBar().setValue(at)

    def _fit(self) -> None:
        """As high as the field is, or would be."""
        self._frame.setFixedHeight(max(self.field.sizeHint().height(), 160))


def _worked(ws: Workspace, content: str, char: str, reader: tuple[Theme, QThread] | None) -> _Worked:
    """Count, and where somebody reads it (with that theme, for that thread) make it ready to be read."""
    from cardforge_desktop.cards.book_waking import decorators
    from cardforge_desktop.cards.formats.books import without_decorators
    from cardforge_desktop.cards.macros import substitute
    from cardforge_desktop.tokens import VocabularyError, tokenizer_named

    settings = ws.settings.get()
    tokenizer = tokenizer_named(settings.tokenizer)
    sent = without_decorators(content)
    try:
        tokens: int | None = tokenizer.tokenizer.count(sent)
    except VocabularyError:
        tokens = None
    if reader is None:
        return _Worked(content, tokens, not tokenizer.exact)
    steering = tuple(line for line in decorators(content)[0] if line.startswith("@@"))
    reading = None
    if sent.strip():
        theme, thread = reader
        text = substitute(sent.strip(), {"char": char, "user": settings.user_name})
        reading = chat_document(text, theme)
        reading.document.moveToThread(thread)
    return _Worked(content, tokens, not tokenizer.exact, steering, reading)
