"""The kinds of engines there are. A new wire format is one module and one entry here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cardforge_desktop.engines.base import Connection, Engine, EngineError
from cardforge_desktop.errors import ErrorCode

Key = Callable[[], str | None]


@dataclass(frozen=True, slots=True)
class EngineKind:
    """One kind of engine.

    Attributes:
        label: what people call it.
        needs_url: a connection of this kind has a base URL and a model id.
        build: makes the engine; imports what it needs only then.
    """

    label: str
    needs_url: bool
    build: Callable[[Connection, Key], Engine]


def build_engine(connection: Connection, key: Key = lambda: None) -> Engine:
    """The engine behind a connection; it does nothing until its first call.

    Args:
        key: asked for the API key when one is needed; it may block, it is not called on the event loop.

    Raises:
        EngineError: ENGINE_KIND, this version does not know the connection's kind.
    """
    return kind_of(connection.kind).build(connection, key)


def kind_of(name: str) -> EngineKind:
    """The kind a connection names.

    Raises:
        EngineError: ENGINE_KIND, there is none of that name.
    """
    try:
        return KINDS[name]
    except KeyError:
        known = ", ".join(KINDS)
        text = f"There is no kind of engine named “{name}”. There are: {known}."
        raise EngineError(ErrorCode.ENGINE_KIND, text, {"kind": name}) from None


def _builtin(connection: Connection, _key: Key) -> Engine:
    from cardforge_desktop.engines.builtin import BuiltinEngine

    return BuiltinEngine(connection)


def _openai(connection: Connection, key: Key) -> Engine:
    from cardforge_desktop.engines.openai import OpenAIEngine

    return OpenAIEngine(connection, key)


KINDS: Mapping[str, EngineKind] = {
    "builtin": EngineKind("Built-in (llama.cpp, on this machine)", needs_url=False, build=_builtin),
    "openai": EngineKind("OpenAI-compatible server", needs_url=True, build=_openai),
}
