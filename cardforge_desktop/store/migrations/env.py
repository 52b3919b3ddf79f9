"""Alembic's entry: runs the migrations on the connection that `migrate` hands over."""

from alembic import context

from cardforge_desktop.store.table import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
