"""The one SQLite file: connections, migrations, durable files. No rules of the domain here."""
