"""The status bar tells what today cost and what is left; a limit is told of at 80 % and at its end, once."""

from collections.abc import Callable
from decimal import Decimal

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cardforge_desktop.costs.ledger import Call, Outcome
from cardforge_desktop.costs.limits import DAY, MONTH, Limit
from cardforge_desktop.engines.base import Usage
from cardforge_desktop.ui.costs.limits_dialog import LimitsDialog
from cardforge_desktop.workspace import Workspace
from tests.support.window import Running


def spend(workspace: Workspace, tokens: int) -> None:
    """As a call of an engine elsewhere."""
    call = Call(
        "", "", "worker", 1, "card", "digest", "Cloud", "gpt-4o-mini", "https://api.openai.com/v1", False
    )
    held = workspace.costs.most(call, tokens, 0)
    workspace.costs.end(workspace.costs.begin(call, held), call, Outcome("completed", Usage(tokens, 0)))


def test_what_is_left_is_told_and_warned_of_once(run_window: Callable[..., Running], qtbot: QtBot) -> None:
    running = run_window()
    workspace, window = running.workspace, running.window
    spent, notices = window.status.spent, []
    running.session.services.desk.notice.connect(lambda notice: notices.append(notice.text))
    running.until(lambda: spent.today.text() == "Today $0.00")
    assert not spent.left.isVisible(), "there is no limit"
    running.session.frame.open_limits()
    dialog = window.findChild(LimitsDialog)
    running.until(dialog.save.isEnabled)
    dialog.fields[DAY].tokens.setText("a lot")
    dialog.save.click()
    assert "500k" in dialog.said
    dialog.fields[DAY].tokens.setText("100k")
    dialog.fields[MONTH].money.setText("$2,50")
    dialog.save.click()
    running.until(lambda: spent.left.text() == "100,000 tokens left")
    assert workspace.limits.get(MONTH) == Limit(cost=Decimal("2.5"))
    spend(workspace, 79_000)
    running.until(lambda: spent.left.text() == "21,000 tokens left")
    assert not [text for text in notices if "used" in text]
    for tokens in (2_000, 1_000):
        spend(workspace, tokens)
    running.until(lambda: spent.left.text() == "18,000 tokens left")
    spend(workspace, 18_000)
    running.until(lambda: spent.left.text() == "0 tokens left")
    told = [text for text in notices if "used up" in text]
    assert [text.split(":")[0] for text in told] == [
        "Limit of the day is nearly used up",
        "Limit of the day is used up",
    ]
    qtbot.mouseClick(spent.left, Qt.MouseButton.LeftButton)
    running.until(lambda: window.current == "costs")
