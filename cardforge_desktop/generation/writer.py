"""The room's one way in: an order becomes a card."""

from __future__ import annotations

from cardforge_desktop.generation.model import Ask, Draft, Order, Watcher


def write_card(order: Order, ask: Ask, watch: Watcher) -> Draft:
    """Write one card the way the engine can: field by field for small models, else in one answer.

    Synchronous and pure but for `ask` and `watch`; the same answers give the same card and the same prompts.

    Raises:
        GenerationError: no usable card came out.
        EngineError: a call failed for good.
    """
    if order.traits.stepwise:
        from cardforge_desktop.generation.stepwise import write_stepwise

        return write_stepwise(order, ask, watch)
    from cardforge_desktop.generation.whole import write_whole

    return write_whole(order, ask, watch)
