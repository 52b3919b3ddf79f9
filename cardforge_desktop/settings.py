"""The user's preferences, kept in the store so that every face and process sees the same."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, cast

from sqlalchemy import JSON, Column
from sqlmodel import Field, select

from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.events import Changed, Hub, Kind
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.table import Table

MAX_CONCURRENCY = 32
#: Tokens; no model of today knows more.
MAX_CONTEXT = 10_000_000


@dataclass(frozen=True, slots=True)
class Settings:
    """All preferences.

    Attributes:
        output: where the window writes finished cards.
        concurrency: generations at once, 1..32.
        profile, engine: what new rows of the queue start with.
        builtin_model: path of a .gguf for the built-in engine, "" = the shipped model.
        tokenizer: name of the one that the editor counts with (`tokens.TOKENIZERS`).
        context: tokens of the model that cards are meant for: what the editor's token bar measures against.
        lint_off: ids of the lint rules that are switched off.
        user_name: what previews put for {{user}}.
    """

    output: Path
    theme: Literal["system", "light", "dark"] = "system"
    concurrency: int = 3
    profile: str = "Default"
    engine: str = "Built-in"
    builtin_model: str = ""
    tokenizer: str = "o200k"
    context: int = 8192
    lint_off: tuple[str, ...] = ()
    user_name: str = "User"


class SettingRow(Table, table=True):
    """One preference that differs from its default."""

    __tablename__ = "setting"

    key: str = Field(primary_key=True)
    value: Any = Field(sa_column=Column(JSON, nullable=False))


class SettingsError(CardForgeError):
    """A preference that can't be. Code: SETTING_INVALID."""


class Preferences:
    """Reads and changes the settings. Thread-safe."""

    def __init__(self, store: Store, hub: Hub, default_output: Path) -> None:
        self._store = store
        self._hub = hub
        self._defaults = Settings(output=default_output)

    def get(self) -> Settings:
        """The settings in force; a stored value that no longer makes sense counts as not set."""
        with self._store.read() as session:
            stored = {row.key: row.value for row in session.exec(select(SettingRow))}
        settings = self._defaults
        for field in fields(Settings):
            if field.name in stored:
                try:
                    settings = _with(settings, field.name, stored[field.name])
                except SettingsError:
                    continue
        return settings

    def update(self, **changes: Any) -> Settings:
        """Change some settings, by field name.

        Raises:
            SettingsError: an unknown name or a value out of range; nothing is changed then.
        """
        settings = self.get()
        for key, value in changes.items():
            settings = _with(settings, key, value)
        stored = asdict(settings)
        with self._store.write() as session:
            for key in changes:
                value = stored[key]
                session.merge(SettingRow(key=key, value=str(value) if isinstance(value, Path) else value))
        self._hub.changed.emit(Changed(Kind.SETTING, frozenset(changes)))
        return settings


def _with(settings: Settings, key: str, value: Any) -> Settings:
    """`settings` with one value changed and checked."""
    if key == "output" and isinstance(value, str | Path) and str(value).strip():
        return replace(settings, output=Path(value).expanduser().absolute())
    if key == "concurrency" and type(value) is int and 1 <= value <= MAX_CONCURRENCY:
        return replace(settings, concurrency=value)
    if key == "theme" and value in ("system", "light", "dark"):
        return replace(settings, theme=cast("Literal['system', 'light', 'dark']", value))
    if key == "context" and type(value) is int and 1 <= value <= MAX_CONTEXT:
        return replace(settings, context=value)
    if key == "lint_off" and isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
        return replace(settings, lint_off=tuple(sorted(set(value))))
    if key in ("profile", "engine", "builtin_model", "tokenizer", "user_name") and isinstance(value, str):
        return replace(settings, **cast("dict[str, Any]", {key: value}))
    raise SettingsError(
        ErrorCode.SETTING_INVALID, f"{value!r} is no value for the setting {key!r}.", {"key": key}
    )
