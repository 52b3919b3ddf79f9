"""The store: transactions, settings of SQLite, migrations with a copy kept before each."""

import shutil
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from cardforge_desktop.settings import SettingRow
from cardforge_desktop.store import migrate as migrations
from cardforge_desktop.store.database import Store, StoreError
from cardforge_desktop.store.migrate import migrate
from cardforge_desktop.store.types import Money, UtcTime


@pytest.fixture
def store(tmp_path: Path):
    store = Store(tmp_path / "store.db")
    migrate(store)
    yield store
    store.close()


def test_a_connection_has_the_settings_that_keep_data_safe(store: Store) -> None:
    # For writers 1 (NORMAL): `Store.write` syncs after each commit itself.
    for session_of, synchronous in ((store.read, 2), (store.write, 1)):
        with session_of() as session:
            connection = session.connection()
            found = {
                name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
                for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
            }
        assert found == {
            **{"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 5000},
            "synchronous": synchronous,
        }


def test_an_exception_rolls_everything_back(store: Store) -> None:
    def write_and_fail() -> None:
        with store.write() as session:
            session.add(SettingRow(key="theme", value="dark"))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    with store.read() as session:
        assert session.get(SettingRow, "theme") is None


def test_writers_in_many_threads_never_lose_an_update(store: Store) -> None:
    with store.write() as session:
        session.add(SettingRow(key="count", value=0))

    def add_ten() -> None:
        for _ in range(10):
            # Reads first, then writes: the case that fails with SQLITE_BUSY_SNAPSHOT unless IMMEDIATE.
            with store.write() as session:
                row = session.get_one(SettingRow, "count")
                row.value = row.value + 1

    threads = [threading.Thread(target=add_ten) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as session:
        assert session.get_one(SettingRow, "count").value == 40


def test_closing_waits_for_the_one_who_writes(store: Store) -> None:
    closing_store = threading.Thread(target=store.close)
    with store.write() as session:
        session.add(SettingRow(key="theme", value="dark"))
        session.flush()
        closing_store.start()
        closing_store.join(0.2)  # its chance to take the connection away
        session.add(SettingRow(key="engine", value="Built-in"))
    closing_store.join()
    with store.read() as session:
        assert session.get(SettingRow, "theme") is not None
        assert session.get(SettingRow, "engine") is not None


def test_a_file_that_is_no_store_is_named_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(b"this is no database, " * 100)
    store = Store(path)
    with pytest.raises(StoreError) as raised:
        migrate(store)
    assert raised.value.code == "STORE_DAMAGED"
    assert str(path) in raised.value.message
    assert path.read_bytes().startswith(b"this is no database")


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.db")
    migrate(store)
    with store.write() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = 'from_the_future'"))
    with pytest.raises(StoreError) as raised:
        migrate(store)
    assert raised.value.code == "STORE_NEWER"
    store.close()


SECOND_REVISION = """
import sqlalchemy as sa
from alembic import op
revision = "9999"
down_revision = "{newest}"
branch_labels = None
depends_on = None
def upgrade():
    op.add_column("setting", sa.Column("more", sa.String()))
"""


def test_a_migration_keeps_a_copy_with_the_rows_that_are_only_in_the_wal(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.write() as session:
        session.add(SettingRow(key="theme", value="dark"))
        newest = session.connection().execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    scripts = tmp_path / "migrations"
    shutil.copytree(migrations.MIGRATIONS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "9999_more.py").write_text(SECOND_REVISION.format(newest=newest))
    monkeypatch.setattr(migrations, "MIGRATIONS", scripts)
    monkeypatch.setattr(migrations, "NEWEST", "9999")
    migrate(store)
    (copy,) = (tmp_path / "backups").glob("*.db")
    with closing(sqlite3.connect(copy)) as saved:
        assert saved.execute("SELECT key, value FROM setting").fetchall() == [("theme", '"dark"')]
    with closing(sqlite3.connect(store.path)) as current:
        assert current.execute("SELECT key, value, more FROM setting").fetchall() == [
            ("theme", '"dark"', None)
        ]


def test_migrating_twice_changes_nothing(store: Store) -> None:
    before = store.path.stat().st_mtime_ns
    migrate(store)
    assert store.path.stat().st_mtime_ns == before


@given(st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=-(10**9), max_value=10**9))
def test_money_survives_the_column_exactly(amount: Decimal) -> None:
    column = Money()
    assert column.process_result_value(column.process_bind_param(amount, None), None) == amount


ZONES = st.integers(min_value=-12, max_value=14).map(lambda hours: timezone(timedelta(hours=hours)))


@given(st.integers(min_value=0, max_value=2**32), ZONES)
def test_times_survive_the_column_in_any_zone(seconds: int, zone: timezone) -> None:
    column = UtcTime()
    aware = datetime.fromtimestamp(seconds, zone)
    stored = column.process_result_value(column.process_bind_param(aware, None), None)
    assert stored == aware
    assert stored.tzinfo is UTC


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        UtcTime().process_bind_param(datetime.now(UTC).replace(tzinfo=None), None)
