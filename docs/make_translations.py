"""Brings resources/translations up to date with the texts in the window.

English needs a translation only for its plural forms; they follow from the source: (s) and (es) are endings.
"""

# ruff: noqa: S603, S314

from __future__ import annotations

import ast
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_FOLDER = _ROOT / "resources" / "translations"


def plural_forms(text: str) -> tuple[str, str]:
    """One and many: ``%n card(s) are`` → ``%n card is``, ``%n cards are``; %L marks the thousands."""
    text = text.replace("%n", "%Ln")
    one = re.sub(r"\(e?s\) (are|were)\b", lambda verb: " is" if verb[1] == "are" else " was", text)
    many = re.sub(r"(?<=[^aeiou])y\(s\)", "ies", text)
    return re.sub(r"\(e?s\)", "", one), re.sub(r"\((e?s)\)", r"\1", many)


def plurals_of_functions(path: Path) -> Iterator[tuple[str, str]]:
    """Context and text of each ``translate(context, text, None, n)``: lupdate sees plurals in `tr` only."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or len(node.args) != 4:
            continue
        function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        context, text = node.args[:2]
        if function == "translate" and isinstance(context, ast.Constant) and isinstance(text, ast.Constant):
            yield str(context.value), str(text.value)


def add_plural(root: ET.Element, context: str, text: str) -> None:
    """A message with two forms, unless it is there."""
    found = next((each for each in root.iter("context") if each.findtext("name") == context), None)
    if found is None:
        found = ET.SubElement(root, "context")
        ET.SubElement(found, "name").text = context
    if any(message.findtext("source") == text for message in found.iter("message")):
        return
    message = ET.SubElement(found, "message", numerus="yes")
    ET.SubElement(message, "source").text = text
    translation = ET.SubElement(message, "translation")
    ET.SubElement(translation, "numerusform")
    ET.SubElement(translation, "numerusform")


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
    for source in sources:
        for context, plural in plurals_of_functions(_ROOT / source):
            add_plural(tree.getroot(), context, plural)
    ET.indent(tree, "    ")
    for message in tree.iter("message"):
        translation = message.find("translation")
        plural = message.findtext("source", "")
        if translation is None:
            continue
        translation.attrib.pop("type", None)
        for form, text in zip(translation.findall("numerusform"), plural_forms(plural), strict=True):
            form.text = text
    text = ET.tostring(tree.getroot(), encoding="unicode")
    ts.write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n' + re.sub(r"\s+$", "", text) + "\n", "utf-8"
    )
    subprocess.run([tools / "pyside6-lrelease", ts, "-qm", ts.with_suffix(".qm")], cwd=_ROOT, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
