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

CALL = Call("", "", "worker", 1, "card", "digest", "Cloud", "gpt-4o-mini", "https://api.openai.com/v1", False)


def begin(workspace: Workspace, most: int) -> str:
    """A call of an engine elsewhere that is under way."""
    return workspace.costs.begin(CALL, workspace.costs.most(CALL, most, 0))


def end(workspace: Workspace, call_id: str, tokens: int) -> None:
    """It is answered."""
    workspace.costs.end(call_id, CALL, Outcome("completed", Usage(tokens, 0)))


def spend(workspace: Workspace, tokens: int) -> None:
    """A whole call."""
    end(workspace, begin(workspace, tokens), tokens)


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
    under_way = begin(workspace, 85_000)
    spend(workspace, 1_000)
    running.until(lambda: spent.left.text() == "14,000 tokens left")
    assert "1,000 of 100,000 tokens used, 85,000 reserved" in spent.left.toolTip()
    end(workspace, under_way, 78_000)
    running.until(lambda: spent.left.text() == "21,000 tokens left")
    assert "79,000 of 100,000 tokens used" in spent.left.toolTip()
    assert not [text for text in notices if "used" in text], "what is reserved is not used"
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
    assert "used up" in window.notices.text
    workspace.limits.set(DAY, Limit(tokens=200_000))
    running.until(lambda: not window.notices.text)  # it is no longer so
    qtbot.mouseClick(spent.left, Qt.MouseButton.LeftButton)
    running.until(lambda: window.current == "costs")
