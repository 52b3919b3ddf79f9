"""Rules on the card's own texts: what each finds and where, and what looks like it and is none."""

import pytest

from cardforge_desktop.cards.lint import RULES, LintContext, lint
from tests.cards.lint.finding import Found, found, sound_card

_WORDS = LintContext(count_tokens=lambda text: len(text.split()), context_tokens=100)
_DE_EXAMPLES = "<START>\n{{char}}: Die alte Laterne am Hafen. Der alte Hafen und die Laterne.\n"


def test_a_sound_card_has_no_finding_at_all() -> None:
    assert lint(sound_card(), LintContext(lambda text: len(text.split()))) == ()


_FINDS: list[tuple[str, dict, list[Found]]] = [
    ("empty-field", {"name": " \n"}, [("name", "error", None)]),
    (
        "empty-field",
        {"description": "", "first_mes": "\t"},
        [("description", "warning", None), ("first_mes", "warning", None)],
    ),
    (
        "empty-field",
        {"personality": "", "scenario": "", "mes_example": ""},
        [("personality", "hint", None), ("scenario", "hint", None), ("mes_example", "hint", None)],
    ),
    ("empty-greeting", {"alternate_greetings": ["Hi.", " "]}, [("alternate_greetings[1]", "warning", None)]),
    ("empty-greeting", {"group_only_greetings": [""]}, [("group_only_greetings[0]", "warning", None)]),
    ("literal-null", {"scenario": " null\n"}, [("scenario", "warning", " null\n")]),
    ("literal-null", {"system_prompt": "None"}, [("system_prompt", "warning", "None")]),
    ("literal-null", {"creator_notes": "undefined"}, [("creator_notes", "warning", "undefined")]),
    ("literal-null", {"alternate_greetings": ["TBD"]}, [("alternate_greetings[0]", "warning", "TBD")]),
    ("literal-null", {"name": "null"}, [("name", "warning", "null")]),
    (
        "model-leftover",
        {"description": "Quiet. As an AI language model, I cannot have a past."},
        [("description", "warning", "As an AI language model")],
    ),
    ("model-leftover", {"scenario": "As an AI, I have no harbour."}, [("scenario", "warning", "As an AI,")]),
    (
        "model-leftover",
        {"personality": "As an AI assistant, I describe her as dry."},
        [("personality", "warning", "As an AI assistant,")],
    ),
    (
        "model-leftover",
        {"first_mes": "I'm sorry, but I can't create that."},
        [("first_mes", "warning", "I'm sorry, but I can't create")],
    ),
    (
        "model-leftover",
        {"first_mes": "I cannot fulfill this request."},
        [("first_mes", "warning", "I cannot fulfill this request")],
    ),
    (
        "model-leftover",
        {"description": "Certainly! Here's a detailed character description:\nTall."},
        [("description", "warning", "Certainly! Here's a detailed character")],
    ),
    (
        "model-leftover",
        {"description": "Tall.\n\nLet me know if you'd like me to change anything!"},
        [("description", "warning", "Let me know if you'd like me to change")],
    ),
    (
        "model-leftover",
        {"mes_example": "<START>\n{{char}}: Ho.\n\nI hope this helps!"},
        [("mes_example", "warning", "I hope this helps!")],
    ),
    ("model-leftover", {"first_mes": "<think>A storm?</think>Hi."}, [("first_mes", "warning", "<think>")]),
    ("model-leftover", {"scenario": "In [insert town]."}, [("scenario", "warning", "[insert town]")]),
    ("model-leftover", {"personality": "dry<|im_end|>"}, [("personality", "warning", "<|im_end|>")]),
    ("code-fence", {"description": "A list:\n```\nx"}, [("description", "warning", "```")]),
    ("code-fence", {"scenario": "```json\n{}\n```\n"}, [("scenario", "warning", "```json\n{}\n```\n")]),
    (
        "speaks-for-user",
        {"first_mes": "*She waves.* {{user}} nods slowly."},
        [("first_mes", "warning", "{{user}} nods")],
    ),
    (
        "speaks-for-user",
        {"alternate_greetings": ["A gust. You feel a chill."]},
        [("alternate_greetings[0]", "warning", "You feel")],
    ),
    ("speaks-for-user", {"first_mes": "Hm.\n{{user}}: Hello."}, [("first_mes", "warning", "{{user}}:")]),
    (
        "speaks-for-user",
        {"first_mes": '"Who is it?" asks <USER>.'},
        [("first_mes", "warning", "asks <USER>")],
    ),
    (
        "speaks-for-user",
        {"first_mes": "{{user}}'s heart races."},
        [("first_mes", "warning", "{{user}}'s heart races")],
    ),
    (
        "speaks-for-user",
        {"mes_example": "<START>\n{{user}}: I nod.\n{{char}}: *{{user}} laughs at that.*"},
        [("mes_example", "warning", "{{user}} laughs")],
    ),
    (
        "same-greeting",
        {"first_mes": "Hi you.", "alternate_greetings": ["Hi you. ", "Ho.", "Ho."]},
        [("alternate_greetings[0]", "warning", None), ("alternate_greetings[2]", "warning", None)],
    ),
    ("unclosed-mark", {"first_mes": "*She waits."}, [("first_mes", "warning", "*")]),
    ("unclosed-mark", {"first_mes": "*She waits.* Then *more"}, [("first_mes", "warning", "*")]),
    ("unclosed-mark", {"alternate_greetings": ['"You.']}, [("alternate_greetings[0]", "hint", '"')]),
    ("unclosed-mark", {"first_mes": "“Late. She turns."}, [("first_mes", "hint", "“")]),
    (
        "example-start",
        {"mes_example": "{{char}}: Ho."},
        [("mes_example", "warning", "{{char}}: Ho.")],
    ),
    (
        "example-start",
        {"mes_example": "Before\n<START>\n{{char}}: Ho."},
        [("mes_example", "warning", "Before\n")],
    ),
    *(
        ("example-start", {"mes_example": f"{mark}\n{{{{char}}}}: Ho."}, [("mes_example", "warning", mark)])
        for mark in ("<start>", "[START]", "</START>", "{{START}}", "**START**", "START>", "<START")
    ),
    (
        "example-start",
        {"mes_example": "<START>\n{{char}}: Ho.\n<START>\n<START>\n{{char}}: Hm.\n<START>"},
        [("mes_example", "warning", "<START>")],
    ),
    (
        "example-canon",
        {
            "mes_example": "<START>\n{{char}}: I sailed with Hollin Vane that winter, "
            "before the bay froze over for good. We lost Hollin Vane somewhere in the ice."
        },
        [("mes_example", "hint", "Hollin Vane")],
    ),
    ("unknown-macro", {"description": "{{usr}} and {{usr}}"}, [("description", "warning", "{{usr}}")]),
    (
        "unknown-macro",
        {"first_mes": "{{nobody::knows}} {{neither}}"},
        [("first_mes", "warning", "{{nobody::knows}}"), ("first_mes", "warning", "{{neither}}")],
    ),
    (
        "unknown-macro",
        {"extensions": {"depth_prompt": {"prompt": "Be {{charr}}.", "depth": 4}}},
        [("extensions.depth_prompt.prompt", "warning", "{{charr}}")],
    ),
    ("half-macro", {"first_mes": "{char} waits."}, [("first_mes", "warning", "{char}")]),
    ("half-macro", {"scenario": "For {{user}."}, [("scenario", "warning", "{{user}")]),
    ("half-macro", {"system_prompt": "{Original}}"}, [("system_prompt", "warning", "{Original}}")]),
    ("written-name", {"description": "Mirela's lamp. Mirela."}, [("description", "hint", "Mirela")]),
    ("written-name", {"nickname": "Mira", "scenario": "Mirela and Mira."}, [("scenario", "hint", "Mira")]),
    ("written-name", {"name": "美咲", "personality": "優しい美咲です"}, [("personality", "hint", "美咲")]),
    (
        "repeated-sentence",
        {"description": "She counts the waves at night. Then sleep. She counts the waves at night."},
        [("description", "warning", "She counts the waves at night.")],
    ),
    (
        "repeated-sentence",
        {"description": "She counts the waves at night.", "scenario": "*she counts the waves at night*"},
        [("scenario", "hint", "*she counts the waves at night*")],
    ),
    (
        "repeated-sentence",
        {"description": "She counts the waves at night.", "first_mes": "She counts the waves at night!"},
        [("first_mes", "hint", "She counts the waves at night!")],
    ),
]


