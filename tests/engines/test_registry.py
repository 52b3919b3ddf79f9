"""Kinds of engines, and how little their import costs."""

import subprocess
import sys

import pytest

from cardforge_desktop.engines.base import Connection, EngineError
from cardforge_desktop.engines.registry import KINDS, build_engine


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_builds_and_connects_to_nothing(kind: str) -> None:
    connection = Connection("Mine", kind, "http://127.0.0.1:1/v1" if KINDS[kind].needs_url else "", "m")
    assert build_engine(connection).connection == connection


def test_an_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(EngineError, match="builtin, openai") as caught:
        build_engine(Connection("Mine", "carrier-pigeon"))
    assert caught.value.code == "ENGINE_KIND"


def test_engines_are_known_without_their_libraries() -> None:
    program = (
        "import sys, cardforge_desktop.engines.registry as r\n"
        "from cardforge_desktop.engines.base import Connection\n"
        "for kind in r.KINDS: r.build_engine(Connection('x', kind, 'http://h/v1', 'm'))\n"
        "heavy = {'httpx', 'sqlmodel', 'xllamacpp', 'truststore', 'pydantic'} & set(sys.modules)\n"
        "sys.exit(', '.join(heavy) or 0)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
