"""How many tokens a text is, for any model, without a network.

OpenAI's vocabularies are shipped and count exactly; other makers do not publish theirs, so that their counts
are estimates and say so. Loading a vocabulary takes some 0.3 s and counting goes at about 10 MB/s: never on
the window's thread. Every function here may be called from any thread.
"""

import hashlib
import math
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.resources import resource

if TYPE_CHECKING:
    from tiktoken import Encoding

# Patterns and special tokens as in tiktoken 0.14, tiktoken_ext/openai_public.py; so are the hashes.
_O200K_PATTERN = "|".join(
    [
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    ]
)
_CL100K_PATTERN = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+"
    r"|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
)

# A run longer than this is counted in pieces: the regular expression engine in tiktoken 0.14 panics on a
# megabyte of blanks, and merging takes more than linear time. Real words are shorter by far.
_LONGEST_RUN = 4000
# Every piece the patterns can cut is a run of one of these two kinds: no letters, or no blanks and no
# common punctuation.
_LETTERLESS = r"[\W_]"
_UNBROKEN = r"[^\s\d!-/:-@\[-`{-~。，、！？]"
_LONG_RUNS = tuple(re.compile(f"(?<!{kind}){kind}{{{_LONGEST_RUN},}}") for kind in (_LETTERLESS, _UNBROKEN))


class VocabularyError(CardForgeError):
    """A shipped vocabulary is missing or damaged. Code: VOCABULARY_DAMAGED."""


class Vocabulary:
    """A shipped byte pair vocabulary, loaded once, at its first use, by whichever thread needs it first."""

    def __init__(self, name: str, sha256: str, pattern: str, special_tokens: dict[str, int]) -> None:
        self.name = name
        self._sha256 = sha256
        self._pattern = pattern
        self._special_tokens = special_tokens
        self._lock = threading.Lock()
        self._encoding: Encoding | None = None

    def encoding(self) -> "Encoding":
        """The vocabulary as tiktoken's object.

        Raises:
            VocabularyError: the shipped file is not the one it must be.
        """
        with self._lock:
            if self._encoding is None:
                self._encoding = self._load()
            return self._encoding

    def encode(self, text: str) -> list[int]:
        """The tokens of `text`; words such as ``<|endoftext|>`` are ordinary text."""
        encoding = self.encoding()
        return [token for part in _parts(text) for token in encoding.encode_ordinary(part)]

    def count(self, text: str) -> int:
        """``len(encode(text))`` without keeping the tokens."""
        encoding = self.encoding()
        return sum(len(encoding.encode_ordinary(part)) for part in _parts(text))

    def _load(self) -> "Encoding":
        import lzma
        from base64 import b64decode

        from tiktoken import Encoding

        try:
            lines = lzma.decompress(resource("vocabularies", f"{self.name}.tiktoken.xz").read_bytes())
        except (OSError, lzma.LZMAError, EOFError) as error:
            raise self._damaged(str(error)) from error
        found = hashlib.sha256(lines).hexdigest()
        if found != self._sha256:
            raise self._damaged(f"sha256 is {found}")
        ranks = {b64decode(token): int(rank) for token, rank in (line.split() for line in lines.splitlines())}
        return Encoding(
            self.name, pat_str=self._pattern, mergeable_ranks=ranks, special_tokens=self._special_tokens
        )

    def _damaged(self, reason: str) -> VocabularyError:
        return VocabularyError(
            ErrorCode.VOCABULARY_DAMAGED,
            f"The vocabulary {self.name} that comes with CardForge is damaged. Install CardForge again.",
            {"vocabulary": self.name, "reason": reason},
        )


O200K = Vocabulary(
    "o200k_base",
    "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    _O200K_PATTERN,
    {"<|endoftext|>": 199999, "<|endofprompt|>": 200018},
)
CL100K = Vocabulary(
    "cl100k_base",
    "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    _CL100K_PATTERN,
    {
        "<|endoftext|>": 100257,
        "<|fim_prefix|>": 100258,
        "<|fim_middle|>": 100259,
        "<|fim_suffix|>": 100260,
        "<|endofprompt|>": 100276,
    },
)


