"""Brings resources/translations up to date with the texts in the window.

English needs a translation only for its plural forms; they follow from the source: (s) and (es) are endings.
"""

# ruff: noqa: S603, S314

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_FOLDER = _ROOT / "resources" / "translations"


def plural_forms(text: str) -> tuple[str, str]:
    """One and many: ``%n card(s) are`` → ``%n card is``, ``%n cards are``; %L marks the thousands."""
    text = text.replace("%n", "%Ln")
    one = text.replace("(s) are", " is").replace("(es) are", " is").replace("(s)", "").replace("(es)", "")
    many = text.replace("entry(s)", "entries").replace("(s)", "s").replace("(es)", "es")
    return one, many


def main() -> int:
    """Collect, fill the plural forms, compile."""
    tools = Path(sys.executable).parent
    ts = _FOLDER / "cardforge_en.ts"
    sources = sorted(
        str(path.relative_to(_ROOT)) for path in (_ROOT / "cardforge_desktop" / "ui").rglob("*.py")
    )
    options = [
        "-source-language",
        "en",
        "-target-language",
        "en",
        "-pluralonly",
        "-no-obsolete",
        "-locations",
        "none",
    ]
    subprocess.run([tools / "pyside6-lupdate", *sources, *options, "-ts", ts], cwd=_ROOT, check=True)
    tree = ET.parse(ts)
    for message in tree.iter("message"):
        translation = message.find("translation")
        source = message.findtext("source", "")
        if translation is None:
            continue
        translation.attrib.pop("type", None)
        for form, text in zip(translation.findall("numerusform"), plural_forms(source), strict=True):
            form.text = text
    text = ET.tostring(tree.getroot(), encoding="unicode")
    ts.write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n' + re.sub(r"\s+$", "", text) + "\n", "utf-8"
    )
    subprocess.run([tools / "pyside6-lrelease", ts, "-qm", ts.with_suffix(".qm")], cwd=_ROOT, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
