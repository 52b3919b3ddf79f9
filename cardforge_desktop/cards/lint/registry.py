"""Every rule, and the ways through all of them."""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from cardforge_desktop.cards.lint import entries, fields, keys, lengths, macros, repetition, talk
from cardforge_desktop.cards.lint.model import Finding, LintContext, Rule
from cardforge_desktop.cards.lint.places import path_of
from cardforge_desktop.cards.model import Card

_CARD_RULES = (
    Rule(
        "empty-field",
        "Empty field",
        "Apps show the name, send the description with every message and open a chat with the first "
        "message; without them a model invents its own.",
        fields.empty_fields,
    ),
    Rule(
        "empty-greeting",
        "Empty greeting",
        "SillyTavern and RisuAI offer every alternate greeting as a swipe, blank ones too.",
        fields.empty_greetings,
    ),
    Rule(
        "literal-null",
        "“null” or “None” as text",
        "Converters write a program's word for nothing into empty fields. Apps send it to the model as it "
        "stands.",
        fields.literal_nulls,
    ),
    Rule(
        "model-leftover",
        "A model's words to its user",
        "“As an AI language model” or “Here is the card” in a prompt makes the character speak like an "
        "assistant.",
        fields.leftovers,
    ),
    Rule(
        "code-fence",
        "Code fence",
        "Apps show what stands between ``` as code, without emphasis and coloured speech; a model copies "
        "the form.",
        fields.code_fences,
    ),
    Rule(
        "token-budget",
        "Permanent tokens above half of the context",
        "Name, description, personality and scenario are in every prompt. What they take, the chat's memory"
        " lacks.",
        lengths.token_budget,
    ),
    Rule(
        "long-greeting",
        "Very long greeting",
        "Models keep to the length of the first message: a very long one asks for answers that never end "
        "and fills the context early.",
        lengths.long_greetings,
    ),
    Rule(
        "speaks-for-user",
        "Speaks or acts for {{user}}",
        "A greeting or an example that decides what {{user}} says, does or feels teaches the model to do so"
        " all the time: the most frequent complaint about cards.",
        talk.speaks_for_user,
    ),
    Rule(
        "same-greeting",
        "The same greeting twice",
        "Each alternate greeting is a swipe of its own; a copy of another offers nothing.",
        talk.same_greetings,
    ),
    Rule(
        "unclosed-mark",
        "Unclosed asterisk or quotation mark",
        "Apps set *actions* in italics and colour “speech”. One mark too few turns the rest of the "
        "paragraph over, and a model copies the mistake.",
        talk.unclosed_marks,
    ),
    Rule(
        "example-start",
        "Missing or misplaced <START>",
        "Apps cut the examples at <START> and drop them block by block when the context fills. Behind a "
        "misspelt or missing mark two examples are one, and an empty block is sent as an example of "
        "nothing.",
        talk.starts,
    ),
    Rule(
        "example-canon",
        "Facts only the examples know",
        "Examples show a voice and are the first to leave the context. A person or place that only they "
        "name is forgotten then, or taken for something that happened in the chat.",
        talk.canon_in_examples,
    ),
    Rule(
        "unknown-macro",
        "Unknown macro",
        "What no app fills in is sent to the model and shown to people with its braces.",
        macros.unknown_macros,
    ),
    Rule(
        "half-macro",
        "Macro with too few braces",
        "Only {{char}} and {{user}} with two braces on each side become names; {char} stays as it is.",
        macros.half_macros,
    ),
    Rule(
        "written-name",
        "The name instead of {{char}}",
        "{{char}} follows the card's name or nickname, also in groups and copies of the card; a name that "
        "is written out stays. A matter of taste where nobody renames.",
        macros.written_names,
    ),
    Rule(
        "repeated-sentence",
        "Repeated sentence",
        "A sentence that a prompt holds twice costs tokens twice, and models take repetition for the style "
        "they are asked for.",
        repetition.repeated_sentences,
    ),
)
_BOOK_RULES = (
    Rule(
        "key-blank",
        "Blank key",
        "An empty key never matches. One of spaces is trimmed by SillyTavern to nothing, which every "
        "message holds.",
        keys.blank_keys,
    ),
    Rule(
        "key-spaces",
        "Blanks around a key",
        "SillyTavern trims keys, others do not and miss the word at the end of a sentence or before a comma.",
        keys.spaced_keys,
    ),
    Rule(
        "key-too-long",
        "Key that is too long to match",
        "A key has to stand in a message letter by letter. Nobody writes a long phrase twice in the same "
        "words.",
        keys.long_keys,
    ),
    Rule(
        "key-punctuation",
        "Key of punctuation only",
        "With “match whole words” such a key hardly ever matches; without, it matches every sentence.",
        keys.punctuation_keys,
    ),
    Rule(
        "key-regex",
        "Regular expression that does not compile",
        "SillyTavern takes /…/ that does not compile for plain text, which no message holds: the entry "
        "sleeps on.",
        keys.broken_regexes,
    ),
    Rule(
        "key-matches-all",
        "Key that matches everything",
        "An entry that wakes at “the” or /.*/ is in every prompt and pushes others out of the book's budget.",
        keys.greedy_keys,
    ),
    Rule(
        "key-comma",
        "Key with a comma",
        "SillyTavern and RisuAI separate keys by commas when they show or store them; one key becomes two, "
        "or the two that were meant never match as one.",
        keys.comma_keys,
    ),
    Rule(
        "key-twice",
        "The same key twice",
        "SillyTavern counts keys when entries of a group compete; a key that stands twice counts twice.",
        keys.repeated_keys,
    ),
    Rule(
        "entry-selective",
        "Secondary key wanted, none given",
        "By the specification a selective entry wakes only when a secondary key matches too. SillyTavern "
        "overlooks it where there is none; others need not.",
        entries.selective_without_keys,
    ),
    Rule(
        "entry-unreachable",
        "Entry without a key",
        "An entry enters the prompt when one of its keys stands in the chat, or always if it is constant.",
        entries.unreachable_entries,
    ),
    Rule(
        "entry-empty",
        "Entry without content",
        "Its keys match, it takes part in the order, and the prompt gets nothing.",
        entries.empty_entries,
    ),
    Rule(
        "entry-disabled",
        "Entry that is switched off",
        "RisuAI imports disabled entries as enabled ones: what was put aside comes back there.",
        entries.disabled_entries,
    ),
    Rule(
        "entry-id",
        "The same id twice",
        "SillyTavern files entries by their id: of two with the same id, one vanishes on import.",
        entries.repeated_ids,
    ),
)

