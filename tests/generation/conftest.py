"""The shipped model in its own process, one for all tests of a worker."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator

import pytest

from cardforge_desktop.engines.base import Connection, Finished, Prompt, TextPiece, Traits
from cardforge_desktop.engines.builtin import BuiltinEngine
from cardforge_desktop.engines.network import Cancellation, Network
from cardforge_desktop.generation.model import Answer, Ask, Draft
from cardforge_desktop.generation.writer import write_card
from cardforge_desktop.sources.model import SourceText
from tests.generation.orders import Watched, order

#: What the built-in engine is planned with.
SMALL = Traits(context_tokens=4_096, stepwise=True, draft=True, local=True, max_concurrent=1)


class RealModel:
    """Writes cards with the shipped model; a source is written once however many tests look at its card."""

    def __init__(self, network: Network, engine: BuiltinEngine) -> None:
        self._network = network
        self._engine = engine
        self._drafts: dict[str, tuple[Draft, Watched, int]] = {}

    def draft(self, source: SourceText, include_book: bool = False) -> tuple[Draft, Watched, int]:
        """The card, what was shown on the way, and the number of calls."""
        key = hashlib.sha256(f"{source.name}{source.text}{include_book}".encode()).hexdigest()
        if key not in self._drafts:
            calls: list[str] = []
            watch = Watched()
            wish = order(
                source.text, source.name, source.title, SMALL, include_book=include_book, greetings=0
            )
            self._drafts[key] = (write_card(wish, self.ask(calls), watch), watch, len(calls))
        return self._drafts[key]

    def ask(self, calls: list[str]) -> Ask:
        """The way to the model; `calls` gets the steps."""

        def ask(step: str, prompt: Prompt, on_text: Callable[[str], None]) -> Answer:
            calls.append(step)
            assert len(json.dumps([message.content for message in prompt.messages])) < 8_000
            text = ""
            for piece in self._network.stream(self._engine.stream(prompt), Cancellation()):
                if isinstance(piece, TextPiece):
                    text += piece.text
                    on_text(text)
                elif isinstance(piece, Finished):
                    return Answer(text, piece.reason)
            raise AssertionError("the answer did not end")

        return ask


@pytest.fixture(scope="module")
def real_model() -> Iterator[RealModel]:
    """The shipped model, loaded once for the module."""
    network = Network()
    engine = BuiltinEngine(Connection("Built-in", "builtin"))
    yield RealModel(network, engine)
    network.run(engine.close())
    network.close()
