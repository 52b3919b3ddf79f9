"""The shipped model in its own process, one for all tests of a module; what it wrote is kept for all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator

import pytest

from cardforge_desktop.engines.base import Connection, Finished, Prompt, TextPiece, Traits
from cardforge_desktop.engines.builtin import BuiltinEngine
from cardforge_desktop.engines.network import Cancellation, Network
from cardforge_desktop.generation.model import Answer, Ask, Draft, Order
from cardforge_desktop.generation.writer import write_card
from cardforge_desktop.sources.model import SourceText
from tests.generation.orders import Watched, order

#: What the built-in engine is planned with.
SMALL = Traits(context_tokens=4_096, stepwise=True, draft=True, local=True, max_concurrent=1)


#: Each step and what was asked in it, in order.
Asked = list[tuple[str, Prompt]]
#: The card of a source, what was shown on the way, and what was asked.
Written = tuple[Draft, Watched, Asked]


class RealModel:
    """Writes cards with the shipped model; a source is written once however many tests look at its card."""

    def __init__(self, network: Network, engine: BuiltinEngine, written: dict[str, Written]) -> None:
        self._network = network
        self._engine = engine
        self._written = written

    def draft(self, source: SourceText, include_book: bool = False) -> Written:
        """The card of `small_order`, what was shown on the way, and what was asked."""
        key = hashlib.sha256(f"{source.name}{source.text}{include_book}".encode()).hexdigest()
        if key not in self._written:
            asked: Asked = []
            watch = Watched()
            draft = write_card(small_order(source, include_book), self.ask(asked), watch)
            self._written[key] = (draft, watch, asked)
        return self._written[key]

    def ask(self, asked: Asked) -> Ask:
        """The way to the model; `asked` gets what is asked."""

        def ask(step: str, prompt: Prompt, on_text: Callable[[str], None]) -> Answer:
            asked.append((step, prompt))
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


def small_order(source: SourceText, include_book: bool = False) -> Order:
    """What the shipped model is asked for: a card without more greetings."""
    return order(source.text, source.name, source.title, SMALL, include_book=include_book, greetings=0)


@pytest.fixture(scope="session")
def written() -> dict[str, Written]:
    """What the shipped model wrote in this process so far."""
    return {}


@pytest.fixture(scope="module")
def real_model(written: dict[str, Written]) -> Iterator[RealModel]:
    """The shipped model, loaded once for the module, when it is first asked."""
    network = Network()
    engine = BuiltinEngine(Connection("Built-in", "builtin"))
    yield RealModel(network, engine, written)
    network.run(engine.close())
    network.close()