@pytest.mark.parametrize(("rule", "fields", "expected"), _FINDS)
def test_a_rule_finds_it_at_its_place(rule: str, fields: dict, expected: list[Found]) -> None:
    assert found(rule, sound_card(**fields)) == expected


_PASSES: list[tuple[str, dict]] = [
    ("empty-greeting", {"first_mes": "", "alternate_greetings": ["Hi."]}),
    ("literal-null", {"scenario": "None of your business.", "personality": "nullified"}),
    *(("literal-null", {"name": name}) for name in ("Nan", "Todo", "Nil")),
    ("literal-null", {"personality": "", "tags": ["null"], "creator": "null"}),
    ("model-leftover", {"description": "{{char}} serves as an AI assistant aboard the Meridian."}),
    ("model-leftover", {"first_mes": '"As an AI, I find that amusing," the console hums.'}),
    ("model-leftover", {"first_mes": "\"I'm sorry, but I don't know you,\" she whispers."}),
    ("model-leftover", {"first_mes": "*She waits.* \"I'm sorry, but I can't let you in.\""}),
    ("model-leftover", {"first_mes": '"Of course! Here\'s your tea."'}),
    ("model-leftover", {"first_mes": "Sure, here is your room key."}),
    ("model-leftover", {"first_mes": '"Let me know if you\'d like some tea."'}),
    ("model-leftover", {"first_mes": '"Take this. I hope this helps," she says.'}),
    ("model-leftover", {"first_mes": '"I hope this helps." She hands over a bandage.'}),
    ("model-leftover", {"first_mes": '"I won\'t help with this madness!"'}),
    ("model-leftover", {"creator_notes": "As an AI language model, I wrote this."}),
    ("code-fence", {"first_mes": "She shows a screen:\n```\nNo signal\n```\nand shrugs."}),
    ("code-fence", {"description": "`x` and ``` in the middle of a line"}),
    ("speaks-for-user", {"first_mes": "*She smiles at {{user}}.* You want some?"}),
    ("speaks-for-user", {"first_mes": '"You say that every day," she says.'}),
    ("speaks-for-user", {"first_mes": "Sit, if you want. What do you think? She lets you sit."}),
    ("speaks-for-user", {"first_mes": "Don't you remember? It is later than you think."}),
    (
        "speaks-for-user",
        {"first_mes": "She takes {{user}}'s hands as she speaks, {{user}}'s face always in mind."},
    ),
    ("speaks-for-user", {"first_mes": "She thinks of {{user}}'s old coat."}),
    ("speaks-for-user", {"mes_example": "<START>\n{{user}}: I nod.\nYou feel that?\n{{char}}: Hm."}),
    ("speaks-for-user", {"description": "{{user}} nods a lot.", "scenario": "You walk in."}),
    ("same-greeting", {"first_mes": "", "alternate_greetings": ["", " "]}),
    ("same-greeting", {"first_mes": "Hi.", "alternate_greetings": ["Hi!"], "group_only_greetings": ["Hi."]}),
    ("unclosed-mark", {"first_mes": "**Bold** and *soft*.\n\n* a list\n* of two\n\n5 * 3, 5'10\" tall"}),
    ("unclosed-mark", {"first_mes": "Oh f*ck, she says."}),
    ("unclosed-mark", {"first_mes": "*She says f*ck and leaves.*"}),
    ("unclosed-mark", {"first_mes": '"One goes on.\n\n"And ends here."'}),
    ("unclosed-mark", {"first_mes": "„Hallo“, sagt sie. “Hi,” «non»."}),
    ("unclosed-mark", {"description": "*never closed"}),
    ("example-start", {"mes_example": ""}),
    ("example-start", {"mes_example": "<START>\n{{user}}: Go.\n{{char}}: Start the engine!\n<START>\nHm."}),
    ("example-canon", {"mes_example": "<START>\n{{char}}: I sailed with Hollin Vane once."}),
    (
        "example-canon",
        {"mes_example": "<START>\n{{char}}: I met Hollin and lost Hollin.", "tags": ["Hollin"]},
    ),
    ("example-canon", {"mes_example": "<START>\n{{char}}: See you on Monday, not on Monday night."}),
    ("example-canon", {"mes_example": _DE_EXAMPLES}),
    (
        "unknown-macro",
        {"description": "{{User}} {{CHAR}} {{random:a,b}} {{// a note}} {{getvar::x}} {{roll d6}} <BOT>"},
    ),
    ("unknown-macro", {"description": "{ {x} } {{}} {{1 + 1}}", "creator_notes": "{{usr}}"}),
    ("half-macro", {"description": '{"char": 1} {{char}} {{{user}}} {chart}'}),
    ("written-name", {"description": "Mirelas and Mirelasson, mirela.", "creator_notes": "Mirela"}),
    ("written-name", {"first_mes": "{{random:Mirela,Anna}}", "tags": ["Mirela"]}),
    ("written-name", {"name": "Mira Voss", "nickname": "Mira", "scenario": "Mira Voss. Ask Mira Voss."}),
    ("written-name", {"name": "X", "description": "X marks it."}),
    ("written-name", {"name": "", "description": "Mirela"}),
    ("repeated-sentence", {"description": "She waits. She waits. She waits here. She waits here."}),
    (
        "repeated-sentence",
        {
            "first_mes": "She counts the waves at night.",
            "alternate_greetings": ["She counts the waves at night."],
        },
    ),
]


