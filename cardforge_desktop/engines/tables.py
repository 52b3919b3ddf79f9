"""The table of connections."""

from sqlmodel import Field

from cardforge_desktop.store.table import Table


class ConnectionRow(Table, table=True):
    """How to reach an engine; never holds a key. `Connection` in `base` explains the fields.

    The name is unique without regard to case in any script, which SQLite's NOCASE cannot compare:
    `name_key` is its case-folded form.
    """

    __tablename__ = "connection"

    name_key: str = Field(primary_key=True)
    name: str
    kind: str
    url: str
    model: str
    key_env: str
    max_concurrent: int | None = None
