"""The card as readers see it: the chat's beginning, and the prompt that is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QImage, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QLabel, QLineEdit, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from cardforge_desktop.ui.background import Paced
from cardforge_desktop.ui.core_events import ids_of
from cardforge_desktop.ui.library.preview.chat_preview import ChatPreview, chat_of
from cardforge_desktop.ui.library.preview.prompt_preview import PromptPreview
from cardforge_desktop.ui.services import Notice, Services
from cardforge_desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XS
from cardforge_desktop.ui.widgets.basics import button, label, row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPushButton

    from cardforge_desktop.cards.model import Card
    from cardforge_desktop.events import Changed
    from cardforge_desktop.settings import Settings

_PACE_MS = 150
_KEEP_NAME_MS = 600
_USER = "User"  # SillyTavern's own word for a person without a name
_PICTURE_SIDE = 384  # pixels: sharp on every screen


class PreviewPane(QWidget):
    """Shows a card as it stands in the editor. What is not in sight is not worked out."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._card: Card | None = None
        self._avatar: QImage | None = None
        self._drawn: QImage | None = None
        self._greeting = 0
        self._renamed = False  # by hand, and not kept yet
        self.chat = ChatPreview(services)
        self.prompt = PromptPreview(services)
        self.pages = QStackedWidget()
        self.user = QLineEdit()
        self._paced = Paced(services.background, _PACE_MS, self._render)
        self._keep_name = QTimer(self)
        self._keep_name.setSingleShot(True)
        self._keep_name.setInterval(_KEEP_NAME_MS)
        self._make_head()
        self._lay_out()
        self._keep_name.timeout.connect(self._save_user)
        self.chat.greeting_wanted.connect(self.show_greeting)
        self.prompt.copy_wanted.connect(self._copy)
        services.theme.changed.connect(self._paced.ask)
        services.events.changed.connect(self._on_changed)

    def show_card(self, card: Card, avatar: QImage | None) -> None:
        """Show a card and its picture (None: it has none)."""
        self._card, self._avatar = card, avatar
        self._paced.ask()

    @Slot(int)
    def show_greeting(self, greeting: int) -> None:
        """Show one of the greetings, 0 = the first message; the prompt is built with it too."""
        self._greeting = greeting
        self._paced.ask()

    def show_prompt(self, wanted: bool) -> None:
        """The prompt instead of the chat, or the chat again."""
        (self.prompt_way if wanted else self.chat_way).click()

    def showEvent(self, event: QShowEvent) -> None:
        """What changed meanwhile is worked out now."""
        super().showEvent(event)
        self._paced.ask()

    def _make_head(self) -> None:
        self.chat_way = self._way(self.tr("Chat"), self.tr("The greeting as a chat shows it"))
        self.prompt_way = self._way(self.tr("Prompt"), self.tr("What is sent to the model, with its tokens"))
        self.chat_way.setChecked(True)
        self._ways = QButtonGroup(self)
        for page, way in enumerate((self.chat_way, self.prompt_way)):
            self._ways.addButton(way, page)
        self._ways.idClicked.connect(self._turn)
        name = self.tr("Your name, for {{user}}")
        self.user.setAccessibleName(name)
        self.user.setToolTip(name)
        self.user.setStatusTip(name)
        self.user.setMaximumWidth(180)
        self.user.setMaxLength(200)
        self.user.textEdited.connect(self._on_user_edited)
        self.user.editingFinished.connect(self._save_user)

    def _way(self, text: str, tip: str) -> QPushButton:
        made = button(text, "toggle", tip=tip)
        made.setCheckable(True)
        return made

    def _lay_out(self) -> None:
        self.pages.addWidget(self.chat)
        self.pages.addWidget(self.prompt)
        self._error = label("", "error", wrap=True, selectable=True)
        self._error.hide()
        you = QLabel(self.tr("You are"))
        you.setProperty("role", "muted")
        you.setBuddy(self.user)
        head = row(self.chat_way, self.prompt_way, None, you, self.user, spacing=SPACE_XS)
        head.insertSpacing(3, SPACE_M)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addLayout(head)
        layout.addWidget(self._error)
        layout.addWidget(self.pages, 1)

    @Slot(int)
    def _turn(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        self._paced.ask()

    async def _render(self) -> None:
        """Work out what is in sight, off this thread; dropped where another card came meanwhile."""
        card, avatar, greeting = self._card, self._avatar, self._greeting
        if not isValid(self) or card is None or not self.isVisible():
            return
        settings = await self._settings()
        if not isValid(self):
            return
        if not self.user.hasFocus() and not self._renamed:
            self.user.setText(settings.user_name)
        user = self.user.text().strip() or settings.user_name or _USER
        if self.pages.currentWidget() is self.chat:
            await self._render_chat(card, avatar, user, greeting)
        else:
            await self._render_prompt(card, settings.tokenizer, user, greeting)

    async def _render_chat(self, card: Card, avatar: QImage | None, user: str, greeting: int) -> None:
        theme, thread, drawn = self._services.theme, self.thread(), self._drawn
        fresh = avatar is not None and avatar is not drawn
        chat, picture = await self._services.background.run(
            lambda: (
                chat_of(card, user, greeting, theme, thread),
                _small(avatar) if avatar is not None and fresh else None,
            )
        )
        if not isValid(self) or card is not self._card or greeting != self._greeting:
            return
        self._greeting = chat.greeting
        self.chat.show_chat(chat)
        if fresh or (avatar is None and drawn is not None):
            self._drawn = avatar
            self.chat.show_picture(picture)

    async def _render_prompt(self, card: Card, tokenizer: str, user: str, greeting: int) -> None:
        from cardforge_desktop.errors import CardForgeError
        from cardforge_desktop.tokens import tokenizer_named
        from cardforge_desktop.ui.library.preview.prompt_counts import counted_prompt

        try:
            prompt = await self._services.background.run(
                lambda: counted_prompt(card, user, greeting, tokenizer_named(tokenizer))
            )
        except CardForgeError as error:
            if isValid(self):
                self._say(error.message)
            return
        if isValid(self) and card is self._card:
            self._say("")
            self.prompt.show_prompt(prompt)

    async def _settings(self) -> Settings:
        from cardforge_desktop.events import Kind
        from cardforge_desktop.ui.cache import Topic

        return await self._services.cache.read(Topic(Kind.SETTING, "all"), lambda ws: ws.settings.get())

    @Slot(str)
    def _on_user_edited(self, _text: str) -> None:
        self._renamed = True
        self._keep_name.start()
        self._paced.ask()

    @Slot()
    def _save_user(self) -> None:
        self._keep_name.stop()
        if self._renamed:
            self._renamed = False
            name = self.user.text().strip() or _USER
            background = self._services.background
            background.start(background.call(lambda ws: ws.settings.update(user_name=name)))

    @Slot()
    def _copy(self) -> None:
        self._services.background.start(self._copy_prompt())

    async def _copy_prompt(self) -> None:
        prompt = self.prompt.prompt
        if prompt is not None:
            QGuiApplication.clipboard().setText(await self._services.background.run(lambda: prompt.text))
            notice = Notice(self.tr("The prompt was copied."), "ok", lasting=False)
            self._services.desk.notice.emit(notice)

    @Slot(object)
    def _on_changed(self, changes: tuple[Changed, ...]) -> None:
        from cardforge_desktop.events import Kind

        if ids_of(Kind.SETTING, changes) is not None:
            self._paced.ask()

    def _say(self, text: str) -> None:
        self._error.setText(text)
        self._error.setVisible(bool(text))


def _small(image: QImage) -> QImage:
    if max(image.width(), image.height()) <= _PICTURE_SIDE:
        return image
    return image.scaled(
        _PICTURE_SIDE,
        _PICTURE_SIDE,
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
