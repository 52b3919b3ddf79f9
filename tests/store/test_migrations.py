"""The migrations make exactly the tables that the slices declare."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import cardforge_desktop.batches.tables
import cardforge_desktop.cards.tables
import cardforge_desktop.costs.tables
import cardforge_desktop.engines.tables
import cardforge_desktop.profiles.tables
import cardforge_desktop.settings  # noqa: F401  # each import declares its tables
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.migrate import migrate
from cardforge_desktop.store.table import Table


def test_migrations_and_declared_tables_agree(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.db")
    migrate(store)
    with store.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Table.metadata)
    store.close()
    assert differences == []
