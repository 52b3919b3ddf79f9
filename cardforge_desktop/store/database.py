"""Opening the SQLite file, and the one way to read from it and to write to it."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Pool, StaticPool, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlmodel import Session, create_engine

from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.store.syncing import JointSync, sync_file

_log = logging.getLogger(__name__)
BUSY_TIMEOUT_MS = 5_000


class StoreError(CardForgeError):
    """The store can't be used. Codes: STORE_DAMAGED, STORE_UNWRITABLE, STORE_NEWER, STORE_BUSY."""


class Store:
    """The SQLite file of one installation. Thread-safe.

    Each reading session has a connection of its own; all writing ones share one, one after the other.
    Sessions are units of work: short, never open across a model call. Values leave a session as frozen
    dataclasses, never as live rows.
    """

    def __init__(self, path: Path) -> None:
        """Open (and create) the file; run `migrate` before anything else uses it."""
        self.path = path
        # SQLite's own waiting sleeps in growing steps and is not fair: writers of one process queue here.
        self._writing = threading.Lock()
        self._engine = _engine(path, "BEGIN")
        # One connection for all writes: SQLite then tells commits of others from our own (`foreign_version`).
        self._write_engine = _engine(path, "BEGIN IMMEDIATE", StaticPool)
        event.listen(self._write_engine, "connect", _leave_syncing_to_us)
        log = path.with_name(f"{path.name}-wal")
        self._on_disk = JointSync(lambda: sync_file(log))

    @property
    def engine(self) -> Engine:
        """For migrations and backups."""
        return self._engine

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session on one consistent snapshot; nothing is committed."""
        with store_errors(self.path), Session(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self, *, lasting: bool = True) -> Iterator[Session]:
        """A session in one IMMEDIATE transaction: committed at the end, rolled back by any exception.

        IMMEDIATE, because a transaction that reads first and writes later fails at once with
        SQLITE_BUSY_SNAPSHOT when another process wrote in between.

        Args:
            lasting: the commit is on the disk when this returns, with all commits before it. False: a power
                cut may take it back until a later lasting one; the end of this process never does.
        """
        with (
            self._writing,
            store_errors(self.path),
            Session(self._write_engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session
        if lasting:
            self._wait_for_disk()

    def _wait_for_disk(self) -> None:
        """With other writers, and while the next ones write: SQLite would sync before it lets those go on."""
        try:
            self._on_disk.wait()
        except OSError:
            # The commit stands, so this is no error of its caller.
            _log.exception("the store could not be synced; from now on SQLite does that with each commit")
            self._on_disk = JointSync(lambda: None)
            with self._writing, self._write_engine.connect() as connection:
                driver: Any = connection.connection.driver_connection
                driver.execute("PRAGMA synchronous = FULL")

    def foreign_version(self) -> int:
        """A number that another one takes the place of when somebody else commits: never by our own writes.

        Another process, that is, or another `Store` of the same file. Asks no table. Waits while this store
        writes.

        Raises:
            sqlite3.Error: the file can't be read.
        """
        # https://www.sqlite.org/pragma.html#pragma_data_version: "unchanged for commits made on the same
        # database connection", and all of ours are made on this one. Asked of the driver, not of SQLAlchemy,
        # which would begin a transaction to write.
        with self._writing, self._write_engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            return int(driver.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Close all idle connections, and the one for writes as soon as nobody writes.

        Taken away from a statement that runs on another thread, SQLite's connection takes the process along.
        """
        self._engine.dispose()
        with self._writing:
            self._write_engine.dispose()


def _engine(path: Path, begin: str, pool: type[Pool] | None = None) -> Engine:
    """Connections to the file, each transaction of which is begun by the statement `begin`."""
    engine = create_engine(
        f"sqlite:///{path}",
        # Sessions come from many threads: a connection is used by one thread at a time.
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
        # Errors must not carry texts of the user into logs and reports.
        hide_parameters=True,
        poolclass=pool,
    )
    event.listen(engine, "connect", _prepare_connection)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _prepare_connection(connection: sqlite3.Connection, _record: object) -> None:
    """SQLite's settings per connection; transactions are begun by `_engine`, not by the driver."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    # A commit is on the disk when it returns: what was stored before a power cut is there after it.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # Kibibytes. Each connection keeps its own pages: with SQLite's 2 MB a search of 50,000 entries reads the
    # same ones again at every key.
    cursor.execute("PRAGMA cache_size = -8000")
    cursor.close()


def _leave_syncing_to_us(connection: sqlite3.Connection, _record: object) -> None:
    """For writers: NORMAL differs from FULL in that a commit does not sync the WAL (`Store.write` does).

    https://www.sqlite.org/pragma.html#pragma_synchronous. Where there is no WAL (a file system without shared
    memory) there is nothing to sync after a commit: the first one that finds this out leaves it to SQLite.
    """
    (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    if mode == "wal":
        connection.execute("PRAGMA synchronous = NORMAL")


@contextmanager
def store_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's own errors into sentences for the person; bugs of ours pass through as they are."""
    try:
        yield
    except OperationalError as error:
        raise _known_error(path, error) from error
    except DatabaseError as error:
        if any(words in str(error.orig) for words in ("malformed", "not a database")):
            raise _damaged(path, error) from error
        raise


def _damaged(path: Path, error: Exception) -> StoreError:
    return StoreError(
        ErrorCode.STORE_DAMAGED,
        f"The store {path} is damaged or is not a CardForge file. Move it away to start with an empty one, "
        "or put a copy from the backups folder beside it in its place.",
        {"path": str(path), "cause": str(error)},
    )


def _known_error(path: Path, error: OperationalError) -> Exception:
    cause = str(error.orig)
    if "locked" in cause or "busy" in cause:
        return StoreError(
            ErrorCode.STORE_BUSY,
            f"Another program keeps the store {path} busy. Close it and try again.",
            {"path": str(path), "cause": cause},
        )
    if any(word in cause for word in ("readonly", "full", "unable to open", "disk I/O")):
        return StoreError(
            ErrorCode.STORE_UNWRITABLE,
            f"The store {path} can't be written ({cause}). Check the free space and the permissions there.",
            {"path": str(path), "cause": cause},
        )
    return error
