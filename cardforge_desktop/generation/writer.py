"""The room's one way in: an order becomes a card."""

from __future__ import annotations

import re
from itertools import islice

from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.generation.model import Ask, Draft, GenerationError, Order, Watcher
from cardforge_desktop.generation.schema import wanted_fields, wants_book
from cardforge_desktop.generation.updating import updated

#: Characters that are no blanks. Below it there is nothing to write a card from: a name, a greeting, a word.
_LEAST_CHARACTERS = 12
_NO_BLANK = re.compile(r"\S")


def write_card(order: Order, ask: Ask, watch: Watcher) -> Draft:
    """Write one card the way the engine can: field by field for small models, else in one answer.

    With a target the card is that one, changed in the asked fields only.

    Synchronous and pure but for `ask` and `watch`; the same answers give the same card and the same prompts.

    Raises:
        GenerationError: no usable card came out.
        EngineError: a call failed for good.
    """
    # Looked for one by one: splitting a megabyte would keep every other thread waiting.
    if len(list(islice(_NO_BLANK.finditer(order.source.text), _LEAST_CHARACTERS))) < _LEAST_CHARACTERS:
        raise GenerationError(
            ErrorCode.SOURCE_TOO_SHORT,
            f"{order.source.name}: there is too little text in it for a card. Add some sentences.",
        )
    _refuse_nothing(order)
    draft = _written(order, ask, watch)
    return draft if order.target is None else updated(order, order.target, draft)


def _refuse_nothing(order: Order) -> None:
    """Raises: GenerationError, NOTHING_TO_WRITE."""
    name = order.profile.name
    if wants_book(order) or (wanted_fields(order) and order.profile.type != "lorebook"):
        return
    told = f"The profile “{name}” writes no field at all. Choose another profile."
    if order.fields:
        told = (
            f"The profile “{name}” asks for none of the fields that are to be updated "
            f"({', '.join(order.fields)}). Choose another profile or other fields."
        )
    elif order.profile.type == "lorebook":
        told = f"The profile “{name}” makes a lorebook, and the book is switched off. Switch it on."
    raise GenerationError(ErrorCode.NOTHING_TO_WRITE, told)


def _written(order: Order, ask: Ask, watch: Watcher) -> Draft:
    if order.traits.stepwise:
        from cardforge_desktop.generation.stepwise import write_stepwise

        return write_stepwise(order, ask, watch)
    from cardforge_desktop.generation.whole import write_whole

    return write_whole(order, ask, watch)