#: Every rule by its id, in the order in which people read a card.
RULES: Mapping[str, Rule] = MappingProxyType({rule.id: rule for rule in (*_CARD_RULES, *_BOOK_RULES)})

_MOST_ROUNDS = 20


def lint(card: Card, context: LintContext, off: Collection[str] = ()) -> tuple[Finding, ...]:
    """What the rules find in `card`, those in `off` (ids; unknown ones are no matter) left out.

    Linear in the card. With a counter in the context not for the window's thread.
    """
    return tuple(
        Finding(
            rule.id,
            path_of(problem.place),
            problem.message,
            problem.start,
            problem.end,
            problem.severity,
            problem.fix,
        )
        for rule in RULES.values()
        if rule.id not in off
        for problem in rule.check(card, context)
    )


def with_fixes(
    card: Card, context: LintContext, off: Collection[str] = ()
) -> tuple[Card, tuple[Finding, ...]]:
    """The card with all fixes of errors and warnings applied, and what was mended; hints stay."""
    mended: list[Finding] = []
    for _ in range(_MOST_ROUNDS):
        before = card
        # From the end of the card, so that an item taken out of a list moves none that is still to be mended.
        for finding in reversed(lint(card, context, off)):
            if finding.fix is None or finding.severity == "hint":
                continue
            changed = finding.fix.apply(card)
            if changed is not card:
                mended.append(finding)
                card = changed
        if card is before:
            break
    return card, tuple(mended)
