"""Prompts a model of a hundred million weights can follow: one small rewriting task each, shown by example.

Measured on SmolLM2-135M: asked to invent or to summarise it makes things up; asked to rewrite two or three
sentences at a low temperature it keeps their facts. Its examples are about people of no source, and
`EXAMPLE_WORDS` lets a check find what was copied from them.
"""

from __future__ import annotations

from dataclasses import replace

from cardforge_desktop.engines.base import Message, Prompt, Sampling
from cardforge_desktop.generation.sentences import split_sentences

_AS_SPOKEN = (
    ("Anna bakes bread in the valley of Orrin.", "I bake bread in the valley of Orrin."),
    ("Tom was honest, slow and afraid of thunder.", "I was honest, slow and afraid of thunder."),
    ("Anna never told her mother why she hid the goat.", "I never told my mother why I hid the goat."),
    (
        "Tom distrusts the miller and keeps his boots under the floor.",
        "I distrust the miller and keep my boots under the floor.",
    ),
)
_AS_TOLD = (
    (
        "I bake bread in the valley of Orrin, and I am slow.",
        "{name} bakes bread in the valley of Orrin, and is slow.",
    ),
    ("I have a bad goat.", "{name} has a bad goat."),
    (
        "I bake bread in the valley of Orrin. I am afraid of thunder because it killed my goat.",
        "{name} bakes bread in the valley of Orrin. {name} is afraid of thunder because it killed the goat.",
    ),
)
_QUESTIONS = (
    ("I bake bread in the valley of Orrin.", "What do you bake in the valley of Orrin?"),
    ("I am afraid of thunder because it killed my goat.", "Why are you afraid of thunder?"),
    ("I hide my boots under the floor.", "Where do you hide your boots?"),
    ("I am honest and I hate mice.", "Are you honest?"),
)
#: Distinct words of the examples; in an answer whose source lacks them they were copied.
EXAMPLE_WORDS = frozenset({"anna", "orrin", "bread", "goat", "thunder", "miller", "tom", "boots", "mice"})
_KEEP = "You rewrite notes. Keep every fact. Add nothing."


def retell(notes: str, attempt: int, max_tokens: int) -> Prompt:
    """The same facts once more in plain sentences.

    Without a repeat penalty: it also punishes the words of the prompt, which are the facts (1.05 loses a
    quarter of them). Loops are found by the checks.
    """
    task = f"Rewrite these notes in clear sentences. Use the same facts and add nothing.\n\n{notes}"
    messages = (Message("system", _KEEP), Message("user", task))
    return _prompt(messages, attempt, max_tokens, repeat_penalty=1.0, stop=("\n\nRewrite",))


def repeat(notes: str, attempt: int, max_tokens: int) -> Prompt:
    """The same sentences once more, begun with their first words: for speech and what no retelling held."""
    messages = [Message("user", f"Repeat this text word for word:\n\n{notes}")]
    if begun := _first_words(notes):
        messages.append(Message("assistant", begun))
    return _prompt(tuple(messages), attempt, max_tokens, repeat_penalty=1.0)


def _first_words(notes: str) -> str:
    """Two words an answer is begun with; "" where they hold a sentence: that would pass for an answer."""
    begun = " ".join(notes.split()[:2])
    return begun if " " in begun and len(split_sentences(f"{begun} I")) == 1 else ""


def as_spoken(fact: str, attempt: int) -> Prompt:
    """A fact that begins with the character's name, in their own mouth; the answer is begun with "I"."""
    prompt = _shown(
        [(f"Write it with I: {said}", answer) for said, answer in _AS_SPOKEN],
        f"Write it with I: {fact}",
        attempt,
        70,
    )
    return replace(prompt, messages=(*prompt.messages, Message("assistant", "I")))


def as_told(name: str, fact: str, attempt: int) -> Prompt:
    """What the character tells of themselves, in the third person."""
    task = "Rewrite in the third person, with {name} instead of I: {fact}"
    shots = [(task.format(name=name, fact=said), answer.format(name=name)) for said, answer in _AS_TOLD]
    return _shown(shots, task.format(name=name, fact=fact), attempt, 140)


def question(answer: str, attempt: int, begun: str = "") -> Prompt:
    """What a visitor could have asked to be answered so; `begun` starts the question for the model."""
    task = "Write the question to this answer.\nAnswer: {answer}"
    shots = [(task.format(answer=said), asked) for said, asked in _QUESTIONS]
    prompt = _shown(shots, task.format(answer=answer), attempt, 40)
    return replace(prompt, messages=(*prompt.messages, Message("assistant", begun))) if begun else prompt


def imagine(name: str, asked: str, facts: str, attempt: int, max_tokens: int) -> Prompt:
    """For sources too thin to retell: a free answer about the character, begun for the model."""
    messages = (
        Message("system", "You describe a character from notes. Use the words of the notes. Be brief."),
        Message("user", f"Notes: {facts}\n\n{asked} Answer in two sentences."),
        Message("assistant", f"{name} is"),
    )
    sampling = Sampling(temperature=0.3 + 0.15 * attempt, repeat_penalty=1.1, seed=_seed(attempt))
    return Prompt(messages, max_tokens, sampling=sampling)


def choose_tags(facts: str, words: tuple[str, ...], count: int) -> Prompt:
    """Tags picked from words of the source: the schema admits no others."""
    schema = {
        "type": "array",
        "items": {"enum": list(words)},
        "minItems": min(3, len(words)),
        "maxItems": count,
    }
    messages = (
        Message(
            "user", f"{facts}\n\nChoose {count} different tags for this character as a JSON list of words."
        ),
    )
    return Prompt(
        messages,
        16 * count + 40,
        schema=schema,
        schema_name="tags",
        sampling=Sampling(temperature=0.3, repeat_penalty=1.1, seed=_seed(0)),
    )


def _shown(shots: list[tuple[str, str]], task: str, attempt: int, max_tokens: int) -> Prompt:
    shown = [(Message("user", asked), Message("assistant", answer)) for asked, answer in shots]
    messages = [message for pair in shown for message in pair]
    return _prompt((*messages, Message("user", task)), attempt, max_tokens)


def _prompt(
    messages: tuple[Message, ...],
    attempt: int,
    max_tokens: int,
    repeat_penalty: float = 1.05,
    stop: tuple[str, ...] = (),
) -> Prompt:
    """A first try nearly greedy; each further one a little freer, from another seed."""
    sampling = Sampling(temperature=0.1 + 0.2 * attempt, repeat_penalty=repeat_penalty, seed=_seed(attempt))
    return Prompt(messages, max_tokens, sampling=sampling, stop=stop)


def _seed(attempt: int) -> int:
    return 11 + 101 * attempt
