"""The bar above the cards: what is filtered by, in which order, and a chip for each filter that is on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QRect, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from cardforge_desktop.cards.formats import FORMATS
from cardforge_desktop.cards.search import CardQuery
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.library.arrangement import Order
from cardforge_desktop.ui.library.finder import Choices
from cardforge_desktop.ui.library.marks import MOST_STARS, stars_text
from cardforge_desktop.ui.library.tag_popup import TagPopup
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_S, Tone
from cardforge_desktop.ui.widgets.basics import FlowLayout, button, row
from cardforge_desktop.ui.widgets.picker import Choice, Picker

if TYPE_CHECKING:
    from datetime import datetime

#: More choices than these make a menu nobody reads.
_MOST_CHOICES = 40
_SORTS = ("newest", "oldest", "name", "edited", "rating", "tokens")


class FilterBar(QWidget):
    """Pickers and chips; the text that is searched for comes from elsewhere and is kept.

    Signals:
        changed(): `query` or `order` is another one.
    """

    changed = Signal()

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.query, self.order = CardQuery(), Order()
        self._choices: Choices | None = None
        icons = services.icons
        self.tags = _TagsButton(icons)
        self.tags.setToolTip(self.tr("Show only cards that have all of the tags you tick"))
        self.tags.setAccessibleName(self.tr("Tags"))
        self.profile = Picker(icons, self.tr("Profile"))
        self.batch = Picker(icons, self.tr("Batch"))
        self.format = Picker(icons, self.tr("Format"))
        self.rating = Picker(icons, self.tr("Rating"))
        self.sort = Picker(icons, self.tr("Sort by"))
        self._chips = QWidget()
        self._chip_row = FlowLayout(SPACE_S)
        self._chips.setLayout(self._chip_row)
        self.clear_button = button(self.tr("Clear filters"), "link", tip=self.tr("Show all cards again"))
        self.clear_button.clicked.connect(self.clear)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addLayout(row(self.tags, self.profile, self.batch, self.format, self.rating, None, self.sort))
        layout.addWidget(self._chips)
        self.tags.clicked.connect(self.open_tags)
        self.profile.picked.connect(lambda key: self.filter(profile=key))
        self.batch.picked.connect(lambda key: self.filter(batch=key))
        self.format.picked.connect(lambda key: self.filter(format=key))
        self.rating.picked.connect(lambda key: self.filter(rating_from=int(key or 0)))
        self.sort.picked.connect(lambda key: self.sort_by(Order(key)))
        self._show()

    def filter(self, **what: object) -> None:
        """Change some of the query's conditions."""
        query = replace(self.query, **what)  # type: ignore[arg-type]
        if query != self.query:
            self.query = query
            self._show()
            self.changed.emit()

    @Slot(object)
    def sort_by(self, order: Order) -> None:
        """Another order."""
        if order != self.order:
            self.order = order
            self._show()
            self.changed.emit()

    @Slot()
    def clear(self) -> None:
        """No filters; the order stays."""
        self.filter(tags=(), profile="", batch="", format="", rating_from=0)

    @property
    def is_filtering(self) -> bool:
        """Whether any filter is on, the text apart."""
        return self.query != CardQuery(text=self.query.text)

    def set_choices(self, choices: Choices) -> None:
        """What there is to filter by now."""
        self._choices = choices
        self._show()

    @Slot()
    def open_tags(self) -> TagPopup:
        """Let the person tick tags."""
        tags = self._choices.facets.tags if self._choices is not None else ()
        popup = TagPopup(self._services.theme, self._services.icons, self, tags, self.query.tags)
        popup.changed.connect(lambda ticked: self.filter(tags=ticked))
        popup.open_below(self.tags)
        return popup

    # What is shown

    def _show(self) -> None:
        query = self.query
        count = len(query.tags)
        self.tags.setText(self.tr("%n tag(s)", None, count) if count else self.tr("Tags"))
        facets = self._choices.facets if self._choices is not None else None
        profiles = facets.profiles if facets else ()
        batches = facets.batches if facets else ()
        formats = facets.formats if facets else ()
        _fill(self.profile, self.tr("All profiles"), profiles, query.profile, str)
        _fill(self.batch, self.tr("All batches"), batches, query.batch, self._batch_text)
        _fill(self.format, self.tr("All formats"), formats, query.format, format_text)
        stars = [Choice(str(at), self._stars_from(at)) for at in range(MOST_STARS, 0, -1)]
        self.rating.set_choices([Choice("", self.tr("Any rating")), *stars], str(query.rating_from or ""))
        self._show_sort()
        self._show_chips()

    def _show_sort(self) -> None:
        texts = {
            "newest": self.tr("Newest first"),
            "oldest": self.tr("Oldest first"),
            "name": self.tr("By name"),
            "edited": self.tr("Last edited first"),
            "rating": self.tr("Best rated first"),
            "tokens": self.tr("Most tokens first"),
        }
        choices = [Choice(key, texts[key]) for key in _SORTS]
        key = self.order.key
        if key not in texts or self.order.descending is not None:
            choices.append(Choice("column", self.tr("As in the table's header")))
            key = "column"
        self.sort.set_choices(choices, key)

    def _show_chips(self) -> None:
        self._chip_row.removeWidget(self.clear_button)
        while (item := self._chip_row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for text, off in self._active():
            self._chip_row.addWidget(self._chip(text, off))
        self._chip_row.addWidget(self.clear_button)
        self._chips.setVisible(self.is_filtering)

    def _active(self) -> Iterable[tuple[str, dict[str, object]]]:
        """The filters that are on, and what switches each off."""
        query = self.query
        for tag in query.tags:
            yield tag, {"tags": tuple(each for each in query.tags if each != tag)}
        if query.profile:
            yield query.profile, {"profile": ""}
        if query.batch:
            yield self._batch_text(query.batch), {"batch": ""}
        if query.format:
            yield format_text(query.format), {"format": ""}
        if query.rating_from:
            yield self._stars_from(query.rating_from), {"rating_from": 0}

    def _chip(self, text: str, off: dict[str, object]) -> QPushButton:
        shown = text if len(text) <= 40 else f"{text[:39]}…"
        made = button(
            shown.replace("&", "&&"),
            "filter",
            tip=self.tr("Remove this filter: %1").replace("%1", text),
            name=self.tr("Remove the filter %1").replace("%1", text),
        )
        self._services.icons.put(made, "x", Tone.ACCENT, 12)
        made.clicked.connect(lambda _checked=False: self.filter(**off))
        return made

    def _stars_from(self, stars: int) -> str:
        if stars == MOST_STARS:
            return stars_text(stars)
        return self.tr("%n star(s) or more", None, stars)

    def _batch_text(self, batch_id: str) -> str:
        began = self._choices.began.get(batch_id) if self._choices is not None else None
        return batch_id if began is None else self.tr("Batch of %1").replace("%1", _moment(began))


class _TagsButton(QPushButton):
    """Looks like the pickers beside it; opens a list of its own."""

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self._icons = icons
        self.setProperty("role", "picker")
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button with a small arrow."""
        super().paintEvent(event)
        painter = QPainter(self)
        left = 10 if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else self.width() - 26
        arrow = self._icons.pixmap("chevron-down", Tone.MUTED, 16, self.devicePixelRatioF())
        painter.drawPixmap(QRect(left, (self.height() - 16) // 2, 16, 16), arrow)


def _fill(
    picker: Picker,
    every: str,
    counted: Iterable[tuple[str, int]],
    current: str,
    text: Callable[[str], str],
) -> None:
    choices = [Choice("", every)]
    for key, count in list(counted)[:_MOST_CHOICES]:
        shown = formatting.translate("FilterBar", "%1 (%2)")
        choices.append(Choice(key, shown.replace("%2", formatting.number(count)).replace("%1", text(key))))
    if current and all(choice.key != current for choice in choices):
        choices.append(Choice(current, text(current)))
    picker.set_choices(choices, current)


def format_text(name: str) -> str:
    """A format for people; what cards came as stays as it is."""
    known = FORMATS.get(name)
    return known.label if known is not None else name.upper() if len(name) <= 2 else name


def _moment(when: datetime) -> str:
    from PySide6.QtCore import QDateTime

    local = QDateTime.fromSecsSinceEpoch(int(when.timestamp()))
    return QLocale().toString(local, QLocale.FormatType.ShortFormat)
