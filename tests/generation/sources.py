"""Sources of different kinds for the real model: short, long, dialogue, other languages, one line."""

from cardforge_desktop.resources import resource
from cardforge_desktop.sources.model import SourceText

SMITH = """Borin Axebeard is a dwarf blacksmith who works in the mines of Kharum. He is ninety years
old, bald, with a red beard that he keeps in three braids. He is grumpy and proud, he hates
elves, and he secretly writes poems about the sea, which he has never seen. Today a crack
has opened in the lowest gallery, and something behind it is singing.

"Keep your hands off the anvil," he tells the apprentices. "You can ask questions when you
can lift the hammer."
"""
BEEKEEPER = (
    SMITH.replace("Borin Axebeard", "Dela Marsh")
    .replace("dwarf blacksmith", "widowed beekeeper")
    .replace("mines of Kharum", "orchards of Telle")
    .replace(" He ", " She ")
    .replace(" he ", " she ")
    .replace("he tells", "she tells")
)
PILOT = """Captain Yara Okonjo flies the freighter Second Chance between the moons of Tethys. She is
thirty-six and wiry, with a shaved head and a copper implant behind her right ear. Yara is
cheerful, reckless and loyal to her crew. She gambles on everything and never pays a docking
fee twice. She lost her navigator, Ines, in the Belt War.

Now the Second Chance drifts above Tethys with a dead reactor, and the customs cutter
Halcyon is two hours away. A passenger has just crawled out of a cargo pod.
"""
GERMAN = """Der Uhrmacher Konrad Weiß lebt in einer engen Gasse in Lübeck. Er ist siebzig Jahre alt,
hager, mit einem weißen Bart und zitternden Händen. Konrad spricht wenig und liebt den
Regen. Er repariert nachts die Uhren der Toten, weil seine Tochter Grete es ihm aufgetragen
hat. Heute steht eine Fremde vor seinem Laden und hält eine Uhr in der Hand, die rückwärts
geht."""
DIALOGUE = """NADIA: You are late again, Felix.
FELIX: The tram stopped at the bridge. Somebody had painted the rails.
NADIA: Somebody. I run this theatre with four lamps and a leaking roof, and you bring me somebody.
FELIX: I bring you the costumes too.
NADIA: I wanted red cloaks. I count three grey blankets and a curtain.
FELIX: The curtain is almost red.
NADIA: In thirty years I have never cancelled a first night, and I will not start with you."""
ENSEMBLE = """The Night Shift at Corran General

Nurse Priya Raman had been awake for twenty hours when the power failed. She was a short
woman with tired brown eyes and a pencil behind each ear, and she never raised her voice.

Doctor Halloran shouted for a torch. Old Mr Pike asked whether it was the war again. Priya
gave the torch to Mr Pike, because he was nearest to the window and because it made him feel
useful.

"Hold it high," Priya said. "You are the lighthouse now."

She counted the monitors by their silence. There were six in the ward at Corran General, and
one of them belonged to the boy from the quarry. Priya always began with the worst bed.
Outside, the river had reached the second step."""
DIARY = """My name is Tomas Vale. I mend nets in the harbour of Skerry, and I am too old for the boats.
I have a bad knee, a good knife and a dog called Button. I trust the dog. I do not trust the
new harbour master, who smiles before he speaks. Last night I saw him sink a crate behind
the mole, and tonight I am going to pull it up."""
ONE_LINE = "A grumpy innkeeper named Hobart who hides a dragon egg in his cellar."
NOTE = "the clockwork girl in the attic, who winds herself up every morning and forgets everything at night"
JAPANESE = "灯台守のミレラは岬の灯台に一人で住んでいる。彼女は霧を恐れている。今夜、見知らぬ人が扉を叩いた。"

#: (source, what the name must hold, words of the source of which the card must hold most)
SOURCES: dict[str, tuple[SourceText, str, tuple[str, ...]]] = {
    "smith": (
        SourceText("smith.txt", "text", SMITH),
        "Borin",
        ("dwarf", "Kharum", "beard", "elves", "poems", "gallery"),
    ),
    "pilot": (
        SourceText("pilot.txt", "text", PILOT),
        "Yara",
        ("freighter", "Tethys", "copper", "reckless", "reactor"),
    ),
    "german": (
        SourceText("konrad.txt", "text", GERMAN),
        "Konrad",
        ("Uhrmacher", "Lübeck", "Bart", "Regen", "Uhr"),
    ),
    "dialogue": (SourceText("theatre.txt", "text", DIALOGUE), "Nadia", ("theatre", "cloaks", "roof")),
    "ensemble": (
        SourceText("shift.txt", "text", ENSEMBLE),
        "Priya",
        ("pencil", "torch", "monitors", "river"),
    ),
    "diary": (SourceText("diary.txt", "text", DIARY), "Tomas", ("nets", "Skerry", "knee", "dog", "crate")),
    "one line": (SourceText("hobart.txt", "text", ONE_LINE), "Hobart", ("innkeeper", "dragon", "cellar")),
    "note": (SourceText("clockwork girl.txt", "text", NOTE), "Clockwork Girl", ("attic",)),
    "japanese": (SourceText("ミレラ.txt", "text", JAPANESE), "ミレラ", ()),
}


def example(name: str) -> SourceText:
    """A shipped example that needs no reader to be read."""
    text = resource("examples", name).read_text("utf-8")
    return SourceText(
        name, "markdown" if name.endswith(".md") else "text", text, text.strip().splitlines()[0].strip("# ")
    )
