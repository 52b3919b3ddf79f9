"""The user's preferences, kept in the store so that every face and process sees the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, select

from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.events import Changed, Hub, Kind
from cardforge_desktop.naming import (
    DEFAULT_STEM_BYTES,
    LONGEST_STEM_BYTES,
    SHORTEST_STEM_BYTES,
    NameRules,
    placeholders_in,
)
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.table import Table

MAX_CONCURRENCY = 32
#: The specification's (section 1.1, max_concurrent).
DEFAULT_CONCURRENCY = 3
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
        pattern: what new rows name their files by, a name or a template; "" = as their profile says.
        sanitise_names: ``gandalf_the_grey``; False: ``Gandalf the Grey`` (`naming.NameRules`).
        longest_name: bytes of a file's name without extension.
        keep_awake: the machine does not fall asleep while cards are made.
    """

    output: Path
    theme: Literal["system", "light", "dark"] = "system"
    concurrency: int = DEFAULT_CONCURRENCY
    profile: str = "Default"
    engine: str = "Built-in"
    builtin_model: str = ""
    tokenizer: str = "o200k"
    context: int = 8192
    lint_off: tuple[str, ...] = ()
    user_name: str = "User"
    pattern: str = ""
    sanitise_names: bool = True
    longest_name: int = DEFAULT_STEM_BYTES
    keep_awake: bool = True

    @property
    def name_rules(self) -> NameRules:
        """How names of files are made."""
        return NameRules(self.sanitise_names, self.longest_name)


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
        settings = self._changed(changes)
        with self._store.write() as session:
            told = self._put(session, settings, changes)
        self._hub.changed.emit(told)
        return settings

    def update_within(self, session: Session, **changes: Any) -> Changed:
        """As `update`, in a transaction that somebody else began to write; returns what to announce after it.

        Raises:
            SettingsError: as `update`.
        """
        return self._put(session, self._changed(changes), changes)

    def _changed(self, changes: Mapping[str, Any]) -> Settings:
        settings = self.get()
        for key, value in changes.items():
            settings = _with(settings, key, value)
        return settings

    @staticmethod
    def _put(session: Session, settings: Settings, keys: Iterable[str]) -> Changed:
        stored = asdict(settings)
        for key in keys:
            value = stored[key]
            session.merge(SettingRow(key=key, value=str(value) if isinstance(value, Path) else value))
        return Changed(Kind.SETTING, frozenset(keys))


def _with(settings: Settings, key: str, value: Any) -> Settings:
    """`settings` with one value changed and checked."""
    if key not in _VALID or not _VALID[key](value):
        raise SettingsError(
            ErrorCode.SETTING_INVALID, f"{value!r} is no value for the setting {key!r}.", {"key": key}
        )
    return replace(settings, **{key: _MADE[key](value) if key in _MADE else value})


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _truth(value: Any) -> bool:
    return isinstance(value, bool)


def _whole(least: int, most: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and least <= value <= most


#: Setting → whether a value makes sense.
_VALID: Mapping[str, Callable[[Any], bool]] = {
    "output": lambda value: isinstance(value, str | Path) and bool(str(value).strip()),
    "theme": lambda value: value in ("system", "light", "dark"),
    "concurrency": _whole(1, MAX_CONCURRENCY),
    "profile": _text,
    "engine": _text,
    "builtin_model": _text,
    "tokenizer": _text,
    "context": _whole(1, MAX_CONTEXT),
    "lint_off": lambda value: isinstance(value, list | tuple) and all(map(_text, value)),
    "user_name": _text,
    "pattern": lambda value: _text(value) and all(each.known for each in placeholders_in(value)),
    "sanitise_names": _truth,
    "keep_awake": _truth,
    "longest_name": _whole(SHORTEST_STEM_BYTES, LONGEST_STEM_BYTES),
}
#: What is kept instead of a value.
_MADE: Mapping[str, Callable[[Any], Any]] = {
    "output": lambda value: Path(value).expanduser().absolute(),
    "lint_off": lambda value: tuple(sorted(set(value))),
}
