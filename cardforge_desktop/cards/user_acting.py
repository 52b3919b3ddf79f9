"""Whether a text acts or speaks for {{user}}, whom somebody else plays. Linear in any text."""

import re
from bisect import bisect_right
from collections.abc import Iterator

_ACTS = (
    "say|says|said|ask|asks|asked|reply|replies|replied|answer|answers|answered|whisper|whispers|whispered|shout|"
    "shouts|think|thinks|thought|feel|feels|felt|decide|decides|decided|nod|nods|nodded|smile|smiles|smiled|agree|"
    "agrees|agreed|want|wants|wanted|realize|realizes|realise|realises|wonder|wonders|wondered|laugh|laughs|laughed|"
    "sigh|sighs|sighed|blush|blushes|blushed|gasp|gasps|shiver|shivers|tell|tells|told|mutter|mutters|explain|"
    "explains|love|loves|remember|remembers|notice|notices|take|takes|took|step|steps|stepped|hesitate|hesitates|"
    "walk|walks|walked|sit|sits|sat|follow|follows|followed|look up|looks up|looked up|startle|startles"
)
_SAID = "say|says|said|ask|asks|asked|reply|replies|replied|whisper|whispers|whispered"
#: What of {{user}} belongs to whoever plays them: "{{user}}'s heart races".
_OWN = (
    "heart|hearts|breath|pulse|stomach|mind|thoughts|face|cheeks|eyes|gaze|hands?|lips|voice|fear|curiosity"
)
#: After these it is a condition, a question or the other one's doing: "if you want", "lets you sit".
_NOT_AFTER = re.compile(
    r"\b(?:if|do|did|can|would|could|will|should|may|might|must|what|whether|unless|until|whenever|lets?|"
    r"makes?|made|help|helps|to|than|(?:do|did|ca|wo|would|could|should)n['’]t)\s\Z",
    re.IGNORECASE,
)
_LONGEST_BEFORE = 10
#: Words that end like a verb and tell of somebody else: "takes {{user}}'s hands as she speaks".
_NO_VERBS = "as|across|always|this|his|its|hers|towards|perhaps|sometimes|besides"
_USER = r"(?:\{\{user\}\}|<user>)"
_FOR_USER = re.compile(
    rf"(?:{_USER}|(?<![\w'’])you)\s{{1,3}}(?:\w{{1,30}}ly\s{{1,3}}|just\s|then\s|can't help but\s)?"
    rf"(?:{_ACTS})\b|"
    rf"(?:(?<=\")|(?<=\"\s))(?:{_SAID})\s{{1,3}}{_USER}|"
    rf"^[ \t]{{0,40}}\*{{0,3}}{_USER}\*{{0,3}}[ \t]?:|"
    rf"{_USER}['’]s\s{{1,3}}(?:{_OWN})\s{{1,3}}(?!(?:{_NO_VERBS})\b)\w{{1,30}}s\b",
    re.IGNORECASE,
)
_YOU = re.compile(r"you\b", re.IGNORECASE)
_SPEECH = re.compile(r"“[^“”]*”|\"[^\"]*\"|„[^„“”]*[“”]|«[^«»]*»|「[^「」]*」")
_EMPHASIS = re.compile(r"\*[^*]+\*")
_LINE = re.compile(r"[^\n]+")


def acts_of_user(text: str) -> Iterator[tuple[int, int]]:
    """Where narration has {{user}} talk, feel or act: start and end of the telling words, in order.

    Speech in quotation marks is left out. So is “you” outside of asterisks where a paragraph sets its actions
    in asterisks and its speech in nothing (``*She smiles.* You want some?``).
    """
    for line in _LINE.finditer(text):
        told = _SPEECH.sub(lambda spoken: '"' * len(spoken.group()), line.group())
        actions = [] if '"' in told else [action.span() for action in _EMPHASIS.finditer(told)]
        for match in _FOR_USER.finditer(told):
            if _NOT_AFTER.search(told, max(0, match.start() - _LONGEST_BEFORE), match.start()):
                continue
            if actions and _YOU.match(match.group()) and not _within(match.start(), actions):
                continue
            yield line.start() + match.start(), line.start() + match.end()


def _within(place: int, spans: list[tuple[int, int]]) -> bool:
    """Whether one of the spans, which are in order, holds the place."""
    before = bisect_right(spans, (place, place)) - 1
    return before >= 0 and place < spans[before][1]
