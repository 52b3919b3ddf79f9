"""A small model that follows its tasks: each answer is made of the prompt's own words."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from cardforge_desktop.engines.base import Prompt
from cardforge_desktop.generation.model import Answer

_NOTES = re.compile(r"(?s)^(?:Rewrite these notes|Repeat this text)[^\n]*\n\n(.*)")
_SPOKEN = re.compile(r"(?s)^Write it with I: (\S+) (\S+)(.*)")
_TOLD = re.compile(r"(?s)^Rewrite in the third person, with (\S+) instead of I: (.*)")
_ANSWERED = re.compile(r"(?s)^Write the question to this answer\.\nAnswer: (.*)")
_VERBS = {"is": "am", "was": "was", "has": "have", "does": "do"}
_OWN = {"her": "my", "his": "my", "she": "I", "he": "I", "herself": "myself", "himself": "myself"}


@dataclass
class SmallModel:
    """An `Ask` that remembers the steps it was asked."""

    steps: list[str] = dataclasses.field(default_factory=list)

    def __call__(self, step: str, prompt: Prompt, on_text: Callable[[str], None]) -> Answer:
        self.steps.append(step)
        text = self._answer(prompt)
        on_text(text)
        return Answer(text, "stop")

    def _answer(self, prompt: Prompt) -> str:
        if prompt.schema is not None:
            return json.dumps(prompt.schema["items"]["enum"][: prompt.schema["maxItems"]])
        task = next(message.content for message in reversed(prompt.messages) if message.role == "user")
        if found := _NOTES.match(task):
            return found[1]
        if found := _SPOKEN.match(task):
            return f"I {_first_person(found[2])}{re.sub(r'[a-z]+', _my, found[3])}"
        if found := _TOLD.match(task):
            return re.sub(r"\bI\b", found[1], found[2])
        if found := _ANSWERED.match(task):
            longest = max(re.findall(r"[a-z]+", found[1]), key=len, default="it")
            return f"What do you say of {longest}?"
        return task.partition("Notes: ")[2].partition("\n")[0]


def _first_person(verb: str) -> str:
    return _VERBS.get(verb, re.sub(r"(?<=[^s])s$", "", verb))


def _my(word: re.Match[str]) -> str:
    return _OWN.get(word[0], word[0])
