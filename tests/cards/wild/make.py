"""Makes the card files beside it: `python tests/cards/wild/make.py`.

Each is in a shape that was seen in the wild or that another app writes. Nothing of CardForge is used, so that
its reader is tried on what its writer did not make. The files are kept in the repository: other versions of
zlib pack them otherwise.
"""

import base64
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

MIRELA = {
    "name": "Mirela",
    "description": "A lighthouse keeper.",
    "personality": "patient, dry",
    "scenario": "A storm.",
    "first_mes": "*{{char}} lifts the lamp.*",
    "mes_example": "<START>\n{{user}}: Who?\n{{char}}: The light.",
}
MORE = {
    "creator_notes": "",
    "system_prompt": "",
    "post_history_instructions": "",
    "alternate_greetings": ["Back again?"],
    "tags": ["sea"],
    "creator": "me",
    "character_version": "1.2",
    "extensions": {},
}
LAMP = {"keys": ["lamp"], "content": "Whale oil.", "extensions": {}, "enabled": True, "insertion_order": 10}


# JSON


def text(value: object, **options: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, **options).encode()


def v2(**fields: object) -> dict[str, object]:
    return {"spec": "chara_card_v2", "spec_version": "2.0", "data": {**MIRELA, **MORE, **fields}}


def v3(**fields: object) -> dict[str, object]:
    data = {**MIRELA, **MORE, "group_only_greetings": [], **fields}
    return {"spec": "chara_card_v3", "spec_version": "3.0", "data": data}


def cards() -> Iterator[tuple[str, bytes]]:
    yield "v1.json", text({**MIRELA, "metadata": {"version": 1, "tool": {"name": "AICharED"}}})
    yield "v2.json", text(v2())
    yield "v3.json", text(v3(nickname="Mira", source=["https://example.org/mirela"]))
    yield "flat_v2.json", text({**MIRELA, **MORE, "character_book": {"entries": [LAMP]}, "mood": 1})
    yield "data_without_spec.json", text({"data": {**MIRELA, **MORE}})
    yield "sillytavern.json", text(sillytavern())
    yield "book_null.json", text(v2(character_book=None, extensions=None))
    yield "greetings_text.json", text(v2(alternate_greetings="Back again?", tags="sea, OC"))
    yield "numbers_as_texts.json", text(numbers_as_texts())
    yield "texts_as_numbers.json", text(v2(character_version=2, creator=None, scenario=["A", "storm."]))
    yield "nulls.json", text(v2(tags=None, alternate_greetings=None, description=None, creator_notes=None))
    yield "spec_version_number.json", text({**v3(), "spec_version": 3})
    yield "newer_version.json", text({**v3(), "spec_version": "3.1"})
    yield "v4.json", text({**v3(aura="blue"), "spec": "chara_card_v4", "spec_version": "4.0"})
    yield "bom.json", b"\xef\xbb\xbf" + text(v2(name="Zoë"))
    yield "utf16.json", json.dumps(v2(name="Zoë"), ensure_ascii=False).encode("utf-16")
    yield "cp1252.json", json.dumps(v2(name="Zoë"), ensure_ascii=False).encode("cp1252")
    yield "not_a_number.json", text(v2(extensions={"speed": float("nan"), "far": float("inf")}))
    yield "half_character.json", json.dumps(v2(creator="me \ud83d")).encode()
    yield "php.json", text(v2(extensions=[], character_book=[]))


def sillytavern() -> dict[str, object]:
    """As SillyTavern exports a card (`charaFormatData`): everything twice, and more beside it."""
    data = v3(extensions={"talkativeness": "0.5", "fav": False, "world": "", "depth_prompt": {"depth": 4}})
    return {
        **MIRELA,
        "creatorcomment": "",
        "avatar": "none",
        "chat": "Mirela - 2026-11-23",
        "talkativeness": "0.5",
        "fav": False,
        "tags": ["sea"],
        **data,
        "create_date": "2026-11-23@10h00m00s",
    }


def numbers_as_texts() -> dict[str, object]:
    entry = {**LAMP, "insertion_order": "10", "enabled": "false", "priority": "1.5", "id": "3"}
    book = {"scan_depth": "4", "token_budget": "512", "recursive_scanning": "true", "entries": [entry]}
    return v3(creation_date="1763000000", character_book=book)


# Books in cards


def books_in_cards() -> Iterator[tuple[str, bytes]]:
    bare = [{"keys": ["lamp"], "content": "Oil."}, {"keys": ["sea"], "content": "Salt."}]
    yield "book_without_extensions.json", text(v2(character_book={"entries": bare}))
    ids = [{**LAMP, "id": id_} for id_ in (1, 1, None, -1, "lamp", 2.0)]
    yield "ids.json", text(v2(character_book={"extensions": {}, "entries": [*ids, LAMP]}))
    by_number = {"0": LAMP, "1": {**LAMP, "keys": "sea, salt", "position": 4}}
    yield "numbered_entries.json", text(v2(character_book={"entries": by_number}))
    yield "world_info_inside.json", text(v2(character_book=world_info()))
    nulls = {**LAMP, "case_sensitive": None, "secondary_keys": None, "name": None, "keys": None, "id": 0}
    yield "entry_nulls.json", text(v2(character_book={"name": None, "entries": [nulls, "no entry"]}))