@dataclass(frozen=True, slots=True)
class Tokenizer:
    """Counts as one family of models does.

    Attributes:
        vocabulary: what is really counted.
        ratio: tokens of the model for each token of `vocabulary`.
        exact: whether the model uses this very vocabulary.
    """

    vocabulary: Vocabulary
    ratio: float = 1.0
    exact: bool = False

    @property
    def name(self) -> str:
        """For the screen: ``o200k`` or ``estimate from o200k × 1.2``."""
        name = self.vocabulary.name.removesuffix("_base")
        if self.exact:
            return name
        return f"estimate from {name}" + (f" × {self.ratio:g}" if self.ratio != 1 else "")

    def count(self, text: str) -> int:
        """Tokens of `text`, rounded up; 0 for "".

        Raises:
            VocabularyError: the shipped file is damaged.
        """
        return math.ceil(round(self.vocabulary.count(text) * self.ratio, 6))


_O200K_MODELS = Tokenizer(O200K, exact=True)
_CL100K_MODELS = Tokenizer(CL100K, exact=True)
_CLAUDE = Tokenizer(O200K, 1.2)
_GEMINI = Tokenizer(O200K, 1.08)
_DEEPSEEK = Tokenizer(O200K)
_OTHER = Tokenizer(O200K, 1.1)

# First match wins. Prefixes of OpenAI's models as in tiktoken 0.14, model.py. The ratios are starting values;
# the one for all others is what SmolLM2's own tokenizer gives on English Markdown (1.08 to 1.20, four files).
_FAMILIES: tuple[tuple[re.Pattern[str], Tokenizer], ...] = tuple(
    (re.compile(pattern), tokenizer)
    for pattern, tokenizer in (
        (
            r"(gpt-5|gpt-4\.1|gpt-4\.5|gpt-4o|chatgpt-4o|gpt-oss|o[134])(?![a-z0-9])",
            _O200K_MODELS,
        ),
        (r"(gpt-4|gpt-3\.5|gpt-35)(?![a-z0-9.])", _CL100K_MODELS),
        (r"(.*[.\-_])?claude", _CLAUDE),
        (r"gemini|gemma", _GEMINI),
        (r"deepseek", _DEEPSEEK),
    )
)


@dataclass(frozen=True, slots=True)
class NamedTokenizer:
    """A tokenizer people choose by the models it counts for.

    Attributes:
        name: kept in settings and files; never changes.
        label: the models' names, for the screen.
    """

    name: str
    label: str
    tokenizer: Tokenizer

    @property
    def exact(self) -> bool:
        """Whether these models count exactly so; else it is an estimate, and has to be called one."""
        return self.tokenizer.exact


#: What a person can choose from, by name, in the order to show them in; the first stands for unknown names.
TOKENIZERS: Mapping[str, NamedTokenizer] = MappingProxyType(
    {
        name: NamedTokenizer(name, label, tokenizer)
        for name, label, tokenizer in (
            ("o200k", "GPT-5, GPT-4o", _O200K_MODELS),
            ("cl100k", "GPT-4, GPT-3.5", _CL100K_MODELS),
            ("claude", "Claude", _CLAUDE),
            ("gemini", "Gemini", _GEMINI),
            ("deepseek", "DeepSeek", _DEEPSEEK),
            ("other", "Other models", _OTHER),
        )
    }
)


def tokenizer_named(name: str) -> NamedTokenizer:
    """One of `TOKENIZERS`; the first for a name that another version of CardForge may have kept."""
    return TOKENIZERS.get(name) or next(iter(TOKENIZERS.values()))


def tokenizer_for(model: str) -> Tokenizer:
    """The tokenizer of a model by its name, as its server knows it (``gpt-4o-mini``, ``openai/gpt-5``,
    ``models/gemini-2.5-flash``). Loads nothing; unknown names get an estimate.
    """
    name = model.lower().rsplit("/", 1)[-1].removeprefix("ft:")
    return next((tokenizer for pattern, tokenizer in _FAMILIES if pattern.match(name)), _OTHER)


def _parts(text: str) -> Iterator[str]:
    """`text`, cut inside runs that are too long; almost always the whole of it."""
    cuts = sorted(
        {
            cut
            for kind in _LONG_RUNS
            for run in kind.finditer(text)
            for cut in range(run.start() + _LONGEST_RUN, run.end(), _LONGEST_RUN)
        }
    )
    start = 0
    for cut in [*cuts, len(text)]:
        yield text[start:cut]
        start = cut
