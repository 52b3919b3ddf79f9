"""A greeting as SillyTavern shows it, with the picture and the name beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, QThread, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPixmap, QTextDocument
from PySide6.QtWidgets import QLabel, QTextEdit, QVBoxLayout, QWidget

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.library.preview.stepper import Stepper
from cardforge_desktop.ui.library.thumbnails import cover
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import RADIUS, SPACE_M, SPACE_S, SPACE_XS, Tone
from cardforge_desktop.ui.widgets.basics import Card as Frame
from cardforge_desktop.ui.widgets.basics import ElidedLabel, label, row
from cardforge_desktop.ui.widgets.chat_document import ChatDocument, chat_document
from cardforge_desktop.ui.widgets.picker import Choice, Picker

if TYPE_CHECKING:
    from cardforge_desktop.cards.model import Card
    from cardforge_desktop.ui.theme import Theme

_PICTURE = QSize(64, 96)


@dataclass(frozen=True, slots=True)
class Chat:
    """What the chat shows, ready to be put into widgets.

    Attributes:
        name: who speaks.
        greetings: how many there are, the first message counted.
        greeting: the shown one, 0 = the first message.
        message: None where it is empty.
    """

    name: str
    greetings: int
    greeting: int
    message: ChatDocument | None


def chat_of(card: Card, user: str, greeting: int, theme: Theme, thread: QThread) -> Chat:
    """Fill the macros of a greeting and read its Markdown, on any thread.

    Args:
        greeting: one that is not there is the first.
        thread: the window's; the document belongs to it afterwards.
    """
    from cardforge_desktop.cards.macros import substitute
    from cardforge_desktop.cards.reader_prompt import macro_values

    greetings = [card.first_mes, *card.alternate_greetings]
    at = greeting if greeting < len(greetings) else 0
    values = macro_values(card, user)
    text = substitute(greetings[at].strip(), values)
    message = None
    if text.strip():
        message = chat_document(text, theme)
        message.document.moveToThread(thread)
    return Chat(values["char"], len(greetings), at, message)


class ChatPreview(QWidget):
    """The first thing a person sees of a card in a reader.

    Signals:
        greeting_wanted(int): show this one; 0 = the first message.
    """

    greeting_wanted = Signal(int)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._theme, self._icons = services.theme, services.icons
        self._chat = Chat("", 1, 0, None)
        self._picture: QImage | None = None
        self.picture = QLabel()
        self.picture.setFixedSize(_PICTURE)
        self.name = ElidedLabel("", "strong")
        self.message = QTextEdit()
        self.message.setProperty("role", "reading")
        self.message.setReadOnly(True)
        self.message.setTabChangesFocus(True)
        self.message.setAccessibleName(self.tr("Greeting as a chat shows it"))
        self.message.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.empty = label("", "muted", wrap=True)
        self.note = label("", "warn", wrap=True)
        self.picker = Picker(self._icons, self.tr("Greeting"))
        self.stepper = Stepper(
            self._icons,
            self.picker,
            before=self.tr("Previous greeting"),
            behind=self.tr("Next greeting"),
        )
        self.place = label("", "caption")
        self.stepper.stepped.connect(self._step)
        self.picker.picked.connect(lambda key: self.greeting_wanted.emit(int(key)))
        self._lay_out()
        self._theme.changed.connect(self._draw_picture)
        self._draw_picture()

    @property
    def text(self) -> str:
        """The message as it reads."""
        return self.message.toPlainText()

    def show_chat(self, chat: Chat) -> None:
        """Show a greeting; where the same one is shown again, the place in it is kept."""
        same = (chat.name, chat.greeting) == (self._chat.name, self._chat.greeting)
        at = self.message.verticalScrollBar().value() if same else 0
        self._chat = chat
        self.name.set_whole(chat.name or self.tr("Without a name"))
        self.picture.setAccessibleName(self.tr("Picture of %1").replace("%1", self.name.accessibleName()))
        document = QTextDocument() if chat.message is None else chat.message.document
        document.setParent(self.message)  # deletes it when another one comes
        self.message.setDocument(document)
        if at:
            document.size()  # lays all of it out: before, there is no such place
            self.message.verticalScrollBar().setValue(at)
        self.message.setVisible(chat.message is not None)
        self.empty.setVisible(chat.message is None)
        self.empty.setText(
            self.tr("The first message is empty: a chat would begin with nothing.")
            if chat.greeting == 0
            else self.tr("This greeting is empty: a swipe to it would show nothing.")
        )
        self.note.setText("" if chat.message is None else chat.message.note)
        self.note.setVisible(bool(self.note.text()))
        self._show_place()

    def show_picture(self, picture: QImage | None) -> None:
        """The card's picture, best not much larger than it is shown."""
        self._picture = picture
        self._draw_picture()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(SPACE_XS)
        words.addWidget(self.name)
        for widget in (self.message, self.empty, self.note):
            words.addWidget(widget, int(widget is self.message))
        words.addStretch(0)
        body = Frame(margin=SPACE_M)
        chat = row(self.picture, spacing=SPACE_M)
        chat.setAlignment(self.picture, Qt.AlignmentFlag.AlignTop)
        chat.addLayout(words, 1)
        body.body.addLayout(chat)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(body, 1)
        layout.addLayout(row(self.stepper, None, self.place))

    def _show_place(self) -> None:
        at, count = self._chat.greeting, self._chat.greetings
        alternate = self.tr("Alternate greeting %1")
        choices = [Choice("0", formatting.field_label("first_mes"))]
        choices += [
            Choice(str(one), alternate.replace("%1", formatting.number(one))) for one in range(1, count)
        ]
        self.picker.set_choices(choices, str(at))
        text = self.tr("%1 of %2").replace("%1", formatting.number(at + 1), 1)
        self.place.setText(text.replace("%2", formatting.number(count), 1))
        self.stepper.set_place(at, count)
        self.place.setVisible(count > 1)

    @Slot(int)
    def _step(self, by: int) -> None:
        self.greeting_wanted.emit(min(max(self._chat.greeting + by, 0), self._chat.greetings - 1))

    @Slot()
    def _draw_picture(self) -> None:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(_PICTURE * ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        place = QRectF(pixmap.rect())
        shape = QPainterPath()
        shape.addRoundedRect(place, RADIUS * ratio, RADIUS * ratio)
        painter.setClipPath(shape)
        painter.fillRect(place, self._theme.tokens.track)
        if self._picture is not None and not self._picture.isNull():
            painter.drawImage(place, self._picture, QRectF(cover(self._picture.size(), pixmap.size())))
        else:
            side = round(24 * ratio)
            icon = self._icons.pixmap("images", Tone.MUTED, 24, ratio)
            painter.drawPixmap((pixmap.width() - side) // 2, (pixmap.height() - side) // 2, side, side, icon)
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        self.picture.setPixmap(pixmap)
