"""A message as SillyTavern shows it: Markdown, actions and speech in their colours; nothing is fetched.

SillyTavern renders with showdown, its options ``tables``, ``simpleLineBreaks``, ``strikethrough``,
``underline`` on, and wraps what stands between quotes of any language in ``<q>`` (``messageFormatting`` in
``public/script.js``). Qt's Markdown reader is CommonMark with GitHub's additions: near enough to look at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import (
    QColor,
    QFontDatabase,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFragment,
)

from cardforge_desktop.ui.theme import Theme, Tone
from cardforge_desktop.ui.widgets.highlighter import Style, parts
from cardforge_desktop.ui.widgets.text_field import document_positions

#: Characters of a message that are read as Markdown, and that are shown at all; long greetings have 6,000.
MOST_MARKDOWN, MOST_SHOWN = 20_000, 60_000
# Qt takes quadratic time for numbered lists and tables, and for many pieces in one paragraph.
_MOST_ROWS, _MOST_MARKS = 300, 3_000
_ROW = re.compile(r"^[ \t>]*(?:\d{1,9}[.)]|[-+*])[ \t]|^.*\|", re.MULTILINE)
_MARK = re.compile(r"[*_`~\[\]<&]+")
# Qt underlines `_word_`; to SillyTavern it is emphasis (``public/scripts/showdown-underscore.js``).
_EMPHASIS = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]*`)|\b(?<!_)_(?!_)([^\n_]+)_(?!_)\b", re.DOTALL)
_LINE_END = re.compile(r"(?<=[^\s\\])[ \t]*\n(?=[^\n])")

_DIALECT = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML


@dataclass(frozen=True, slots=True)
class ChatDocument:
    """A message that is ready to be shown.

    Attributes:
        document: the text; belongs to whoever asked for it.
        note: what of the message is shown otherwise than a reader would, "" when nothing is.
    """

    document: QTextDocument
    note: str = ""


def chat_document(text: str, theme: Theme) -> ChatDocument:
    """Render a message in the theme's colours of now, in bounded time whatever it holds.

    Takes some 10 ms for long greetings: best called on a worker, which gives the document to the window's
    thread then (`moveToThread`).
    """
    document = QTextDocument()
    document.setUndoRedoEnabled(False)
    document.setDefaultFont(theme.font())
    document.setDocumentMargin(0)
    shown = text[:MOST_SHOWN]
    translate = QCoreApplication.translate
    if len(shown) > MOST_MARKDOWN or _too_much(shown):
        document.setPlainText(shown)
        note = translate("ChatPreview", "Shown as plain text: it is too long or has too much Markdown.")
        if len(text) > MOST_SHOWN:
            note = translate("ChatPreview", "Only the beginning is shown, as plain text: it is too long.")
        return ChatDocument(document, note)
    shown = _EMPHASIS.sub(lambda found: found[1] or f"*{found[2]}*", shown)
    document.setMarkdown(_LINE_END.sub("  \n", shown), _DIALECT)
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    _close_up(cursor, shown)
    _name_images(cursor)
    _colour(cursor, theme)
    cursor.endEditBlock()
    return ChatDocument(document)


def _too_much(text: str) -> bool:
    return _more_than(_MOST_ROWS, _ROW, text) or _more_than(_MOST_MARKS, _MARK, text)


def _more_than(most: int, pattern: re.Pattern[str], text: str) -> bool:
    return any(count >= most for count, _ in enumerate(pattern.finditer(text)))


def _close_up(cursor: QTextCursor, text: str) -> None:
    """Leave no gap between the lines of a paragraph: to Qt every line we broke is a paragraph of its own.

    Which ones belong together is seen where the same text is read without breaking its lines.
    """
    whole = QTextDocument()
    whole.setMarkdown(text, _DIALECT)
    line = cursor.document().begin()
    for paragraph in _blocks(whole):
        wanted, read = paragraph.text(), line.text()
        while read != wanted:
            following = line.next()
            if not (following.isValid() and wanted.startswith(f"{read} ")):
                return  # read otherwise: the gaps stay
            _set_gaps(cursor, line, below=0)
            _set_gaps(cursor, following, above=0)
            read, line = f"{read} {following.text()}", following
        line = line.next()


def _set_gaps(
    cursor: QTextCursor, block: QTextBlock, *, above: float | None = None, below: float | None = None
) -> None:
    form = block.blockFormat()
    if above is not None:
        form.setTopMargin(above)
    if below is not None:
        form.setBottomMargin(below)
    cursor.setPosition(block.position())
    cursor.setBlockFormat(form)


def _name_images(cursor: QTextCursor) -> None:
    """Put names in the places of images, before anything lays the text out: Qt would open files then."""
    found: list[tuple[int, int, str, str]] = []
    for fragment in _fragments(cursor.document()):
        if fragment.charFormat().isImageFormat():
            image = fragment.charFormat().toImageFormat()
            alt = str(image.property(QTextFormat.Property.ImageAltText) or "")
            start, end = fragment.position(), fragment.position() + fragment.length()
            if found and found[-1][1] == start and found[-1][2] == image.name():  # Qt makes several of one
                found[-1] = (found[-1][0], end, image.name(), found[-1][3] + alt)
            else:
                found.append((start, end, image.name(), alt))
    for start, end, name, alt in reversed(found):
        text = QCoreApplication.translate("ChatPreview", "[image: %1]").replace("%1", alt or name)
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text, QTextCharFormat())


def _colour(cursor: QTextCursor, theme: Theme) -> None:
    """Actions, code, links and, over them, speech."""
    action, code, speech, link = (QTextCharFormat() for _ in range(4))
    action.setForeground(theme.tokens.tone(Tone.MUTED))
    speech.setForeground(theme.tokens.tone(Tone.INFO))
    link.setForeground(theme.tokens.tone(Tone.ACCENT))
    code.setFontFamilies(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).families())
    code.setBackground(QColor(theme.tokens.soft(Tone.MUTED)))
    places = [
        (form, fragment.position(), fragment.position() + fragment.length())
        for fragment in _fragments(cursor.document())
        if (form := _form(fragment.charFormat(), action, code, link)) is not None
    ]
    spoken = [(speech, start, end) for block in _blocks(cursor.document()) for start, end in _speech(block)]
    for form, start, end in (*places, *spoken):
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeCharFormat(form)


def _form(
    given: QTextCharFormat, action: QTextCharFormat, code: QTextCharFormat, link: QTextCharFormat
) -> QTextCharFormat | None:
    if _is_code(given):
        return code
    if given.isAnchor():
        return link
    return action if given.fontItalic() else None


def _is_code(form: QTextCharFormat) -> bool:
    return form.fontFixedPitch() or form.hasProperty(QTextFormat.Property.FontFamilies)


def _speech(block: QTextBlock) -> Iterator[tuple[int, int]]:
    """Places in the document of what is said in a paragraph; not in code."""
    text = block.text()
    spans = [(start, end) for start, end, style in parts(text) if style == Style.SPEECH]
    if not spans:
        return
    code = _code_places(block)
    places = document_positions(text, (at for span in spans for at in span))
    for start, end in spans:
        first, last = block.position() + places[start], block.position() + places[end]
        if not any(begin <= first < stop for begin, stop in code):
            yield first, last


def _code_places(block: QTextBlock) -> list[tuple[int, int]]:
    return [
        (fragment.position(), fragment.position() + fragment.length())
        for fragment in _fragments_of(block)
        if _is_code(fragment.charFormat())
    ]


def _fragments(document: QTextDocument) -> Iterator[QTextFragment]:
    for block in _blocks(document):
        yield from _fragments_of(block)


def _fragments_of(block: QTextBlock) -> Iterator[QTextFragment]:
    place = block.begin()
    while not place.atEnd():
        yield place.fragment()
        place += 1


def _blocks(document: QTextDocument) -> Iterator[QTextBlock]:
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()
