"""The migrations make exactly the tables that the slices declare."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import cardforge_desktop.batches.tables
import cardforge_desktop.cards.tables
import cardforge_desktop.costs.tables
import cardforge_desktop.engines.tables
import cardforge_desktop.profiles.tables
import cardforge_desktop.settings  # noqa: F401  # each import declares its tables
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.migrate import MIGRATIONS, NEWEST, migrate
from cardforge_desktop.store.table import Table


def test_the_newest_script_is_the_one_the_app_works_with() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [NEWEST]


def test_migrations_and_declared_tables_agree(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.db")
    migrate(store)
    with store.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Table.metadata)
    store.close()
    assert differences == []
