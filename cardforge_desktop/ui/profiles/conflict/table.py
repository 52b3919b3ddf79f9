"""The fields of a conflict in rows: yours, theirs, what becomes of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from cardforge_desktop.ui.profiles.conflict.decisions import Decisions, Way
from cardforge_desktop.ui.profiles.conflict.reading import FieldTexts
from cardforge_desktop.ui.profiles.conflict.row import NAME_WIDTH, RESULT_WIDTH, ConflictRow
from cardforge_desktop.ui.profiles.conflict.unchanged_row import UnchangedRow
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import RADIUS, SPACE_L, SPACE_S
from cardforge_desktop.ui.widgets.basics import Card, Page, label, line
from cardforge_desktop.ui.widgets.basics import row as side_by_side

_END = object()


class ConflictTable(Card):
    """Rows are made one after the other, in several turns each: a long text takes some milliseconds.

    Signals:
        taken(str, object): the field of this path is to go this `Way`.
        written(str, object): the person wrote this value for it.
        spoiled(str, bool): whether what was written for this path can't be read.
        filled(): all rows are there.
    """

    taken = Signal(str, object)
    written = Signal(str, object)
    spoiled = Signal(str, bool)
    filled = Signal()

    def __init__(self, services: Services) -> None:
        super().__init__(margin=1)
        self._services = services
        self._fields: tuple[FieldTexts, ...] = ()
        self._decisions: Decisions | None = None
        self._focused = ""  # path of a row that is made anew
        self._problems: Mapping[str, str] = {}
        self._shows_base = False
        self._shows_all = False
        self._coming: tuple[ConflictRow, Iterator[None]] | None = None  # not in its place yet
        self.rows: dict[str, ConflictRow] = {}
        self.unchanged: dict[str, UnchangedRow] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._make_next)
        self._lay_out()

    # What is shown

    def show_titles(self, base: str, theirs: str) -> None:
        """What the versions are called."""
        self._base.setText(base)
        self._theirs.setText(theirs)

    def show_fields(self, fields: Sequence[FieldTexts], decisions: Decisions) -> None:
        """Show these fields; rows whose texts are the same stay as they are."""
        self._fields, self._decisions = tuple(fields), decisions
        wanted = {each.field.path: each for each in fields}
        self._focused = self.current.path if self.current is not None else ""
        for path in [path for path in self.rows if path not in wanted]:
            self._drop(self.rows.pop(path))
        for path in [path for path in self.unchanged if path in wanted]:
            self._drop(self.unchanged.pop(path))
        self.update_from(decisions)
        self._timer.start()

    def update_from(self, decisions: Decisions) -> None:
        """Show what is decided."""
        self._decisions = decisions
        for row in self.rows.values():
            row.update_from(decisions)

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """What the rules say of the merged values, by path."""
        self._problems = problems
        for path, row in self.rows.items():
            row.show_problem(problems.get(path, ""))

    @Slot(bool)
    def show_base(self, is_shown: bool) -> None:
        """The version both started from, in a column of its own."""
        self._shows_base = is_shown
        self._base.setVisible(is_shown)
        for row in self.rows.values():
            row.show_base(is_shown)

    @Slot(bool)
    def show_all(self, is_shown: bool) -> None:
        """Also the fields that nobody changed."""
        self._shows_all = is_shown
        for row in self.unchanged.values():
            row.setVisible(is_shown)
        self._timer.start()

    # Where one is

    @property
    def current(self) -> ConflictRow | None:
        """The row that has the focus, or a part of which has it."""
        focused = self.window().focusWidget()
        for row in self.rows.values():
            if focused is not None and (focused is row or row.isAncestorOf(focused)):
                return row
        return None

    def go_to(self, path: str) -> None:
        """Give a row the focus and bring it into sight."""
        row = self.rows.get(path)
        if row is not None:
            row.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def go_to_next(self) -> None:
        """To the next field that needs a decision, from the last one on to the first."""
        if self._decisions is None or not self._decisions.undecided:
            return
        order = [each.field.path for each in self._fields]
        at = order.index(self.current.path) if self.current is not None else -1
        waiting = self._decisions.undecided
        self.go_to(next((path for path in order[at + 1 :] if path in waiting), waiting[0]))

    def take_current(self, way: Way) -> None:
        """Decide the field one is at."""
        if self.current is not None:
            self.current.take(way)

    @Slot(int)
    def _step(self, by: int) -> None:
        shown = [each.field.path for each in self._fields if each.field.path in self.rows]
        if self.current is not None:
            at = shown.index(self.current.path) + by
            self.go_to(shown[min(max(at, 0), len(shown) - 1)])

    # Inner

    def _lay_out(self) -> None:
        self._base, self._theirs = label("", "caption"), label("", "caption")
        name, result = label(self.tr("Field"), "caption"), label(self.tr("Result"), "caption")
        name.setFixedWidth(NAME_WIDTH)
        result.setFixedWidth(RESULT_WIDTH)
        sides = (self._base, label(self.tr("Your changes"), "caption"), self._theirs)
        for each in sides:
            each.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._head = side_by_side(name, *sides, result, spacing=SPACE_L)
        for at in (1, 2, 3):
            self._head.setStretch(at, 1)
        self.page = Page()
        self._column = QVBoxLayout(self.page)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setAccessibleName(self.tr("Changed fields"))
        self.area.setWidget(self.page)
        self.area.verticalScrollBar().rangeChanged.connect(self._align_head)
        self.page.installEventFilter(self)
        self.body.setSpacing(0)
        self.body.setContentsMargins(1, 1, 1, RADIUS)  # rows have corners
        self.body.addLayout(self._head)
        self.body.addWidget(line())
        self.body.addWidget(self.area, 1)
        self._align_head()
        self.show_base(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """No higher than the rows are."""
        if watched is self.page and event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            rows = max(self._column.heightForWidth(self.page.width()), 40)
            self.area.setMaximumHeight(rows)
            around = sum(
                margins.top() + margins.bottom()
                for margins in (self.contentsMargins(), self.body.contentsMargins())
            )
            self.setMaximumHeight(rows + self._head.sizeHint().height() + around + 1)  # 1 for the line
        return super().eventFilter(watched, event)

    @Slot()
    def _align_head(self) -> None:
        bar = self.area.verticalScrollBar()
        room = bar.sizeHint().width() if bar.maximum() > 0 else 0
        self._head.setContentsMargins(SPACE_L, SPACE_S + 2, SPACE_L + room, SPACE_S)

    @Slot()
    def _make_next(self) -> None:
        """One more row."""
        if self._decisions is None:
            self._timer.stop()
            return
        waiting = next((each for each in self._fields if not self._is_shown(each)), None)
        if waiting is not None:
            self._go_on(waiting, self._decisions)
        elif not (self._shows_all and self._add_unchanged(self._decisions)):
            self._timer.stop()
            self._forget_coming()
            self.filled.emit()

    def _is_shown(self, shown: FieldTexts) -> bool:
        row = self.rows.get(shown.field.path)
        return row is not None and row.shown == shown

    def _go_on(self, shown: FieldTexts, decisions: Decisions) -> None:
        """Make a row, or lay one of its texts out, or give it its place."""
        if self._coming is None or self._coming[0].shown is not shown:
            self._forget_coming()
            row = ConflictRow(self._services, shown, self.page)
            row.show_base(self._shows_base)
            row.update_from(decisions)
            self._coming = row, row.settle(self._side_width())
        elif next(self._coming[1], _END) is _END:
            row, self._coming = self._coming[0], None
            self._place(row, decisions)

    def _side_width(self) -> int:
        """How wide each of the sides will be."""
        sides = 3 if self._shows_base else 2
        taken = NAME_WIDTH + RESULT_WIDTH + (sides + 3) * SPACE_L
        return max((self.page.width() - taken) // sides, 1)

    def _forget_coming(self) -> None:
        if self._coming is not None:
            self._coming[0].deleteLater()
            self._coming = None

    def _place(self, row: ConflictRow, decisions: Decisions) -> None:
        row.taken.connect(self.taken)
        row.written.connect(self.written)
        row.spoiled.connect(self.spoiled)
        row.stepped.connect(self._step)
        row.next_wanted.connect(self.go_to_next)
        row.looked_at.connect(self._bring_into_sight)
        row.show_base(self._shows_base)
        row.update_from(decisions)
        row.show_problem(self._problems.get(row.path, ""))
        before_it = self.rows.get(row.path)  # stays until there is another: no gap is seen
        if before_it is not None:
            self._drop(before_it)
        self.rows[row.path] = row
        order = [each.field.path for each in self._fields]
        before = sum(1 for path in self.rows if order.index(path) < order.index(row.path))
        self._column.insertWidget(before, row)
        if row.path == self._focused:
            self.go_to(row.path)

    def _add_unchanged(self, decisions: Decisions) -> bool:
        """One more field that nobody changed; False = all are there."""
        for field in decisions.merge.fields:
            if field.path not in self.rows and field.path not in self.unchanged:
                row = UnchangedRow(self._services, field)
                self.unchanged[field.path] = row
                self._column.insertWidget(self._column.count() - 1, row)
                return True
        return False

    @Slot(QWidget)
    def _bring_into_sight(self, part: QWidget) -> None:
        """Once it has its place: it may just have been made, or be about to grow."""
        QTimer.singleShot(0, part, lambda: self._scroll_to(part))

    def _scroll_to(self, part: QWidget) -> None:
        """Of what is higher than there is room for, the top; what was just made gets its room before."""
        self._column.activate()
        QCoreApplication.sendPostedEvents(self.area.viewport(), QEvent.Type.LayoutRequest.value)
        if part.height() <= self.area.viewport().height():
            self.area.ensureWidgetVisible(part, 0, SPACE_S)
        else:
            self.area.verticalScrollBar().setValue(part.mapTo(self.page, QPoint()).y())

    def _drop(self, row: QWidget) -> None:
        row.hide()
        self._column.removeWidget(row)
        row.deleteLater()
