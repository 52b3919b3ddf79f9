"""Does the profile fit the model, with a source beside it?"""

from __future__ import annotations

from collections.abc import Iterator

from cardforge_desktop.profiles.budget import room
from cardforge_desktop.profiles.rules.subject import Subject, Verdict, error, warning
from cardforge_desktop.profiles.validation import FindingCode

#: Tokens for the source: about four pages. With less, most sources are made into notes before.
LITTLE_ROOM = 1_500


def context_has_room(subject: Subject) -> Iterator[Verdict]:
    """Of the engine the profile names, else of the one that is chosen in the app.

    Where the profile names none it is only warned: that another one is chosen later is not its fault. Small
    models write sentence by sentence and are not measured so.
    """
    around, named = subject.around, subject.content.config.engine
    own = around.engine_named(named)
    engine = own or around.engine_named(around.engine)
    traits = around.engines.get(engine) if engine else None
    if traits is None or traits.stepwise:
        return
    left = room(subject.content, traits.context_tokens, around.count)
    verdict = error if own else warning
    if left.source <= 0:
        told = (
            f"The prompt with about {left.prompt:,} tokens and the answer with up to {left.answer:,} do not "
            f"fit the {traits.context_tokens:,} tokens of “{engine}”. Shorten the fields, or choose another "
            "engine."
        )
        yield verdict("config.engine", told, FindingCode.OVER_CONTEXT)
    elif left.source < LITTLE_ROOM:
        told = (
            f"Only about {left.source:,} of the {traits.context_tokens:,} tokens of “{engine}” are left for "
            "the source; longer ones are made into notes first. Shorten the fields, or choose another engine."
        )
        yield warning("config.engine", told, FindingCode.LITTLE_ROOM)
