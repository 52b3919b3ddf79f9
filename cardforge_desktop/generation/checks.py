"""What may not stand in a card, told in sentences a model can act on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from cardforge_desktop.cards.user_acting import acts_of_user
from cardforge_desktop.generation.sentences import FUNCTION_WORDS, split_sentences, term, terms, words

_REFUSAL = re.compile(
    r"(?i)^\W*(?:(?:i['’]m|i am)\s+(?:very\s+)?sorry|sorry,|"
    r"i\s+(?:can(?:no|['’])t|am unable to|won['’]t|will not)\s+(?:help|assist|write|"
    r"create|comply|do|fulfil|produce|generate|provide)|as an ai\b|i must (?:decline|refuse))"
)
_STARTS = re.compile(r"<\s*start\s*>", re.IGNORECASE)


def speaks_for_user(text: str) -> str:
    """The first sentence of narration in which {{user}} talks, feels or acts by the writer's hand, or ""."""
    for line in text.splitlines():
        for sentence in split_sentences(line):
            if any(acts_of_user(sentence)):
                return sentence
    return ""


def without_speaking_for_user(text: str) -> str:
    """The text without the sentences in which {{user}} is spoken for."""
    for _ in range(text.count(".") + text.count("\n") + 2):
        offence = speaks_for_user(text)
        if not offence:
            break
        text = text.replace(offence, "")
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]{2,}", " ", re.sub(r"\*\s*\*", "", text))).strip()


def refuses(text: str) -> bool:
    """Whether the answer is a refusal instead of a card."""
    return bool(_REFUSAL.match(text)) and "{" not in text[:400]


def repetition(text: str, size: int = 4) -> float:
    """Share of the runs of `size` words that stood in the text before: 0 for fresh prose, 1 for a loop."""
    low = [word.lower() for word in words(text)]
    runs = [tuple(low[at : at + size]) for at in range(len(low) - size + 1)]
    return 1 - len(set(runs)) / len(runs) if runs else 0.0


def loops(text: str) -> bool:
    """Whether the text turns in circles: a sentence twice, a fifth of its word runs, a word four times."""
    whole = [sentence.lower() for sentence in split_sentences(text) if len(words(sentence)) > 4]
    low = [word.lower() for word in words(text)]
    stuck = any(len(set(low[at : at + 4])) == 1 for at in range(len(low) - 3)) and not _unspaced(low)
    return stuck or repetition(text) > 0.2 or max(Counter(whole).values(), default=0) > 1


def _unspaced(low: list[str]) -> bool:
    return bool(low) and sum(map(len, low)) / len(low) <= 2


def whole_sentences(text: str) -> str:
    """The text up to its last full stop; "" when it has none."""
    ends = [match.end() for match in re.finditer(r"[.!?…][\"”’»“*)]*(?=\s|$)|[。！？][」』”]*", text)]
    return text[: ends[-1]].strip() if ends else ""


def vocabulary(text: str) -> frozenset[str]:
    """The words of a text, in lower case, and their terms."""
    found = words(text)
    return frozenset(word.lower() for word in found) | frozenset(term(word) for word in found)


def strangers(text: str, known: frozenset[str]) -> list[str]:
    """Names and numbers of the text that are not in a source's vocabulary: inventions of the model."""
    found: list[str] = []
    for sentence in split_sentences(text):
        for place, word in enumerate(words(sentence)):
            named = word[0].isupper() and place > 0 and word.lower() not in FUNCTION_WORDS and word != "I"
            if (named or word.isdigit()) and not {word.lower(), term(word)} & known:
                found.append(word)
    return [word for word in found if not re.match(r"I['’]", word)]


def support(text: str, facts: str) -> float:
    """Share of the text's words that carry a fact and are also in `facts`: 1 = nothing invented."""
    said = terms(text)
    have = set(terms(facts))
    return sum(one in have for one in said) / len(said) if said else 0.0


def same_facts(one: str, other: str) -> float:
    """How far two sentences tell the same: shared terms against the shorter one's."""
    first, second = set(terms(one)), set(terms(other))
    return len(first & second) / min(len(first), len(second)) if first and second else 0.0


def mended_example(text: str, names: Iterable[str] = ()) -> str:
    """Example messages in the usual frame: each block under <START>, speakers as macros.

    `names`: forms of the character's name that stand before a colon instead of {{char}}.
    """
    for name in names:
        text = re.sub(rf"(?m)^\s*\**{re.escape(name)}\**\s*:\**\s*", "{{char}}: ", text)
    text = re.sub(r"(?mi)^\s*\**(?:\{\{user\}\}|user|you|<user>)\**\s*:\**\s*", "{{user}}: ", text)
    text = re.sub(r"(?mi)^\s*\**(?:\{\{char\}\}|char|<bot>|<char>)\**\s*:\**\s*", "{{char}}: ", text)
    blocks = [block.strip() for block in _STARTS.split(text) if block.strip()]
    return "\n".join(f"<START>\n{block}" for block in blocks)


def example_problem(text: str) -> str:
    """What keeps example messages from being well formed, or ""."""
    blocks = [block for block in _STARTS.split(text) if block.strip()]
    if not blocks or not _STARTS.search(text):
        return "mes_example must be blocks that start with a line <START>"
    for block in blocks:
        if not re.search(r"(?m)^\{\{char\}\}:\s*\S", block):
            return "every block of mes_example needs a line that starts with {{char}}:"
    if not re.search(r"(?m)^\{\{user\}\}:\s*\S", text):
        return "mes_example needs lines that start with {{user}}:"
    return ""
