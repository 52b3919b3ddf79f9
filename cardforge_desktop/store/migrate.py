"""Bringing a store to the newest shape with Alembic; a copy of the file is kept before each change."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock
from sqlalchemy import inspect, text

from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.store.database import Store, StoreError, store_errors

if TYPE_CHECKING:
    from alembic.config import Config

#: The revision this version of the app works with; a test holds it against the scripts. Known without asking
#: Alembic, whose import would cost every start a tenth of a second and some megabytes.
NEWEST = "0009"
MIGRATIONS = Path(__file__).resolve().parent / "migrations"
KEPT_BACKUPS = 5


def migrate(store: Store) -> None:
    """Bring the store to the newest revision; nothing is touched when it is there already.

    Safe with several processes: one migrates, the others wait. Before a migration of a store that holds
    anything, a copy goes to ``backups/`` beside it (SQLite's backup API: a plain file copy in WAL mode
    would lose rows); the last five are kept.

    Raises:
        StoreError: STORE_NEWER when a newer CardForge wrote the file; STORE_DAMAGED, STORE_UNWRITABLE.
    """
    if _revision(store) == NEWEST:
        return
    with FileLock(store.path.with_suffix(".migrating"), timeout=60):
        current = _revision(store)
        if current == NEWEST:
            return
        config = _config()
        _refuse_newer(config, current, store.path)
        if current is not None:
            _back_up(store.path, current)
        _run_scripts(store, config)


def _run_scripts(store: Store, config: Config) -> None:
    from alembic import command

    with store_errors(store.path), store.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, NEWEST)


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _revision(store: Store) -> str | None:
    # Alembic's own MigrationContext would do; asking the table keeps the normal start free of its imports.
    with store_errors(store.path), store.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _refuse_newer(config: Config, current: str | None, path: Path) -> None:
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    if current is None:
        return
    try:
        ScriptDirectory.from_config(config).get_revision(current)
    except CommandError as error:
        raise StoreError(
            ErrorCode.STORE_NEWER,
            f"The store {path} was written by a newer CardForge (revision {current}). Install that version, "
            "or set CARDFORGE_HOME to another folder.",
            {"path": str(path), "revision": current},
        ) from error


def _back_up(path: Path, revision: str) -> None:
    folder = path.parent / "backups"
    target = folder / f"{path.stem}-before-{revision}.db"
    try:
        folder.mkdir(exist_ok=True)
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
    except (sqlite3.Error, OSError) as error:
        with suppress(OSError):
            target.unlink(missing_ok=True)
        raise StoreError(
            ErrorCode.STORE_UNWRITABLE,
            f"The store could not be copied to {target} before it is brought to this version ({error}). "
            "Check the free space and the permissions there; the store itself was not changed.",
            {"path": str(target), "cause": str(error)},
        ) from error
    copies = sorted(folder.glob(f"{path.stem}-before-*.db"), key=lambda file: file.stat().st_mtime)
    for old in copies[:-KEPT_BACKUPS]:
        old.unlink()
