"""The checks: grouped, explained, mended with a click or a key, rules switched off and on."""

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QPushButton, QWidget

from cardforge_desktop.cards.lint import RULES, Finding, LintContext, lint
from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.library.preview.checks_list import (
    MOST_FINDINGS,
    ChecksDelegate,
    ChecksModel,
    ChecksRole,
)
from cardforge_desktop.ui.library.preview.checks_pane import ChecksPane, FindingList
from cardforge_desktop.ui.theme import Theme
from tests.ui.library.preview.conftest import Desktop
from tests.ui.library.preview.material import CARD

DIRTY = CARD.model_copy(
    update={"description": "", "personality": "null", "first_mes": 'She says {char}. *"Stay.'}
)
FOUND = lint(DIRTY, LintContext())


def finding(message: str, severity: str = "hint", field: str = "scenario", **more) -> Finding:
    values = {"rule": "empty-field", "field": field, "message": message, "start": None, "end": None}
    return Finding(**{**values, "severity": severity, "fix": None, **more})


def rows(model: ChecksModel) -> list[str]:
    return [model.index(row).data() for row in range(model.rowCount())]


def row_with(pane: ChecksPane, wanted) -> int:
    return next(
        row
        for row in range(pane.model.rowCount())
        if (each := pane.model.index(row).data(ChecksRole.FINDING)) is not None and wanted(each)
    )


@pytest.fixture
def pane(desktop: Desktop) -> ChecksPane:
    return desktop.mount(ChecksPane(desktop.services))


def heard(signal) -> list[tuple]:
    found: list[tuple] = []
    signal.connect(lambda *values: found.append(values))
    return found


@pytest.mark.parametrize("points", [9.0, 10.0, 10.5, 11.0, 13.5])
def test_three_lines_have_the_room_they_take(pane: ChecksPane, points: float):
    font, text = QFont(), "one\ntwo\nthree"
    font.setPointSizeF(points)
    delegate = pane.list.itemDelegate()
    metrics = delegate._metrics = QFontMetrics(font)
    taken = metrics.boundingRect(QRect(0, 0, 300, 10_000), int(Qt.TextFlag.TextWordWrap), text).height()
    assert delegate._height(text, 300) == taken
    assert delegate._height(f"{text}\nfour", 300) == taken


def test_findings_stand_by_severity_then_by_field(qtmodeltester):
    model = ChecksModel()
    model.replace(
        (
            finding("a hint"),
            finding("one", "error", "name"),
            finding("two", "warning", "description"),
            finding("three", "error", "alternate_greetings[1]"),
            finding("four", "error", "name"),
        )
    )
    qtmodeltester.check(model)
    assert rows(model) == [
        *("Errors", "Name", "one", "four", "Alternate greeting 2", "three"),
        *("Warnings", "Description", "two"),
        *("Hints", "Scenario", "a hint"),
    ]
    assert model.index(2).data(Qt.ItemDataRole.AccessibleTextRole) == "Error in Name: one"


def test_a_card_without_faults_says_so(pane: ChecksPane):
    pane.show_findings(FOUND)
    assert pane.list.isVisible()
    pane.show_findings(())
    assert not pane.list.isVisible()
    assert "Nothing to mend" in texts_of(pane)


def texts_of(pane: QWidget) -> list[str]:
    return [
        each.text()
        for each in pane.findChildren(QWidget)
        if each.isVisible() and hasattr(each, "text") and each.text()
    ]


def test_a_finding_is_explained_mended_and_gone_to_by_keyboard_alone(pane: ChecksPane, qtbot):
    went, fixed, all_fixed = heard(pane.go_to), heard(pane.fix_wanted), heard(pane.fix_all_wanted)
    pane.show_findings(FOUND)
    pane.list.setFocus()
    qtbot.keyClick(pane.list, Qt.Key.Key_Down)  # over the headings
    assert pane.chosen is not None
    wanted = row_with(pane, lambda each: each.rule == "half-macro")
    while pane.list.currentIndex().row() != wanted:
        qtbot.keyClick(pane.list, Qt.Key.Key_Down)
    chosen = pane.chosen
    assert chosen.start is not None
    shown = texts_of(pane)
    assert RULES["half-macro"].title in shown
    assert chosen.message in shown
    assert any(RULES["half-macro"].reason in text for text in shown)
    qtbot.keyClick(pane.list, Qt.Key.Key_Return)
    assert went == [(chosen.field, chosen.start, chosen.end)]
    qtbot.keyClick(pane.list, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    assert fixed == [(chosen,)]
    pane.fix_all.click()
    assert all_fixed == [()]


def test_a_finding_about_a_whole_field_goes_to_the_field(pane: ChecksPane):
    went = heard(pane.go_to)
    pane.show_findings((finding("empty", "error", "description"),))
    pane.list.setCurrentIndex(pane.model.index(2))
    pane.go.click()
    assert went == [("description", -1, -1)]
    assert not pane.fix.isVisible()
    assert not pane.fix_all.isEnabled()


def test_one_click_on_the_painted_fix_mends_and_beside_it_only_chooses(pane: ChecksPane, qtbot):
    fixed = heard(pane.fix_wanted)
    pane.show_findings(FOUND)
    row = row_with(pane, lambda each: each.fix is not None)
    index = pane.model.index(row)
    each = index.data(ChecksRole.FINDING)
    pane.list.scrollTo(index)
    place = pane.delegate.fix_place(pane.list.visualRect(index), each)
    qtbot.mouseClick(
        pane.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place.left() - 20, place.top() - 6)
    )
    assert fixed == []
    assert pane.chosen == each
    qtbot.mouseClick(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=place.center())
    assert fixed == [(each,)]


