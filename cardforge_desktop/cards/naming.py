"""What the placeholders of a naming pattern stand for, of a card."""

from datetime import datetime

from cardforge_desktop.cards.model import Card
from cardforge_desktop.naming import NameValues


def name_values(card: Card, moment: datetime, *, batch_id: str = "", index: int = 1) -> NameValues:
    """The values of `card`; world and class are those that its generation noted, in `extensions.cardforge`.

    Args:
        moment: when the card was made, with its time zone; gives dates in names, in this machine's time zone.
        index: place of the card in its batch or selection, from 1.
    """
    own = card.extensions.get("cardforge")
    facts = own if isinstance(own, dict) else {}
    return NameValues(
        character_name=card.name,
        moment=moment.astimezone(),
        world=str(facts.get("world") or ""),
        character_class=str(facts.get("class") or ""),
        version=card.character_version,
        batch_id=batch_id,
        index=index,
    )
