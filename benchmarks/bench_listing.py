"""The list of a folder of 5,000 PNG cards (name, spec, tokens) against reading the same files with Pillow."""

from __future__ import annotations

import io
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageChops

from cardforge_desktop.cards.formats import FORMATS
from cardforge_desktop.cards.formats.headers import list_folder
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.resources import resource
from cardforge_desktop.tokens import O200K

# In rounds, so that at most one fifth of the files (some 400 MB) lies in the temporary folder at a time.
ROUNDS = 5
FILES = 1_000
SIZE = (400, 600)
#: Of name, description, personality, scenario, first message and examples, as o200k counts them.
TOKENS = 1_500
PICTURES = 16
AIM = 0.2
WORDS = resource("examples", "the-long-way-over-karsk.txt").read_text(encoding="utf-8").split()
TOKENS_A_WORD = O200K.count(" ".join(WORDS)) / len(WORDS)


def main() -> None:
    """Print the ratio of each round and their median, with and without the tokens."""
    dice = random.Random(3)
    pictures = [picture(dice) for _ in range(PICTURES)]
    rounds = [one_round(dice, pictures) for _ in range(ROUNDS)]
    milliseconds = sum(whole for whole, _, _ in rounds) / (ROUNDS * FILES) * 1000
    print(f"list of {ROUNDS * FILES:,} PNG cards of {TOKENS:,} tokens, pictures of {SIZE[0]} × {SIZE[1]}")
    print(f"  whole with Pillow (open, load, info): {milliseconds:.2f} ms a file")
    show("name, spec, tokens", [tokens / whole for whole, tokens, _ in rounds], f"  (aim ≤ {AIM})")
    show("name, spec", [names / whole for whole, _, names in rounds])


def one_round(dice: random.Random, pictures: list[bytes]) -> tuple[float, float, float]:
    """Seconds of Pillow, of the list with tokens and of the list without, over new files."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for at in range(FILES):
            package = CardPackage(card(dice, at), dice.choice(pictures))
            (folder / f"{at}.png").write_bytes(FORMATS["tavernai"].write(package))
        return (
            seconds(lambda: sum(1 for path in folder.iterdir() if "ccv3" in read_whole(path))),
            seconds(lambda: sum(header.total_tokens > 0 for header in list_folder(folder, O200K.count))),
            seconds(lambda: sum(header.name != "" for header in list_folder(folder))),
        )


def read_whole(path: Path) -> dict:
    """The texts of a picture, read as Pillow does: with its pixels."""
    with Image.open(path) as image:
        image.load()
        return image.info


def seconds(work: Callable[[], int]) -> float:
    """How long `work` takes, which has to give the number of the files."""
    began = time.perf_counter()
    found = work()
    took = time.perf_counter() - began
    if found != FILES:
        raise SystemExit(f"only {found} of {FILES} cards were found")
    return took


def show(what: str, ratios: list[float], aim: str = "") -> None:
    """Print the ratios and the one in the middle."""
    ratios.sort()
    print(f"  {what} / whole: {', '.join(f'{ratio:.3f}' for ratio in ratios)}{aim}")
    print(f"    median {ratios[len(ratios) // 2]:.3f}")


def picture(dice: random.Random) -> bytes:
    """A picture that compresses as a painted one does: soft forms and fine noise, some 500 KB."""
    planes = [ImageChops.add(plane(dice, SIZE[0] // 16, 255), plane(dice, SIZE[0], 24)) for _ in range(3)]
    buffer = io.BytesIO()
    Image.merge("RGB", planes).save(buffer, "PNG")
    return buffer.getvalue()


def plane(dice: random.Random, width: int, strength: int) -> Image.Image:
    """Noise of this strength, `width` grains wide."""
    size = (width, width * SIZE[1] // SIZE[0])
    noise = Image.frombytes("L", size, dice.randbytes(size[0] * size[1]))
    return noise.point(lambda value: value * strength // 255).resize(SIZE, Image.Resampling.BICUBIC)


def card(dice: random.Random, number: int) -> Card:
    """A card of some `TOKENS` tokens, most of them permanent, with texts that no other has."""

    def text(tokens: int) -> str:
        start = dice.randrange(len(WORDS))
        return " ".join((WORDS * 2)[start : start + int(tokens / TOKENS_A_WORD)])

    return Card(
        name=f"Card {number}",
        description=text(800),
        personality=text(100),
        scenario=text(100),
        first_mes=text(250),
        mes_example=text(250),
    )


if __name__ == "__main__":
    main()
