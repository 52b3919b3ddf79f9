from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook
from cardforge_desktop.cards.tokens import token_budget


def words(text: str) -> int:
    return len(text.split())


def test_permanent_and_temporary_tokens_are_counted_apart():
    card = Card(
        name="a",
        description="b b",
        personality="c c c c",
        scenario="d d d d d d d d",
        first_mes="e " * 16,
        mes_example="f " * 32,
        system_prompt="g " * 64,
        creator_notes="never in the prompt",
        alternate_greetings=["h", "i i"],
        character_book=CharacterBook(entries=[BookEntry(content="j j j"), BookEntry(content="")]),
    )
    budget = token_budget(card, words)
    assert (budget.permanent, budget.temporary, budget.total) == (15, 48, 63)
    assert budget.fields["system_prompt"] == 64
    assert budget.alternate_greetings == (1, 2)
    assert (budget.book_entries, budget.book) == ((3, 0), 3)


def test_a_card_without_a_book_has_no_entries_to_count():
    assert token_budget(Card(name="a"), words).book_entries == ()
