"""The migrations make exactly the tables that the slices declare."""

import json
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command, op
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import StaticPool, create_engine
from sqlmodel import select

import cardforge_desktop.batches.tables
import cardforge_desktop.books.tables
import cardforge_desktop.cards.tables
import cardforge_desktop.costs.tables
import cardforge_desktop.engines.tables
import cardforge_desktop.profiles.tables
import cardforge_desktop.settings  # noqa: F401  # each import declares its tables
from cardforge_desktop.batches.tables import BatchRow, ItemRow, ItemSourceRow
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.search import CardQuery, CardSearch
from cardforge_desktop.cards.service import CardLibrary
from cardforge_desktop.costs.ledger import Spending, sum_calls
from cardforge_desktop.costs.sums import Spendings
from cardforge_desktop.costs.tables import CallRow
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.events import Hub
from cardforge_desktop.profiles.model import FIELD_NAMES
from cardforge_desktop.profiles.service import Profiles, base_of
from cardforge_desktop.store.database import Store, StoreError
from cardforge_desktop.store.migrate import MIGRATIONS, NEWEST, migrate
from cardforge_desktop.store.table import Table

TIME = "2026-11-01 12:00:00.000000"


def test_the_newest_script_is_the_one_the_app_works_with() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [NEWEST]


def test_migrations_and_declared_tables_agree(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.db")
    migrate(store)
    with store.engine.connect() as connection:
        differences = compare_metadata(
            MigrationContext.configure(connection, opts={"include_name": _is_no_index}), Table.metadata
        )
    store.close()
    assert differences == []


def test_names_are_compared_as_the_tables_declare(tmp_path: Path) -> None:
    """Alembic's comparison does not see it, and a table that is made anew loses it."""
    store = Store(tmp_path / "store.db")
    migrate(store)
    declared = {
        (table.name, column.name)
        for table in Table.metadata.tables.values()
        for column in table.columns
        if getattr(column.type, "collation", None) == "NOCASE"
    }
    assert declared
    with store.engine.connect() as connection:
        for table, column in declared:
            made = connection.exec_driver_sql(
                "SELECT sql FROM sqlite_master WHERE name = ?", (table,)
            ).scalar()
            assert f'{column} VARCHAR COLLATE "NOCASE"' in str(made), made
    store.close()


def _is_no_index(name: str | None, kind: str, _parents: object) -> bool:
    """FTS5 keeps its index in tables of its own."""
    return kind != "table" or not str(name).startswith(("card_search", "book_search"))


def upgrade(connection: sqlite3.Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    with engine.connect() as migrated:
        config.attributes["connection"] = migrated
        command.upgrade(config, revision)
        migrated.commit()


def queued_item(connection: sqlite3.Connection, number: int, **more: object) -> None:
    """An item of the third version or an older one, waiting in the batch ``batch_1``."""
    item = {
        **{"id": f"item_{number}", "batch_id": "batch_1", "job_id": f"job_{number}", "position": number},
        **{"source_name": "a.md", "source_path": "", "avatar_path": "", "profile_id": "p", "profile": "P"},
        **{"profile_version": 1, "engine": "E", "local": 1, "formats": "[]", "include_book": 0, "run": 1},
        **{"output": "/out", "pattern": "default", "status": "queued", "stage": "", "attempts": 0},
        **{"worker_id": "", "estimate_exact": 0, "warnings": "[]", "hidden": 0},
        **more,
    }
    places = ", ".join("?" * len(item))
    connection.execute(f"INSERT INTO item ({', '.join(item)}) VALUES ({places})", tuple(item.values()))


def test_the_queue_of_the_second_version_goes_on(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection, connection:
        upgrade(connection, "0002")
        connection.execute("INSERT INTO batch VALUES ('batch_1', 'queued', '', ?, NULL, NULL)", (TIME,))
        queued_item(connection, 1)
    store = Store(tmp_path / "store.db")
    migrate(store)
    with store.read() as session:
        (row,) = session.exec(select(ItemRow)).all()
        assert (row.id, row.status, row.target_name, row.fields) == ("item_1", "queued", "", [])
        assert row.target is None
        assert session.connection().exec_driver_sql("PRAGMA foreign_key_check").all() == []
    store.close()


def test_items_of_the_third_version_keep_their_sources_and_their_order(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection, connection:
        upgrade(connection, "0003")
        for batch in ("batch_1", "batch_2"):
            connection.execute("INSERT INTO batch VALUES (?, 'queued', '', ?, NULL, NULL)", (batch, TIME))
        connection.execute(
            "INSERT INTO source VALUES ('abc', 'a.md', 'markdown', 'Text', '', '[]', '', '[]')"
        )
        queued_item(connection, 2, source_name="b.md", source_path="/in/b.md")
        queued_item(connection, 1, source="abc")
    store = Store(tmp_path / "store.db")
    migrate(store)
    with store.read() as session:
        items = {row.id: row.rank for row in session.exec(select(ItemRow))}
        assert items == {"item_1": 1, "item_2": 2}
        sources = session.exec(select(ItemSourceRow).order_by(ItemSourceRow.item_id)).all()
        found = [(row.item_id, row.place, row.name, row.path, row.source) for row in sources]
        assert found == [("item_1", 1, "a.md", "", "abc"), ("item_2", 1, "b.md", "/in/b.md", None)]
        batches = session.exec(select(BatchRow).order_by(BatchRow.rank)).all()
        assert [(row.id, row.priority, row.continue_on_error) for row in batches] == [
            ("batch_1", "standard", True),
            ("batch_2", "standard", True),
        ]
        assert session.connection().exec_driver_sql("PRAGMA foreign_key_check").all() == []
    store.close()


def first_store(path: Path, cards: int) -> None:
    """A store as the first version of the app left it, with cards and their files."""
    with closing(sqlite3.connect(path)) as connection, connection:
        upgrade(connection, "0001")
        time = "2026-11-01 12:00:00.000000"
        connection.execute("INSERT INTO image VALUES ('abc', x'00')")
        for number in range(cards):
            data = json.dumps(CARD | {"name": f"Mirela {number}"})
            made = ("Rich prose", 1, "Built-in", 1, "küste.md", "batch_1", f"item_{number}")
            row = (f"card_{number}", f"Mirela {number}", 1, data, "abc", time, time, *made)
            connection.execute(f"INSERT INTO card VALUES ({', '.join('?' * 14)})", row)
            revision = (f"card_{number}", 1, data, time, "generated")
            connection.execute("INSERT INTO card_revision VALUES (?, ?, ?, ?, ?)", revision)
            file = (f"/out/{number}.json", f"card_{number}", "json", "123", time)
            connection.execute("INSERT INTO card_file VALUES (?, ?, ?, ?, ?)", file)


CARD = {
    "description": "Keeps the lighthouse. 霧島の灯台守",
    "tags": ["sea", "OC"],
    "alternate_greetings": ["Mind the step."],
    "creator_notes_multilingual": {"de": "Entwurf"},
    "character_book": {"name": "Coast", "entries": [{"keys": ["whale oil"], "content": "The lamp burns."}]},
    "x_mood": {"deep": [None]},
}


def test_cards_of_the_first_version_come_along_and_are_found(tmp_path: Path) -> None:
    first_store(tmp_path / "store.db", 3)
    store = Store(tmp_path / "store.db")
    migrate(store)
    library, search = CardLibrary(store, Hub()), CardSearch(store)
    for words in (
        "lighthouse",
        "Mirela 2 step",
        "Entwurf",
        "whale oil lamp",
        "灯台",
        "KÜSTE rich",
        "coast sea",
    ):
        found = {card.id for card in search.cards(CardQuery(text=words))}
        assert "card_2" in found, words
    stored = library.card("card_1")
    assert stored.card == Card.model_validate(CARD | {"name": "Mirela 1"})
    assert stored.summary.tags == ("sea", "OC")
    assert stored.summary.files == (("json", Path("/out/1.json")),)
    assert not stored.summary.out_of_date
    assert stored.summary.permanent_tokens is None
    library.catch_up()
    assert library.card("card_1").summary.permanent_tokens
    with store.read() as session:
        assert session.connection().exec_driver_sql("PRAGMA foreign_key_check").all() == []
    edited = CardPackage(stored.card.model_copy(update={"description": "Sails"}))
    library.save("card_1", edited, stored.version)
    assert [card.id for card in search.cards(CardQuery(text="lighthouse 1"))] == []
    assert [card.id for card in search.cards(CardQuery(text="sails"))] == ["card_1"]
    assert library.revision("card_1", 1).card == stored.card
    store.close()


#: A profile's settings and words as the fifth version kept them.
OLD_CONFIG = {
    "fields": {
        "name": {"write": True, "instruction": "The name.", "max_tokens": 30, "min_words": 1},
        "tags": {"write": False, "instruction": "Tags, {{char}}.", "max_tokens": 60, "min_words": 0},
    },
    "book": {"include": True, "max_entries": 8, "max_tokens": 140, "instruction": "Places."},
    "greetings": 2,
    "temperature": 0.8,
    "language": "German",
    "formats": ["json", "tavernai"],
    "naming_pattern": "versioned",
}
OLD_PROMPTS = {"system": "You write.", "task": "{source} {fields}"}


def store_of_the_fifth_version(path: Path) -> None:
    """With a profile in two versions, an item that waits with the first, and three cards."""
    with closing(sqlite3.connect(path)) as connection, connection:
        upgrade(connection, "0005")
        connection.execute("INSERT INTO profile VALUES ('profile_default', 'Default', 2, ?)", (TIME,))
        for version, greetings in ((1, 2), (2, 5)):
            config = json.dumps(OLD_CONFIG | {"greetings": greetings})
            row = ("profile_default", version, "Default", config, json.dumps(OLD_PROMPTS), TIME)
            connection.execute("INSERT INTO profile_version VALUES (?, ?, ?, ?, ?, ?)", row)
        connection.execute("INSERT INTO image VALUES ('abc', x'00')")
        columns = [row[1] for row in connection.execute("PRAGMA table_info(card)")]
        for number, (profile, version) in enumerate([("Default", 1), ("default", 2), ("Gone", 1)], 1):
            card = dict.fromkeys(columns, 0) | {
                **{"id": f"card_{number}", "name": "Mirela", "data": json.dumps(CARD), "avatar": "abc"},
                **{"created_at": TIME, "updated_at": TIME, "profile": profile, "profile_version": version},
                **{"item_id": f"item_{number}", "engine": "E", "source": "a.md", "batch_id": "batch_1"},
                **{name: None for name in ("deleted_at", "permanent_tokens") if name in columns},
            }
            places = ", ".join("?" * len(columns))
            connection.execute(f"INSERT INTO card VALUES ({places})", tuple(card[name] for name in columns))


def test_profiles_of_the_fifth_version_come_along_with_every_version(tmp_path: Path) -> None:
    store_of_the_fifth_version(tmp_path / "store.db")
    store = Store(tmp_path / "store.db")
    migrate(store)
    profiles = Profiles(store, Hub(), "ana, window")
    newest = profiles.get("profile_default")
    assert (newest.version, newest.config.greetings, newest.updated_by) == (2, 5, "CardForge")
    first = profiles.at("profile_default", 1)
    assert first.config.greetings == 2
    assert first.config.sampling.temperature == 0.8
    assert (first.config.language, first.config.naming_pattern) == ("German", "versioned")
    assert first.config.formats == ("json", "tavernai")
    assert tuple(first.config.fields) == FIELD_NAMES
    assert (first.config.fields["name"].max_tokens, first.config.fields["tags"].write) == (30, False)
    assert (first.prompts.fields["name"], first.prompts.fields["tags"]) == ("The name.", "Tags, {{char}}.")
    assert (first.prompts.book, first.prompts.system) == ("Places.", "You write.")
    assert [each.reason for each in profiles.history("profile_default")] == ["shipped", "shipped"]
    with store.read() as session:
        assert session.connection().exec_driver_sql("PRAGMA foreign_key_check").all() == []
    store.close()


def test_a_shipped_profile_of_the_fifth_version_is_renewed_and_can_be_changed(tmp_path: Path) -> None:
    store_of_the_fifth_version(tmp_path / "store.db")
    store = Store(tmp_path / "store.db")
    migrate(store)
    profiles = Profiles(store, Hub(), "ana, window")
    profiles.add_shipped()
    renewed = profiles.get("profile_default")
    assert (renewed.version, renewed.type) == (3, "character")
    assert profiles.at("profile_default", 2).config.greetings == 5
    mine = renewed.content.model_copy(update={"description": "Mine"})
    profiles.save(renewed.id, mine, base_of(renewed))
    profiles.add_shipped()
    assert profiles.get("profile_default").content == mine, "what somebody made their own is left alone"
    profiles.delete("profile_default")
    default = profiles.create(mine)
    assert default.name == "Default", "the name of a deleted one is free"
    store.close()


def test_cards_and_calls_of_the_fifth_version_are_counted_at_their_profile(tmp_path: Path) -> None:
    store_of_the_fifth_version(tmp_path / "store.db")
    # The last ones no version wrote, but for the one of a provider that reported a trillion tokens.
    costs = ["0.0123", "1.000000000001", None, "0", "2E-7", "30000000", "NaN", "", "cheap"]
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection, connection:
        for number, cost in enumerate(costs):
            tokens = (None, None) if cost is None else (1_000, 50)
            call = (f"call_{number}", TIME, TIME, "batch_1", "item_1", "w", 1, "card", "d", "E", "m", 0)
            call += ("completed", *tokens, None, None, cost, "table", "", "stop", None)
            connection.execute(f"INSERT INTO call VALUES ({', '.join('?' * 22)})", call)
    store = Store(tmp_path / "store.db")
    migrate(store)
    assert CardSearch(store).made_with("profile_default") == {2: 1, 1: 1}
    with store.read() as session:
        plain = sum_calls(session.exec(select(CallRow)).all())
    assert plain == Spending(9, 8_000, 400, Decimal("1.012300200001"), 5)
    assert Spendings(store).total() == plain
    store.close()


def test_a_store_that_can_not_be_copied_stays_as_it_is_and_says_why(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    first_store(path, 1)
    (tmp_path / "backups").write_text("no folder")
    store = Store(path)
    with pytest.raises(StoreError) as caught:
        migrate(store)
    store.close()
    assert caught.value.code == ErrorCode.STORE_UNWRITABLE
    assert "backups" in caught.value.message
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]


def test_a_migration_that_breaks_off_leaves_the_store_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "store.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        upgrade(connection, "0003")
        connection.execute("INSERT INTO batch VALUES ('batch_1', 'queued', '', ?, NULL, NULL)", (TIME,))
        queued_item(connection, 1, source_path="/in/a.md")
    real = op.execute

    def breaks_off(statement: str) -> None:
        if statement.startswith("DROP TABLE"):
            raise KeyboardInterrupt
        real(statement)

    monkeypatch.setattr(op, "execute", breaks_off)
    store = Store(path)
    with pytest.raises(KeyboardInterrupt):
        migrate(store)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0003",)]
        assert connection.execute("SELECT source_path FROM item").fetchall() == [("/in/a.md",)]
    monkeypatch.undo()
    migrate(store)
    with store.read() as session:
        assert session.exec(select(ItemSourceRow.path)).all() == ["/in/a.md"]
    store.close()


def test_the_names_of_entries_that_are_there_already_are_found(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "store.db")
    upgrade(connection, "0008")
    told = (7, "b1 b1enabled", "lantern guild", "guild\noath", "those who keep the light")
    for index in ("book_entry_text(number", "book_search(rowid"):
        connection.execute(f"INSERT INTO {index}, about, name, keys, content) VALUES (?, ?, ?, ?, ?)", told)
    connection.commit()
    upgrade(connection, "0009")

    def found(word: str) -> list[int]:
        rows = connection.execute(
            "SELECT rowid FROM book_search_names WHERE book_search_names MATCH ?", (word,)
        )
        return [number for (number,) in rows]

    assert found("lan*") == found("{keys} : oath") == found("{about} : b1") == [7]
    assert found("light") == []
    connection.execute("DELETE FROM book_entry_text")
    assert found("lan*") == []
    for index in ("book_search", "book_search_names"):
        connection.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")
    connection.close()
