"""Cards with everything wrong that the rules know, in any mixture."""

from hypothesis import strategies as st

from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook

NAME = "Mirela"
_PIECES = st.sampled_from(
    [
        "",
        " ",
        "\n",
        "\n\n",
        "She counts the waves below the lamp every night.",
        "Mirela waits.",
        "{{char}} waits for {{user}}.",
        "{{user}} nods slowly.",
        "You feel a chill.",
        "*She lifts the lamp.*",
        "*She lifts the lamp.",
        '"You look cold."',
        '"You look cold.',
        "“Late.",
        "<START>",
        "<start>",
        "[START]",
        "{{user}}: Who are you?",
        "{{char}}: The light.",
        "{char}",
        "{{usr}}",
        "{{ user }",
        "{{nobody::knows}}",
        "{{random:Mirela,Anna}}",
        "null",
        "None",
        "```",
        "```json",
        "As an AI language model, I cannot.",
        "They came with Hollin, and with Hollin they left.",
        "漢字は大事なものだと彼女は言いましたがそうではない。",
    ]
)
_pieces = st.lists(st.tuples(_PIECES, st.sampled_from(["", " ", "\n", "\n\n"])), max_size=6).map(
    lambda pieces: "".join(piece + between for piece, between in pieces)
)
texts = st.one_of(_pieces, _pieces, _pieces, _pieces.map("```\n{}\n```".format))
keys = st.one_of(
    st.sampled_from(
        ["", " ", "lamp", "Lamp", " lamp", "lamp, oil", ",", "the", "a", "...", "/la(mp/", "/.*/", "/a|/i"]
    ),
    st.just("x" * 90),
    st.text(max_size=6),
)
_greetings = st.one_of(st.sampled_from(["Hello.", " Hello.", ""]), texts)
_lists = st.lists(keys, max_size=4)
entries = st.builds(
    BookEntry,
    keys=_lists,
    secondary_keys=st.one_of(st.none(), _lists),
    content=st.one_of(texts, st.sampled_from(["@@depth 4", "@@activate\nText"])),
    enabled=st.booleans(),
    constant=st.sampled_from([None, True, False]),
    selective=st.sampled_from([None, True, False]),
    case_sensitive=st.sampled_from([None, True]),
    id=st.sampled_from([None, 0, 1, "1", 7]),
)
cards = st.builds(
    Card,
    name=st.sampled_from([NAME, "", "null", "A (b"]),
    description=texts,
    personality=texts,
    scenario=texts,
    first_mes=_greetings,
    mes_example=texts,
    alternate_greetings=st.lists(_greetings, max_size=3),
    group_only_greetings=st.lists(texts, max_size=2),
    extensions=st.one_of(
        st.just({}), texts.map(lambda text: {"depth_prompt": {"prompt": text, "depth": 4}, "x": [None]})
    ),
    character_book=st.one_of(st.none(), st.builds(CharacterBook, entries=st.lists(entries, max_size=4))),
)
