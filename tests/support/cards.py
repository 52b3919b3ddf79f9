"""Hypothesis strategies for cards and books, and a card whose every field says something."""

from hypothesis import strategies as st

from cardforge_desktop.cards.model import Asset, BookEntry, Card, CharacterBook

#: Any text of the card formats: every script, emoji, macros, control characters, line ends.
texts = st.one_of(
    st.sampled_from(
        ["", "{{char}} waves at {{user}}.", "<START>\n{{user}}: Hi\n{{char}}: Ho", "\u2028\0\x7f", "🜁漢é"]
    ),
    st.text(max_size=40),
)
_numbers = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False))
_json = st.recursive(
    st.one_of(st.none(), st.booleans(), _numbers, texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=6,
)
extensions = st.dictionaries(texts, _json, max_size=3)
_lists = st.lists(texts, max_size=3)


def halves_of_characters():
    """Extensions with lone surrogates in names and values, which no UTF-8 holds."""
    half = st.sampled_from(["\ud83d", "\udc00", "a\udfff\ude00b"])
    return st.dictionaries(half, st.one_of(half, st.lists(half, max_size=2)), min_size=1, max_size=2)


def _optional(strategy):
    return st.one_of(st.none(), strategy)


def _unknown_fields():
    """Names no specification has."""
    return st.dictionaries(st.sampled_from(["x_mood", "cardforge/zoom", "depth"]), _json, max_size=2)


def entries(*, unknown: bool = True, decorators: bool = False):
    """Entries of a book; content begins with a decorator only when asked for."""
    content = texts.filter(lambda text: not text.lstrip().startswith("@@"))
    if decorators:
        content = st.builds("@@depth 4\n@@@role user\n\n{}".format, content)
    known = st.fixed_dictionaries(
        {
            "keys": _lists,
            "content": content,
            "extensions": extensions,
            "enabled": st.booleans(),
            "insertion_order": _numbers,
            "use_regex": st.booleans(),
            "case_sensitive": _optional(st.booleans()),
            "constant": _optional(st.booleans()),
            "selective": _optional(st.booleans()),
            "secondary_keys": _optional(_lists),
            "position": _optional(st.sampled_from(["before_char", "after_char"])),
            "priority": _optional(_numbers),
            "id": _optional(st.one_of(st.integers(0, 5), st.sampled_from(["1", "lamp"]))),
            "name": _optional(texts),
            "comment": _optional(texts),
        }
    )
    return _built(BookEntry, known, unknown)


def books(*, unknown: bool = True, decorators: bool = False):
    """Character books of up to four entries, ids missing and doubled among them."""
    known = st.fixed_dictionaries(
        {
            "name": _optional(texts),
            "description": _optional(texts),
            "scan_depth": _optional(_numbers),
            "token_budget": _optional(_numbers),
            "recursive_scanning": _optional(st.booleans()),
            "extensions": extensions,
            "entries": st.lists(entries(unknown=unknown, decorators=decorators), max_size=4),
        }
    )
    return _built(CharacterBook, known, unknown)


def assets():
    """Assets as V3 wants them."""
    return st.builds(
        Asset,
        type=st.sampled_from(["icon", "background", "emotion", "x_voice"]),
        uri=st.sampled_from(
            ["ccdefault:", "embeded://assets/icon/images/a.png", "https://example.org/a.png"]
        ),
        name=st.sampled_from(["main", "happy"]),
        ext=st.sampled_from(["png", "webp", "unknown"]),
    )


def cards(*, v3: bool = True, unknown: bool = True, decorators: bool = False):
    """Cards; without `v3` no field of V3 is set, without `unknown` only fields of the specifications are."""
    strings = ("name", "description", "personality", "scenario", "first_mes", "mes_example", "creator_notes")
    more_strings = ("system_prompt", "post_history_instructions", "creator", "character_version")
    fields = dict.fromkeys(strings + more_strings, texts)
    fields |= {"alternate_greetings": _lists, "tags": _lists, "extensions": extensions}
    book = books(unknown=unknown, decorators=decorators)
    fields["character_book"] = _optional(book if v3 else book.map(_without_regex))
    if v3:
        fields |= {
            "group_only_greetings": _lists,
            "nickname": _optional(texts),
            "creator_notes_multilingual": _optional(
                st.dictionaries(st.sampled_from(["en", "de", "ja"]), texts)
            ),
            "source": _optional(_lists),
            "creation_date": _optional(st.integers(0, 2**33)),
            "modification_date": _optional(st.integers(0, 2**33)),
            "assets": _optional(st.lists(assets(), max_size=2)),
        }
    if unknown:
        fields["beside_data"] = st.dictionaries(st.sampled_from(["create_date", "chat"]), _json, max_size=2)
    return _built(Card, st.fixed_dictionaries(fields), unknown)


def _built(kind, known, unknown: bool):
    more = _unknown_fields() if unknown else st.just({})
    return st.builds(lambda fields, others: kind(**fields, **others), known, more)


def _without_regex(book: CharacterBook) -> CharacterBook:
    """The same book without V3's `use_regex`, which V2 has not."""
    plain = [
        BookEntry.model_validate(entry.model_dump(exclude={"use_regex"}, exclude_unset=True))
        for entry in book.entries
    ]
    return book.model_copy(update={"entries": plain})


#: Every field set, unknown ones at every depth.
WHOLE_CARD = Card.model_validate(
    {
        "name": "Mirela Vântu",
        "description": "A lighthouse keeper. 漢字 🜁",
        "personality": "patient, dry",
        "scenario": "{{user}} comes ashore in a storm.",
        "first_mes": "*{{char}} lifts the lamp.* “You are late.”",
        "mes_example": "<START>\n{{user}}: Who are you?\n{{char}}: The light.",
        "creator_notes": "Draft.",
        "system_prompt": "{{original}}",
        "post_history_instructions": "Stay brief.",
        "alternate_greetings": ["Back again?", "Mind the step."],
        "tags": ["sea", "OC"],
        "creator": "me",
        "character_version": "1.2",
        "extensions": {"talkativeness": "0.5", "depth_prompt": {"prompt": None, "depth": 4}},
        "group_only_greetings": ["All of you?"],
        "nickname": "Mira",
        "creator_notes_multilingual": {"de": "Entwurf."},
        "source": ["https://example.org/mirela"],
        "creation_date": 1763000000,
        "modification_date": 1763000001,
        "assets": [{"type": "icon", "uri": "ccdefault:", "name": "main", "ext": "png", "x_crop": [1, 2]}],
        "x_mood": {"deep": [{"er": None}]},
        "beside_data": {"create_date": "2026-11-23"},
        "character_book": {
            "name": "Mirela's Lorebook",
            "description": "What the coast knows",
            "scan_depth": 4,
            "token_budget": 512,
            "recursive_scanning": False,
            "extensions": {"a": 1},
            "x_shelf": 3,
            "entries": [
                {
                    "keys": ["lamp", "/light(house)?/i"],
                    "content": "The lamp burns whale oil.",
                    "extensions": {"probability": 50, "useProbability": True, "case_sensitive": True},
                    "enabled": True,
                    "insertion_order": 10,
                    "use_regex": True,
                    "case_sensitive": True,
                    "constant": False,
                    "selective": True,
                    "secondary_keys": ["oil"],
                    "position": "after_char",
                    "priority": 5,
                    "id": 7,
                    "name": "Lamp",
                    "comment": "checked",
                    "x_colour": None,
                },
            ],
        },
    }
)
