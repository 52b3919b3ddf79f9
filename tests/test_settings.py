"""Preferences: checked on the way in, lenient on the way out, announced."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cardforge_desktop.events import Changed, Hub, Kind
from cardforge_desktop.naming import NameRules
from cardforge_desktop.settings import Preferences, SettingRow, Settings, SettingsError
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.migrate import migrate


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "store.db")
    migrate(store)
    yield store
    store.close()


def test_defaults_then_changes_that_another_session_sees(store: Store, tmp_path: Path) -> None:
    hub = Hub()
    heard: list[Changed] = []
    hub.changed.connect(heard.append)
    preferences = Preferences(store, hub, tmp_path)
    assert preferences.get() == Settings(output=tmp_path)
    preferences.update(theme="dark", concurrency=8, output=tmp_path / "cards")
    again = Preferences(store, Hub(), tmp_path).get()
    assert (again.theme, again.concurrency, again.output) == ("dark", 8, tmp_path / "cards")
    assert heard == [Changed(Kind.SETTING, frozenset({"theme", "concurrency", "output"}))]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("theme", "pink"),
        ("concurrency", 0),
        ("concurrency", 33),
        ("concurrency", True),
        ("output", " "),
        ("context", 0),
        ("lint_off", "key-comma"),
        ("lint_off", [1]),
        ("sanitise_names", 1),
        ("longest_name", 23),
        ("longest_name", 151),
        ("longest_name", True),
        ("pattern", "{name}"),
        ("pattern", None),
        ("x", 1),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_and_nothing_changes(
    store: Store, tmp_path: Path, key: str, value: object
) -> None:
    preferences = Preferences(store, Hub(), tmp_path)
    with pytest.raises(SettingsError):
        preferences.update(profile="Other", **{key: value})
    assert preferences.get() == Settings(output=tmp_path)


def test_how_files_are_named_is_kept(store: Store, tmp_path: Path) -> None:
    preferences = Preferences(store, Hub(), tmp_path)
    assert preferences.get().name_rules == NameRules()
    preferences.update(pattern="{index} {character_name}", sanitise_names=False, longest_name=150)
    again = Preferences(store, Hub(), tmp_path).get()
    assert again.pattern == "{index} {character_name}"
    assert again.name_rules == NameRules(sanitise=False, max_bytes=150)


def test_rules_that_are_off_are_kept_in_order_and_once(store: Store, tmp_path: Path) -> None:
    Preferences(store, Hub(), tmp_path).update(lint_off=["key-twice", "key-comma", "key-twice"])
    assert Preferences(store, Hub(), tmp_path).get().lint_off == ("key-comma", "key-twice")


def test_a_stored_value_of_another_version_counts_as_not_set(store: Store, tmp_path: Path) -> None:
    with store.write() as session:
        session.add(SettingRow(key="theme", value="sepia"))
        session.add(SettingRow(key="from_the_future", value=1))
    assert Preferences(store, Hub(), tmp_path).get().theme == "system"
