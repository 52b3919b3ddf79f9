"""Models are listed with what they cost; the person's own price wins, and is forgotten again."""

from collections.abc import Callable
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from cardforge_desktop.costs.prices import Priceable
from cardforge_desktop.engines.base import Connection
from cardforge_desktop.ui.costs.prices_dialog import PricesDialog
from tests.support.window import Running

ELSEWHERE = Connection("Elsewhere", "openai", "https://models.invalid/v1", "rare-model")


def the_row_with_the_keyboard_is_marked(running: Running, dialog: PricesDialog) -> None:
    """And only while it is there; Tab goes on to the fields."""
    table = dialog.table
    dialog.activateWindow()
    table.setFocus()
    running.until(table.hasFocus)

    def edge() -> QColor:
        cell = table.visualRect(table.currentIndex())
        return table.viewport().grab().toImage().pixelColor(cell.center().x(), cell.top())

    marked = edge()
    QTest.keyClick(table, Qt.Key.Key_Tab)
    assert dialog.focusWidget() is dialog.input
    assert edge() != marked


def test_a_model_is_given_a_price_which_is_forgotten_again(run_window: Callable[..., Running]) -> None:
    running = run_window()
    workspace = running.workspace
    workspace.engines.add(ELSEWHERE, None)
    workspace.engines.add(Connection("OpenAI", "openai", "https://api.openai.com/v1", "gpt-4o-mini"), None)
    dialog = PricesDialog(running.window, running.session.services, ("Elsewhere", "rare-model"))
    dialog.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # where Qt's own `selectRow` does nothing
    dialog.open()
    running.until(lambda: dialog.model.rowCount() == 3)

    def row(model: str) -> list[str]:
        at = next(at for at in range(3) if dialog.model.index(at, 0).data() == model)
        return [str(dialog.model.index(at, column).data()) for column in range(1, 6)]

    assert row("gpt-4o-mini") == ["OpenAI", "$0.15", "$0.60", "$0.075", "the list"]
    assert row("rare-model") == ["Elsewhere", "unknown", "unknown", "unknown", "nowhere"]
    assert dialog.focusWidget() is dialog.input, "the price that is wanted can be written at once"
    assert not dialog.forget.isEnabled(), "there is no price of one's own"
    dialog.input.setText("much")
    dialog.keep.click()
    assert "0.15" in dialog.said
    dialog.input.setText("0,5")
    dialog.output.setText("999999999")
    dialog.keep.click()
    running.until(lambda: "no price" in dialog.said)
    assert dialog.input.text() == "0,5", "what was written stays"
    dialog.output.setText("2")
    dialog.keep.click()
    running.until(lambda: row("rare-model") == ["Elsewhere", "$0.50", "$2.00", "$0.50", "you"])
    rare = Priceable("Elsewhere", "rare-model", ELSEWHERE.url, False)
    price = workspace.prices.price(rare)
    assert price is not None
    assert (price.input, price.output) == (Decimal("0.5"), Decimal(2))
    dialog.forget.click()
    running.until(lambda: row("rare-model")[1] == "unknown")
    assert workspace.prices.price(rare) is None
    the_row_with_the_keyboard_is_marked(running, dialog)
    free = next(at for at in range(3) if dialog.model.index(at, 2).data() == "free")
    dialog.table.selectRow(free)
    assert not dialog.keep.isEnabled(), "a local engine has no price"
    dialog.accept()
