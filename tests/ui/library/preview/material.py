"""A card with something in every corner, and how it comes into a library."""

from cardforge_desktop.cards.avatar import draw_placeholder
from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.service import Origin
from cardforge_desktop.workspace import Workspace

CARD = Card(
    name="Tessa Marrow",
    nickname="Tessa",
    description="{{char}} keeps the lamp. She owes the chandler for oil.",
    personality="Dry and patient.",
    scenario="A storm has cut the causeway. {{user}} is stuck in the tower.",
    first_mes='*{{char}} looks up.* "You are late, {{user}}."',
    alternate_greetings=["", "The lamp is dark, {{user}}."],
    mes_example="<START>\n{{user}}: Cold?\n{{char}}: No.\n<START>\nNobody speaks here.",
    tags=["sea", "slow burn"],
    character_book=CharacterBook(
        entries=[
            BookEntry(keys=["late"], content="Nobody is ever on time here.", comment="Time"),
            BookEntry(keys=["harbour"], content="The harbour lies in the lee.", name="Harbour"),
        ]
    ),
)
PICTURE, OTHER_PICTURE = draw_placeholder("Tessa"), draw_placeholder("Mirela")
ORIGIN = Origin("Default", "profile_default", 1, "Built-in", True, "tessa.md", "batch_1", "item_1")


def add_card(workspace: Workspace, card: Card = CARD, picture: bytes = PICTURE) -> str:
    """The id of a new card in the library, made as the queue makes one."""
    with workspace.library._store.write() as session:
        return workspace.library.add(session, CardPackage(card, picture), ORIGIN).summary.id