@pytest.mark.parametrize(("rule", "fields"), _PASSES)
def test_a_rule_leaves_its_near_misses_in_peace(rule: str, fields: dict) -> None:
    assert found(rule, sound_card(**fields)) == []


def _words(number: int) -> str:
    return " ".join(f"w{at}" for at in range(number))


@pytest.mark.parametrize(
    ("description", "scenario", "expected"),
    [
        (44, 3, []),  # 50 of 100 with the name and two words of personality
        (45, 3, [("description", "warning", None)]),
        (3, 60, [("scenario", "warning", None)]),
        (3, 94, [("scenario", "warning", None)]),
        (3, 95, [("scenario", "error", None)]),
    ],
)
def test_the_permanent_fields_are_held_against_the_context(
    description: int, scenario: int, expected: list[Found]
) -> None:
    card = sound_card(
        description=_words(description),
        scenario=_words(scenario),
        first_mes=_words(500),
        mes_example=_words(500),
    )
    assert found("token-budget", card, _WORDS) == expected


def test_the_budget_is_not_guessed_without_a_tokenizer() -> None:
    assert found("token-budget", sound_card(description=_words(99_999))) == []


@pytest.mark.parametrize(
    ("words", "long"),
    [(1000, False), (1001, True)],
)
def test_a_greeting_is_long_beyond_a_thousand_tokens(words: int, long: bool) -> None:
    card = sound_card(
        first_mes=_words(words),
        alternate_greetings=["Hi.", _words(words)],
        group_only_greetings=[_words(words)],
    )
    fields = ("first_mes", "alternate_greetings[1]", "group_only_greetings[0]")
    expected = [(field, "hint", None) for field in fields] if long else []
    assert found("long-greeting", card, _WORDS) == expected


def test_without_a_tokenizer_a_greeting_is_measured_in_characters() -> None:
    assert found("long-greeting", sound_card(first_mes="x" * 4000)) == []
    assert found("long-greeting", sound_card(first_mes="x" * 4001)) == [("first_mes", "hint", None)]


def test_every_card_rule_is_tried_both_ways() -> None:
    apart = {"token-budget", "long-greeting"}
    rules = {rule for rule in RULES if not rule.startswith(("key-", "entry-"))}
    assert {rule for rule, _, _ in _FINDS} | apart == rules
    assert {rule for rule, _ in _PASSES} | apart | {"empty-field"} == rules
