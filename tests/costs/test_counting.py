"""What a call may take at most is never less than what we count of it; what nobody did costs nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.costs.counting import counted_usage, most_tokens, usage_of
from cardforge_desktop.engines.base import EngineError, Message, Prompt, Usage
from cardforge_desktop.errors import ErrorCode

MODELS = ("gpt-4o-mini", "anthropic/claude-sonnet-4", "gemini-2.5-flash", "some/other-model")
PROMPT = Prompt((Message("user", "Write."),), 100)
#: Also halves of pairs, as files may hold them.
TEXTS = st.text(st.characters(exclude_categories=()), max_size=200)


@given(st.lists(TEXTS, max_size=3), TEXTS, st.integers(1, 300), st.sampled_from(MODELS))
def test_a_count_stays_within_what_was_held(
    texts: list[str], answer: str, max_tokens: int, model: str
) -> None:
    schema = {"type": "object", "title": answer[:9]}
    prompt = Prompt(tuple(Message("user", text) for text in texts), max_tokens, schema)
    read, written = most_tokens(prompt, model)
    counted = counted_usage(prompt, answer, model)
    assert counted.input_tokens <= read
    assert counted.output_tokens <= written == max_tokens


def test_of_a_model_that_nobody_knows_each_byte_may_be_a_token() -> None:
    text = "Die Laterne, 灯笼, фонарь"
    (held, _), (known, _) = (
        most_tokens(Prompt((Message("user", text),), 1), model) for model in (MODELS[3], MODELS[0])
    )
    assert held >= len(text.encode()) > known


@pytest.mark.parametrize(
    ("code", "reason", "taken"),
    [
        (ErrorCode.ENGINE_RATE_LIMITED, "", Usage(0, 0)),
        (ErrorCode.ENGINE_UNREACHABLE, "ConnectError", Usage(0, 0)),
        (ErrorCode.ENGINE_TIMEOUT, "ConnectTimeout", Usage(0, 0)),
        # The server has the question, and may have answered it.
        (ErrorCode.ENGINE_UNREACHABLE, "ReadError", None),
        (ErrorCode.ENGINE_TIMEOUT, "", None),
        (ErrorCode.ENGINE_STREAM_CUT, "", None),
    ],
)
def test_only_what_no_server_worked_on_is_known_to_cost_nothing(
    code: ErrorCode, reason: str, taken: Usage | None
) -> None:
    error = EngineError(code, "It failed.", {"reason": reason} if reason else {})
    assert usage_of(PROMPT, MODELS[0], "", None, error) == (taken, taken is not None)
    counted, by_us = usage_of(PROMPT, MODELS[0], "An answer, half of it", None, error)
    assert by_us
    assert counted is not None
    assert counted.output_tokens > 0
    assert usage_of(PROMPT, MODELS[0], "text", Usage(7, 8), error) == (Usage(7, 8), False)
    # A report of zeros, or of what was read alone, does not make an answer free.
    assert usage_of(PROMPT, MODELS[0], "An answer, half of it", Usage(0, 0)) == (counted, True)
    part = Usage(7, counted.output_tokens, cached_tokens=5)
    assert usage_of(PROMPT, MODELS[0], "An answer, half of it", Usage(7, 0, cached_tokens=5)) == (part, True)
