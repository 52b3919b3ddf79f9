"""One field anew: what the model is asked, what is taken from its answer, what is refused."""

import json
from collections.abc import Sequence

import pytest

from cardforge_desktop.cards.model import Card
from cardforge_desktop.engines.base import FinishReason, Prompt, Sampling, Traits
from cardforge_desktop.generation.model import Answer, GenerationError
from cardforge_desktop.generation.rewriting import FieldOrder, rewrite_field
from tests.generation.conftest import SMALL, RealModel
from tests.generation.orders import profile

CARD = Card(
    name="Mirela",
    description="Mirela keeps the lighthouse on Gannet Rock.",
    first_mes="*{{char}} lifts the lamp.*",
)


class Answers:
    """Gives out answers in order and remembers the prompts."""

    def __init__(self, *answers: str | Answer) -> None:
        self.prompts: list[Prompt] = []
        self.steps: list[str] = []
        self._answers = list(answers)

    def __call__(self, step, prompt, on_text):
        self.steps.append(step)
        self.prompts.append(prompt)
        answer = self._answers.pop(0)
        answer = answer if isinstance(answer, Answer) else Answer(answer, "stop")
        on_text(answer.text[: len(answer.text) // 2])
        on_text(answer.text)
        return answer

    @property
    def words(self) -> str:
        """All that the model was told last."""
        return "\n".join(message.content for message in self.prompts[-1].messages)


def order(field: str = "description", text: str | None = None, **changes) -> FieldOrder:
    values = {
        "card": CARD,
        "field": field,
        "text": getattr(CARD, field) if text is None else text,
        "hint": "older, and colder",
        "source": "The fog took her brother Tobin.",
        "profile": profile(),
        "traits": Traits(),
        "count_tokens": lambda counted: len(counted) // 4 + 1,
    }
    return FieldOrder(**{**values, **changes})


def told(text: str, reason: FinishReason = "stop") -> Answer:
    return Answer(json.dumps({"text": text}), reason)


def test_the_model_sees_the_field_the_hint_the_card_and_the_source():
    answers, seen = Answers(told("Old Mirela keeps the cold lamp.")), []
    assert rewrite_field(order(), answers, seen.append) == "Old Mirela keeps the cold lamp."
    parts = ("older, and colder", CARD.description, "lifts the lamp", "her brother Tobin", "third person")
    assert all(part in answers.words for part in parts)
    assert seen[-1] == "Old Mirela keeps the cold lamp."
    assert answers.prompts[0].schema is not None
    assert answers.steps == ["rewrite:description"]


def test_the_profiles_manner_and_sampling_hold_for_a_field_as_well():
    made = profile(language="Scots", tense="past", sampling={"temperature": 0.4, "top_k": 20, "seed": 7})
    fields = made.prompts.fields | {"description": "Of {character}, {style}, in {max_tokens}."}
    made = made.model_copy(update={"prompts": made.prompts.model_copy(update={"fields": fields})})
    answers = Answers(told("Old Mirela keeps the cold lamp."))
    rewrite_field(order(profile=made), answers, lambda _: None)
    assert "What belongs in it: Of Mirela, the source's own, in 520.\n" in answers.words
    assert "Write in Scots. Tell the narration of the messages in the past tense." in answers.words
    assert answers.prompts[0].sampling == Sampling(temperature=0.4, top_k=20), "no seed"


def test_a_source_too_long_for_the_context_is_cut_and_the_card_stays():
    answers = Answers(told("Anew."))
    source = "\n\n".join(f"Paragraph {number} of many words about the sea." for number in range(2_000))
    rewrite_field(order(source=source, traits=Traits(context_tokens=2_000)), answers, lambda _: None)
    assert "Paragraph 0 " in answers.words
    assert "Paragraph 1999" not in answers.words
    assert "lifts the lamp" in answers.words
    assert len(answers.words) // 4 + answers.prompts[0].max_tokens < 2_000


def test_an_empty_hint_asks_for_another_version():
    answers = Answers(told("Anew."))
    rewrite_field(order(hint=" "), answers, lambda _: None)
    assert "another version" in answers.words


@pytest.mark.parametrize(
    ("field", "bad", "told_why"),
    [
        ("description", "", "it is empty"),
        ("description", CARD.description, "same text again"),
        ("first_mes", "*You nod and say nothing.*", "for {{user}}"),
        ("mes_example", "Mirela: Hm.", "<START>"),
    ],
)  # fmt: skip
def test_a_text_that_fails_its_checks_is_asked_for_again_with_the_reason(field, bad, told_why):
    good = "<START>\n{{user}}: Who?\n{{char}}: Me." if field == "mes_example" else "*The lamp turns.* Good."
    answers = Answers(told(bad), told(good))
    assert rewrite_field(order(field), answers, lambda _: None) == good
    assert told_why in answers.words
    assert answers.steps[1] == f"rewrite:{field}:2"


def test_a_text_cut_at_its_limit_is_asked_for_again():
    answers = Answers(Answer('{"text": "The lamp tur', "length"), told("The lamp turns."))
    assert rewrite_field(order(), answers, lambda _: None) == "The lamp turns."
    assert "longer than asked for" in answers.words


def test_a_greeting_that_speaks_for_the_user_to_the_last_loses_those_sentences():
    bad = told('*The lamp turns.* "Sit." *You nod and say yes.*')
    text = rewrite_field(order("first_mes"), Answers(bad, bad, bad), lambda _: None)
    assert "You nod" not in text
    assert "The lamp turns" in text


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ([told("I'm sorry, I can't write that.")], "REFUSED"),
        ([Answer("", "refusal")], "REFUSED"),
        ([told("")] * 3, "INVALID_ANSWER"),
        ([Answer("{[", "stop")] * 3, "INVALID_ANSWER"),
    ],
)
def test_no_usable_text_is_an_error_with_the_answer(answers: Sequence[Answer], code):
    with pytest.raises(GenerationError) as caught:
        rewrite_field(order(), Answers(*answers), lambda _: None)
    assert caught.value.code == code
    assert caught.value.details["raw_answer"] == answers[-1].text


def test_a_server_that_ignores_the_schema_may_answer_with_the_text_alone():
    assert rewrite_field(order(), Answers("<think>hm</think>Old Mirela."), lambda _: None) == "Old Mirela."


def test_a_small_model_gets_one_short_task_and_answers_in_plain_text():
    answers = Answers("Old Mirela keeps the lamp.")
    assert rewrite_field(order(traits=SMALL), answers, lambda _: None) == "Old Mirela keeps the lamp."
    assert answers.prompts[0].schema is None
    assert len(answers.words) < 500


def test_the_built_in_model_writes_a_field_anew(real_model: RealModel):
    text = rewrite_field(order(traits=SMALL, hint="shorter"), real_model.ask([]), lambda _: None)
    assert text
    assert text != CARD.description