# Books alone


def world_info() -> dict[str, object]:
    """As SillyTavern writes a book it made (`newWorldInfoEntryTemplate`)."""
    entry = {
        "uid": 0, "key": ["lamp", "/light(house)?/i"], "keysecondary": ["oil"], "comment": "The lamp",
        "content": "Whale oil.", "constant": False, "vectorized": False, "selective": True,
        "selectiveLogic": 3, "addMemo": True, "order": 250, "position": 4, "disable": True,
        "excludeRecursion": True, "preventRecursion": False, "delayUntilRecursion": False,
        "probability": 35, "useProbability": True, "depth": 7, "group": "", "groupOverride": False,
        "groupWeight": 100, "scanDepth": None, "caseSensitive": True, "matchWholeWords": None,
        "useGroupScoring": None, "automationId": "", "role": 2, "sticky": 0, "cooldown": 0, "delay": 0,
        "displayIndex": 0,
    }  # fmt: skip
    return {"entries": {"0": entry}}


def books() -> Iterator[tuple[str, bytes]]:
    yield "world_info.json", text(world_info(), indent=4)
    yield "lorebook_v3.json", text({"spec": "lorebook_v3", "data": {"name": "Coast", "entries": [LAMP]}})
    yield "book.json", text({"name": "Coast", "entries": [LAMP]})
    risu = {
        "key": "lamp, light", "comment": "The lamp", "content": "Whale oil.", "mode": "normal",
        "insertorder": 100, "alwaysActive": False, "secondkey": "", "selective": False,
    }  # fmt: skip
    yield "risu_lorebook.json", text({"type": "risu", "ver": 1, "data": [risu]})
    agnai = {"name": "Lamp", "entry": "Whale oil.", "keywords": ["lamp"], "priority": 10, "weight": 2}
    yield "agnai_memory.json", text({"kind": "memory", "name": "Coast", "entries": [agnai]})
    novelai = {"text": "Whale oil.", "displayName": "Lamp", "keys": ["lamp"], "enabled": True}
    yield "novelai.lorebook", text({"lorebookVersion": 5, "entries": [novelai]})


# Other apps


def characters() -> Iterator[tuple[str, bytes]]:
    yield (
        "pygmalion.json",
        text(
            {
                "char_name": "Mirela",
                "char_persona": "A lighthouse keeper.",
                "world_scenario": "A storm.",
                "char_greeting": "*{{char}} lifts the lamp.*",
                "example_dialogue": "You: Who?\nMirela: The light.",
            }
        ),
    )
    yield (
        "text_generation_webui.yaml",
        b"name: Mirela\n"
        b"greeting: |-\n  *{{char}} lifts the lamp.*\n\n  No\n"
        b"context: |\n  Mirela's Persona: A lighthouse keeper.\n  2026-11-23\n",
    )
    yield (
        "v2.yaml",
        b"# made by hand\n---\nspec: chara_card_v2\nspec_version: 2.0\ndata:\n"
        b"  name: Mirela\n  first_mes: No\n  character_version: 1.10\n"
        b"  tags: &tags [sea, 'yes']\n  alternate_greetings: *tags\n",
    )
    agnai = {
        "kind": "character",
        "name": "Mirela",
        "persona": {"kind": "text", "attributes": {"text": ["A lighthouse keeper."]}},
        "greeting": "*{{char}} lifts the lamp.*",
        "scenario": "A storm.",
        "sampleChat": "{{user}}: Who?",
    }
    yield "agnai.json", text(agnai)
    risu = {"name": "Mirela", "desc": "A lighthouse keeper.", "firstMessage": "Hm.", "globalLore": []}
    yield "risu.json", text({"type": "character", **risu})
    character_ai = {"external_id": "x", "participant__name": "Mirela", "greeting": "Hm.", "definition": ""}
    yield "character_ai.json", text({"character": character_ai})


# PNG


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER = chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0))
PIXELS = chunk(b"IDAT", zlib.compress(b"\0\x10\x20\x30\x40\x50\x60" * 2))
END = chunk(b"IEND", b"")


def png(*texts: bytes) -> bytes:
    """A picture of 2 × 2 pixels with these chunks behind them."""
    return b"".join((SIGNATURE, HEADER, PIXELS, *texts, END))


def packed(value: object) -> bytes:
    return base64.b64encode(text(value))


def in_text(keyword: bytes, value: object) -> bytes:
    return chunk(b"tEXt", keyword + b"\0" + packed(value))


