"""The core's events reach the window's thread, few and in order."""

import threading

from PySide6.QtCore import QThread

from cardforge_desktop.events import Changed, Hub, Kind, Progress
from cardforge_desktop.ui.core_events import CoreEvents, ids_of


def listening(hub: Hub) -> tuple[CoreEvents, list, list]:
    events, changes, progress = CoreEvents(), [], []
    events.listen(hub)
    events.changed.connect(lambda each: changes.append((QThread.currentThread().isMainThread(), each)))
    events.progressed.connect(lambda each: progress.append((QThread.currentThread().isMainThread(), each)))
    return events, changes, progress


def on_threads(count: int, work) -> None:
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_flood_from_many_threads_is_one_delivery_on_the_windows_thread(qapp, qtbot):
    hub = Hub()
    events, changes, progress = listening(hub)

    def work(number: int) -> None:
        for step in range(200):
            hub.progress.emit(Progress(f"item_{number}", "writing", "description", "x" * step, step / 200))
            hub.changed.emit(Changed(Kind.ITEM, frozenset({f"item_{number}"})))

    on_threads(8, work)
    qtbot.waitUntil(lambda: bool(changes and progress))
    assert len(changes) == len(progress) == 1
    (on_window, (change,)), (also_on_window, newest) = changes[0], progress[0]
    assert on_window
    assert also_on_window
    assert change == Changed(Kind.ITEM, frozenset(f"item_{number}" for number in range(8)))
    assert {each.text for each in newest} == {"x" * 199}
    events.stop()


def test_no_field_is_lost_between_two_deliveries(qapp, qtbot):
    hub = Hub()
    events, _, progress = listening(hub)
    hub.progress.emit(Progress("item_1", "writing", "name", "Mi"))
    hub.progress.emit(Progress("item_1", "writing", "name", "Mirela"))
    hub.progress.emit(Progress("item_1", "writing", "description", "Keeps"))
    qtbot.waitUntil(lambda: bool(progress))
    assert [(each.field, each.text) for each in progress[0][1]] == [
        ("name", "Mirela"),
        ("description", "Keeps"),
    ]
    events.stop()


def test_a_restart_voids_what_was_not_delivered_yet(qapp, qtbot):
    hub = Hub()
    events, _, progress = listening(hub)
    hub.progress.emit(Progress("item_1", "writing", "name", "Mirela"))
    hub.progress.emit(Progress("item_1", "waiting", restarted=True))
    hub.progress.emit(Progress("item_1", "waiting"))
    qtbot.waitUntil(lambda: bool(progress))
    (delivered,) = progress[0][1]
    assert delivered.restarted
    assert delivered.field == ""
    events.stop()


def test_any_of_a_kind_outweighs_single_ids(qapp, qtbot):
    hub = Hub()
    events, changes, _ = listening(hub)
    hub.changed.emit(Changed(Kind.CARD, frozenset({"card_1"})))
    hub.changed.emit(Changed(Kind.CARD))
    hub.changed.emit(Changed(Kind.CARD, frozenset({"card_2"})))
    qtbot.waitUntil(lambda: bool(changes))
    assert ids_of(Kind.CARD, changes[0][1]) == frozenset()
    assert ids_of(Kind.ITEM, changes[0][1]) is None
    events.stop()


def test_nothing_comes_after_stop(qapp, qtbot):
    hub = Hub()
    events, changes, _ = listening(hub)
    events.stop()
    hub.changed.emit(Changed(Kind.CARD))
    qapp.processEvents()
    assert changes == []
