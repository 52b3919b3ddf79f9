"""Cards saved, restored, deleted and brought back in any order: the library does as a plain model does."""

import itertools
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.search import CardQuery
from cardforge_desktop.cards.service import LibraryError
from tests.cards.library import shelf_in
from tests.support.cards import cards

PICTURES = [b"first picture", b"second picture"]  # bytes are bytes here
packages = st.builds(
    CardPackage,
    cards(unknown=True),
    st.sampled_from(PICTURES),
    st.dictionaries(st.sampled_from(["a.png", "b/ü.webp"]), st.binary(max_size=3), max_size=2),
)


@dataclass
class Model:
    """A card as a reader of the documentation imagines it."""

    versions: int
    history: list[CardPackage]
    deleted: bool = False


class Library(RuleBasedStateMachine):
    """Saves always give a reason of their own, so that each is a revision."""

    ids = Bundle("ids")

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._opened = shelf_in(Path(self._folder.name))
        self.shelf = self._opened.__enter__()
        self.cards: dict[str, Model] = {}
        self.words = itertools.count()

    def teardown(self) -> None:
        self._opened.__exit__(None, None, None)
        self._folder.cleanup()

    @rule(target=ids, card=cards(unknown=True), picture=st.sampled_from(PICTURES))
    def add(self, card: Card, picture: bytes) -> str:
        card = card.model_copy(update={"character_book": None})
        card_id = self.shelf.add(card, picture)
        self.cards[card_id] = Model(1, [CardPackage(card, picture, {})])
        return card_id

    @rule(card_id=ids, package=packages)
    def save(self, card_id: str, package: CardPackage) -> None:
        # A word of its own: the card differs from every one before.
        word = f"word{next(self.words)}x"
        changed = CardPackage(
            package.card.model_copy(update={"creator": word}), package.picture, package.files
        )
        self._put(card_id, changed, self.cards[card_id].versions)

    @rule(card_id=ids, package=packages, behind=st.integers(1, 3))
    def save_over_somebody_elses(self, card_id: str, package: CardPackage, behind: int) -> None:
        model = self.cards[card_id]
        wanted = "CARD_NOT_FOUND" if model.deleted else "CARD_CHANGED"
        with pytest.raises(LibraryError) as raised:
            self.shelf.library.save(card_id, package, model.versions - behind, "by hand")
        assert raised.value.code == wanted

    @rule(card_id=ids, data=st.data())
    def restore(self, card_id: str, data: st.DataObject) -> None:
        model = self.cards[card_id]
        number = data.draw(st.integers(1, len(model.history)))
        if model.deleted:
            with pytest.raises(LibraryError):
                self.shelf.library.restore(card_id, number, model.versions)
            return
        restored = self.shelf.library.restore(card_id, number, model.versions)
        if model.history[number - 1] != model.history[-1]:
            model.history.append(model.history[number - 1])
            model.versions += 1
        assert restored.version == model.versions

    @rule(card_id=ids)
    def delete(self, card_id: str) -> None:
        self.shelf.library.delete([card_id])
        self.cards[card_id].deleted = True

    @rule(card_id=ids)
    def undelete(self, card_id: str) -> None:
        self.shelf.library.undelete([card_id])
        self.cards[card_id].deleted = False

    @rule()
    def purge(self) -> None:
        self.shelf.library.purge()

    @invariant()
    def every_card_is_as_the_model_has_it(self) -> None:
        there = {card_id: model for card_id, model in self.cards.items() if not model.deleted}
        assert {summary.id for summary in self.shelf.library.cards()} == set(there)
        for card_id, model in there.items():
            stored = self.shelf.library.card(card_id)
            assert (stored.package, stored.version) == (model.history[-1], model.versions)
            numbers = [revision.number for revision in self.shelf.library.revisions(card_id)]
            assert numbers == list(range(len(model.history), 0, -1))
            assert self.shelf.library.revision(card_id, 1) == model.history[0]
            word = stored.card.creator
            if word.startswith("word"):
                assert card_id in {summary.id for summary in self.shelf.search.cards(CardQuery(text=word))}

    def _put(self, card_id: str, package: CardPackage, version: int) -> None:
        model = self.cards[card_id]
        if model.deleted:
            with pytest.raises(LibraryError):
                self.shelf.library.save(card_id, package, version, "by hand")
            return
        stored = self.shelf.library.save(card_id, package, version, "by hand")
        model.history.append(package)
        model.versions += 1
        assert stored.package == package


TestLibrary = Library.TestCase
TestLibrary.settings = settings(max_examples=settings().max_examples // 3, stateful_step_count=20)