def pictures() -> Iterator[tuple[str, bytes]]:
    yield "v2.png", png(in_text(b"chara", v2()))
    yield "v1.png", png(in_text(b"chara", MIRELA))
    yield "before_pixels.png", b"".join((SIGNATURE, HEADER, in_text(b"chara", v2()), PIXELS, END))
    yield "ztxt.png", png(chunk(b"zTXt", b"chara\0\0" + zlib.compress(packed(v2()))))
    yield "itxt.png", png(chunk(b"iTXt", b"chara\0\0\0\0\0" + packed(v2())))
    yield "itxt_packed.png", png(chunk(b"iTXt", b"ccv3\0\1\0en\0Karte\0" + zlib.compress(packed(v3()))))
    yield "raw_json.png", png(chunk(b"tEXt", b"chara\0" + json.dumps(v2(name="Zoë")).encode()))
    yield "after_end.png", png(in_text(b"chara", v2())) + b"\0" * 64
    yield "v3_in_chara.png", png(in_text(b"chara", v3(nickname="Mira")))
    yield "both.png", png(in_text(b"chara", v2(name="Old Mirela")), in_text(b"ccv3", v3(nickname="Mira")))
    yield "two_cards.png", png(in_text(b"chara", v2()), in_text(b"chara", v2(name="Second")))
    yield "upper_case.png", png(in_text(b"CHARA", v2(name="Old Mirela")), in_text(b"CCv3", v3()))
    yield "other_texts.png", png(chunk(b"tEXt", b"Software\0Painter"), in_text(b"chara", v2()))
    yield "broken_v3.png", png(chunk(b"tEXt", b"ccv3\0%%%"), in_text(b"chara", v2()))
    right = png(in_text(b"chara", v2()))
    at = right.index(PIXELS) + 10
    yield "wrong_checksum.png", right[:at] + bytes([right[at] ^ 1]) + right[at + 1 :]
    yield "cut_off.png", right[:-9]
    yield "unpadded.png", png(chunk(b"tEXt", b"chara\0" + packed(v2(creator="x")).rstrip(b"=") + b"\r\n"))
    yield "world_info.png", png(in_text(b"chara", world_info()))
    yield "risu_assets.png", risu_png()
    yield "plain.png", png()


def risu_png() -> bytes:
    """RisuAI's older files: assets by number, with a colon after the keyword and without."""
    assets = [
        {"type": "icon", "uri": "__asset:0", "name": "main", "ext": "png"},
        {"type": "x-risu-asset", "uri": "__asset:1", "name": "sea", "ext": "mp3"},
    ]
    return png(
        chunk(b"tEXt", b"chara-ext-asset_0\0" + base64.b64encode(png())),
        chunk(b"tEXt", b"chara-ext-asset_:1\0" + base64.b64encode(b"ID3 the sea")),
        in_text(b"ccv3", v3(assets=assets)),
    )


# CHARX


def charx(card: object, *members: tuple[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in (("card.json", text(card)), *members):
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 23, 0, 0, 0)), content, method)
    return buffer.getvalue()


def icon(uri: str, name: str = "main") -> dict[str, str]:
    return {"type": "icon", "uri": uri, "name": name, "ext": "png"}


#: The begin and the end of a JPEG; what lies between them is no matter.
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0 no pixels \xff\xd9"


def archives() -> Iterator[tuple[str, bytes]]:
    main = ("assets/icon/images/main.png", png())
    card = v3(assets=[icon("embeded://assets/icon/images/main.png")])
    yield "embeded.charx", charx(card, main)
    right = v3(assets=[icon("embedded://assets/icon/images/main.png")])
    yield "embedded.charx", charx(right, main, method=zipfile.ZIP_DEFLATED)
    yield "old_uri.charx", charx(v3(assets=[icon("__asset:assets/icon/images/main.png")]), main)
    yield "default_icon.charx", charx(v3(assets=[icon("ccdefault:")]), ("module.risum", b"\x6f\0"))
    yield "behind_jpeg.jpg", JPEG + charx(v3())
    yield "behind_jpeg_with_icon.jpg", JPEG + charx(card, main)
    yield "behind_png.png", png() + charx(v3())
    yield "chunk_and_zip.png", png(in_text(b"chara", v2())) + charx(v3(name="In the zip"))
    yield "slip.charx", charx(card, main, ("../evil.txt", b"evil"), ("/abs.txt", b"evil"))
    yield "v2.charx", charx(v2())
    yield "plain.jpg", JPEG
    yield "other.zip", charx(v3()).replace(b"card.json", b"note.json")


def main() -> None:
    """Write all of them."""
    folder = Path(__file__).parent / "files"
    folder.mkdir(exist_ok=True)
    for make in (cards, books_in_cards, books, characters, pictures, archives):
        for name, data in make():
            (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
