"""What the editor asks of the library, so that of two who save, neither loses anything. Runs on a worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from cardforge_desktop.cards.revisions import EDITED
from cardforge_desktop.cards.service import LibraryError
from cardforge_desktop.errors import ErrorCode

if TYPE_CHECKING:
    from cardforge_desktop.cards.package import CardPackage
    from cardforge_desktop.cards.service import CardLibrary, StoredCard
    from cardforge_desktop.workspace import Workspace

# Reasons in the history. Each is a revision of its own: what is “edited” would go into the one before.
KEPT = "kept over another change"
SET_ASIDE = "set aside for another change"
RESTORED = "restored"
_TRIES = 20
_BOOK = {"character_book"}


@dataclass(frozen=True, slots=True)
class Order:
    """A state to save.

    Attributes:
        base: the state that the library had as `version`.
        overrules: nobody can be asked: it is saved over what others saved, or beside the deletion.
    """

    card_id: str
    package: CardPackage
    base: CardPackage
    version: int
    reason: str = EDITED
    overrules: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """The library has it.

    Attributes:
        joined: fields that somebody else had changed meanwhile, which stand so in it too.
    """

    stored: StoredCard
    joined: Mapping[str, Any] = field(default_factory=dict)

    def put_into(self, package: CardPackage) -> CardPackage:
        """A state with what somebody else had changed."""
        return replace(package, card=package.card.model_copy(update=self.joined))

    def touches(self, now: CardPackage, before: CardPackage) -> bool:
        """Whether one of these fields was changed here since."""
        return any(getattr(now.card, name) != getattr(before.card, name) for name in self.joined)


@dataclass(frozen=True, slots=True)
class Theirs:
    """Somebody else saved this meanwhile; nothing was done."""

    stored: StoredCard


@dataclass(frozen=True, slots=True)
class Gone:
    """The card was deleted meanwhile; nothing was done."""


def save(library: CardLibrary, order: Order) -> Saved | Theirs | Gone:
    """Save a state over the one it was made from.

    Raises:
        CardForgeError: the store can't be written.
    """
    package = order.package
    if package.picture is order.base.picture:
        package = replace(package, picture=None)  # the library has it
    try:
        return Saved(library.save(order.card_id, package, order.version, order.reason))
    except LibraryError as error:
        if error.code not in (ErrorCode.CARD_CHANGED, ErrorCode.CARD_NOT_FOUND):
            raise
    theirs = look(library, order.card_id)
    if theirs is not None and (joined := _beside_theirs(library, order, package, theirs)) is not None:
        return joined
    if not order.overrules:
        return Gone() if theirs is None else Theirs(theirs)
    if theirs is None:
        return Saved(_into_the_bin(library, order))
    return Saved(keep_mine(library, order.card_id, order.package))


def _beside_theirs(
    library: CardLibrary, order: Order, package: CardPackage, theirs: StoredCard
) -> Saved | None:
    """Save both where one changed the book alone, which has a panel of its own, and the other did not.

    None: both changed one thing, or somebody saved again.
    """
    base, mine, other = order.base.card, order.package.card, theirs.card
    others, own = (
        {name for name in type(base).model_fields if getattr(card, name) != getattr(base, name)}
        for card in (other, mine)
    )
    same_rest = other.model_extra == base.model_extra and theirs.package.files == order.base.files
    if not same_rest or theirs.package.picture != order.base.picture:
        return None
    if others & own or _BOOK not in (others, own):
        return None
    fields = {name: getattr(other, name) for name in others}
    joined = replace(package, card=mine.model_copy(update=fields))
    try:
        return Saved(library.save(order.card_id, joined, theirs.version, order.reason), fields)
    except LibraryError as error:
        if error.code not in (ErrorCode.CARD_CHANGED, ErrorCode.CARD_NOT_FOUND):
            raise
        return None


def keep_mine(library: CardLibrary, card_id: str, package: CardPackage) -> StoredCard:
    """Make `package` the newest version, whatever is there; what is there stays in the history.

    Raises:
        LibraryError: the card is gone, or others never stop saving it.
    """
    return _over(library, card_id, package, KEPT)[1]


def load_theirs(library: CardLibrary, card_id: str, package: CardPackage) -> StoredCard:
    """Keep `package` in the history, and make what is in the library the newest version again.

    Raises:
        LibraryError: as `keep_mine`.
    """
    theirs, _mine = _over(library, card_id, package, SET_ASIDE)
    return _over(library, card_id, theirs.package, RESTORED)[1]


def bring_back(library: CardLibrary, card_id: str, package: CardPackage) -> StoredCard:
    """Have a deleted card again, as `package`.

    Raises:
        LibraryError: as `keep_mine`.
    """
    library.undelete([card_id])
    return keep_mine(library, card_id, package)


def add_as_new(workspace: Workspace, package: CardPackage) -> str:
    """Have `package` in the library as a card of its own; returns its id.

    Raises:
        CardForgeError: it can't be written as a file, or not be stored.
    """
    from cardforge_desktop.cards.formats import FORMATS
    from cardforge_desktop.cards.importing import NamedBytes

    data = FORMATS["charx"].write(package)
    (item,) = workspace.card_imports.take([NamedBytes(package.card.name or "card", data)]).items
    if not item.card_id:
        raise LibraryError(ErrorCode.CARD_NOT_FOUND, item.message)
    return item.card_id


def look(library: CardLibrary, card_id: str) -> StoredCard | None:
    """The card as it is now, None where it was deleted."""
    try:
        return library.card(card_id)
    except LibraryError as error:
        if error.code != ErrorCode.CARD_NOT_FOUND:
            raise
        return None


def _over(
    library: CardLibrary, card_id: str, package: CardPackage, reason: str
) -> tuple[StoredCard, StoredCard]:
    """What was there, and what is there now."""
    for _ in range(_TRIES - 1):
        before = library.card(card_id)
        try:
            return before, library.save(card_id, package, before.version, reason)
        except LibraryError as error:
            if error.code != ErrorCode.CARD_CHANGED:
                raise
    before = library.card(card_id)
    return before, library.save(card_id, package, before.version, reason)


def _into_the_bin(library: CardLibrary, order: Order) -> StoredCard:
    """What was written into a card that somebody deleted is there when the card is brought back."""
    stored = bring_back(library, order.card_id, order.package)
    library.delete([order.card_id])
    return stored