def test_what_is_chosen_stays_chosen_and_when_mended_the_next_is(pane: ChecksPane):
    pane.show_findings(FOUND)
    row = row_with(pane, lambda each: each.rule == "half-macro")
    pane.list.setCurrentIndex(pane.model.index(row))
    moved = tuple(replace(each, start=5, end=9) if each.start is not None else each for each in FOUND[1:])
    pane.show_findings(moved)
    assert pane.chosen.rule == "half-macro"
    pane.show_findings(tuple(each for each in moved if each.rule != "half-macro"))
    assert pane.chosen is not None
    assert pane.chosen.rule != "half-macro"


def test_rules_are_switched_off_and_on_again(pane: ChecksPane, desktop: Desktop):
    switched = heard(pane.rule_switched)
    assert not pane.rules_off.isVisible()
    pane.show_findings(FOUND)
    pane.list.setCurrentIndex(pane.model.index(2))
    rule = pane.chosen.rule
    pane.off.click()
    assert switched == [(rule, False)]
    desktop.workspace.settings.update(lint_off=[rule, "no-such-rule"])
    desktop.until(lambda: pane.rules_off.ids == (rule,))
    assert pane.rules_off.isVisible()
    pane.rules_off.fold.click()
    names = [
        each
        for each in pane.rules_off.findChildren(QPushButton)
        if RULES[rule].title in each.accessibleName()
    ]
    (on,) = names
    assert on.isVisible()
    on.click()
    assert switched[1:] == [(rule, True)]
    desktop.workspace.settings.update(lint_off=[])
    desktop.until(lambda: not pane.rules_off.isVisible())


def test_ten_thousand_findings_are_a_list_not_widgets(pane: ChecksPane):
    pane.show_findings(FOUND)
    before = len(pane.findChildren(QWidget))
    many = tuple(
        finding(f"Number {number}: " + "words " * 20, "warning", f"character_book.entries[{number}].content")
        for number in range(10_000)
    )
    began = time.thread_time()
    pane.show_findings(many)
    pane.list.doItemsLayout()
    assert time.thread_time() - began < 0.1  # measured 0.013
    assert len(pane.findChildren(QWidget)) <= before
    listed = sum(
        pane.model.index(row).data(ChecksRole.FINDING) is not None for row in range(pane.model.rowCount())
    )
    assert listed == MOST_FINDINGS
    assert f"{10_000 - MOST_FINDINGS:,} more" in pane.more.text()


def test_the_most_severe_are_listed_first_where_not_all_are():
    model = ChecksModel()
    model.replace((*(finding(str(number)) for number in range(MOST_FINDINGS + 5)), finding("worst", "error")))
    assert rows(model)[2] == "worst"


def test_long_messages_are_wrapped_and_bounded(qapp, qtbot):
    theme = Theme(qapp, "light")
    view = FindingList()
    qtbot.addWidget(view)
    model = ChecksModel()
    view.setModel(model)
    view.setItemDelegate(ChecksDelegate(theme, Icons(theme), view))
    model.replace((finding("short"), finding("words of it " * 10), finding("words of it " * 5_000)))
    heights = []
    for width in (300, 700):
        view.resize(width, 400)
        view.show()
        heights.append([view.sizeHintForIndex(model.index(row)).height() for row in (2, 3, 4)])
    (short, two, long), (_, two_wide, _) = heights
    assert short < two_wide < two <= long
    assert long < short + 4 * view.fontMetrics().lineSpacing()
    began = time.thread_time()
    view.grab()
    assert time.thread_time() - began < 0.2
    view.close()
    theme.deleteLater()


def test_every_control_has_a_name_and_a_tip(pane: ChecksPane):
    pane.show_findings(FOUND)
    pane.list.setCurrentIndex(pane.model.index(row_with(pane, lambda each: each.fix is not None)))
    pane.rules_off.show_rules(["code-fence"])
    for each in (pane.list, pane.fix, pane.go, pane.off, pane.fix_all, pane.rules_off.fold):
        assert each.accessibleName()
    assert all(each.toolTip() for each in (pane.fix, pane.go, pane.off, pane.fix_all))
