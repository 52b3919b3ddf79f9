"""The base of every table."""

from sqlalchemy import MetaData
from sqlmodel import SQLModel


class Table(SQLModel):
    """A table of the store; its constraints have names, so that Alembic's batch mode finds them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
