"""The list of profiles, apart from its panel."""

from PySide6.QtCore import QModelIndex

from cardforge_desktop.profiles.lines import ProfileLine
from cardforge_desktop.store.types import now
from cardforge_desktop.ui.profiles.profile_list import ProfileView
from cardforge_desktop.ui.profiles.profile_model import ProfileModel

_NOWHERE = QModelIndex()


class _Asked(ProfileModel):
    """Counts how often it is asked for its rows."""

    asked = 0

    def rowCount(self, parent=_NOWHERE):  # noqa: N802
        self.asked += 1
        return super().rowCount(parent)


def test_a_change_of_one_profile_is_painted_but_lays_no_list_out(desktop, qtbot):
    model = _Asked()
    view = ProfileView(desktop.services, model)
    qtbot.addWidget(view)
    saved = now()
    lines = [
        ProfileLine(f"profile_{at}", f"Harbour {at:04}", "", "character", 1, saved, "ana, window")
        for at in range(1_000)
    ]
    model.show_lines(lines)
    view.show()
    qtbot.waitExposed(view)
    desktop.until(lambda: view.verticalScrollBar().maximum() > 0)
    before, model.asked = view.grab().toImage(), 0
    model.show_unsaved(frozenset({"profile_2"}))
    desktop.until(lambda: view.grab().toImage() != before)
    assert model.asked < 500
