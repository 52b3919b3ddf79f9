"""The one stylesheet, written from the tokens. Sizes of text are points of the system's font.

Widgets say what they are with two properties: ``role`` (heading, caption, card …) and ``tone``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cardforge_desktop.ui.theme import Tokens

_RULES = """
QToolTip { background: $raised; color: $text; border: 1px solid $border; padding: 4px 6px; }
QMainWindow, QDialog { background: $background; }
QLabel { background: transparent; }
QLabel[role="brand"] { font-size: $largept; font-weight: 700; }
QLabel[role="heading"] { font-size: $headingpt; font-weight: 600; }
QLabel[role="title"] { font-size: $largept; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="figure"] { font-size: $figurept; font-weight: 600; }
QLabel[role="figure"][tone="error"] { color: $error; }
QLabel[role="caption"] { color: $muted; font-size: $smallpt; }
QLabel[role="caption"][tone="warn"] { color: $warn; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="error"] { color: $error; }
QLabel[role="warn"] { color: $warn; }
QLabel[role="chip"] { background: $neutral_soft; color: $muted; border-radius: 8px; padding: 2px 9px;
  font-size: $smallpt; }
QLabel[role="chip"][tone="ok"] { background: $ok_soft; color: $ok; }
QLabel[role="chip"][tone="warn"] { background: $warn_soft; color: $warn; }
QLabel[role="chip"][tone="error"] { background: $error_soft; color: $error; }
QLabel[role="chip"][tone="info"] { background: $info_soft; color: $info; }
QLabel[role="chip"][tone="accent"] { background: $accent_soft; color: $accent; }

QFrame[role="card"] { background: $surface; border: 1px solid $border; border-radius: 10px; }
QFrame[role="card"][dragged="yes"] { background: $hover; border: 1px dashed $muted; }
QFrame[role="drop-line"] { background: $accent; border: none; border-radius: 1px; }
QFrame[role="field"] { background: $surface; border: 1px solid $border; border-radius: 6px; margin: 1px; }
QFrame[role="field"][tone="focus"] { border: 2px solid $accent; margin: 0; }
QFrame[role="line"] { background: $border; border: none; max-height: 1px; min-height: 1px; }
QFrame[role="rail"] { background: $surface; border: none; border-right: 1px solid $border; }
QFrame[role="notice"] { background: $info_soft; border: 1px solid $info_line; border-radius: 8px; }
QFrame[role="notice"][tone="error"] { background: $error_soft; border-color: $error_line; }
QFrame[role="notice"][tone="warn"] { background: $warn_soft; border-color: $warn_line; }
QFrame[role="notice"][tone="ok"] { background: $ok_soft; border-color: $ok_line; }

QPushButton { background: $raised; color: $text; border: 1px solid $border; border-radius: 6px;
  padding: 6px 14px; font-weight: 500; outline: none; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $track; }
QPushButton:focus { border: 2px solid $accent; padding: 5px 13px; }
QPushButton:disabled { color: $faint; }
QPushButton[role="primary"] { background: $accent; color: $on_accent; border-color: $accent;
  font-weight: 600; }
QPushButton[role="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[role="primary"]:focus { border: 2px solid $text; }
QPushButton[role="primary"]:disabled { background: $track; border-color: $track; color: $faint; }
QPushButton[role="quiet"] { background: transparent; border-color: transparent; padding: 5px 8px;
  color: $muted; }
QPushButton[role="quiet"]:hover { background: $hover; color: $text; }
QPushButton[role="quiet"]:checked { background: $accent_soft; color: $accent; }
QPushButton[role="quiet"]:focus { border: 2px solid $accent; padding: 4px 7px; }
QPushButton[role="toggle"]:checked { background: $accent_soft; color: $accent; border-color: $accent_line; }
QPushButton[role="toggle"]:checked:focus { border-color: $accent; }
QPushButton[role="link"] { background: transparent; border: 1px solid transparent; color: $accent;
  padding: 2px 4px; font-weight: 600; }
QPushButton[role="link"]:hover { background: $hover; }
QPushButton[role="link"]:focus { border: 1px solid $accent; }
QPushButton[role="rail"] { background: transparent; border: 1px solid transparent; border-radius: 8px;
  text-align: left;
  padding: 8px 13px; color: $muted; }
QPushButton[role="rail"]:hover { background: $hover; color: $text; }
QPushButton[role="rail"]:checked { background: $accent_soft; color: $accent; font-weight: 600; }
QPushButton[role="rail"]:focus { border: 2px solid $accent; padding: 7px 12px; }
QPushButton[role="star"] { background: transparent; border: 1px solid transparent; padding: 3px; }
QPushButton[role="star"]:hover { background: $hover; }
QPushButton[role="star"]:focus { border: 1px solid $accent; padding: 3px; }
QPushButton[role="filter"] { background: $accent_soft; color: $accent; border: 1px solid transparent;
  border-radius: 9px; padding: 2px 9px; font-size: $smallpt; }
QPushButton[role="filter"]:hover { border-color: $accent_line; }
QPushButton[role="filter"]:focus { border: 1px solid $accent; padding: 2px 9px; }
QPushButton[role="segment"] { background: transparent; color: $muted; border: 1px solid transparent;
  border-radius: 10px; padding: 3px 10px; }
QPushButton[role="segment"]:hover { background: $hover; color: $text; }
QPushButton[role="segment"]:checked { background: $accent_soft; color: $accent; }
QPushButton[role="segment"]:focus { border: 1px solid $accent; padding: 3px 10px; }
QPushButton[role="section"] { background: transparent; color: $muted; border: 1px solid transparent;
  border-radius: 10px; padding: 3px 6px; text-align: left; }
QPushButton[role="section"]:hover { background: $hover; color: $text; }
QPushButton[role="section"]:checked { background: $accent_soft; color: $accent; }
QPushButton[role="section"]:focus { border: 1px solid $accent; padding: 3px 6px; }
QPushButton[role="fold"] { background: transparent; color: $text; border: 1px solid transparent;
  padding: 5px 6px 5px 0; text-align: left; font-weight: 600; }
QPushButton[role="fold"]:hover { color: $accent; }
QPushButton[role="fold"]:focus { border: 1px solid $accent; }
QPushButton[role="picker"] { text-align: left; padding: 6px 30px 6px 12px; }
QPushButton[role="picker"]:focus { padding: 5px 29px 5px 11px; }
QPushButton[role="picker"][tone="error"] { border-color: $error; }
QPushButton::menu-indicator { width: 0; image: none; }

QLineEdit, QPlainTextEdit[role="editor"] { background: $surface; color: $text;
  border: 1px solid $border; border-radius: 6px;
  padding: 5px 8px; selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:focus, QPlainTextEdit[role="editor"]:focus { border: 2px solid $accent; padding: 4px 7px; }
QLineEdit[tone="error"], QPlainTextEdit[role="editor"][tone="error"] { border-color: $error; }
QLineEdit[role="search"] { padding-left: 4px; }
QLineEdit[role="palette"] { border: none; background: transparent; font-size: $largept; padding: 12px 8px; }
QLineEdit[role="palette"]:focus { border: none; padding: 12px 8px; }
QLineEdit[role="inline"], QLineEdit[role="inline"]:focus { border: none; background: transparent;
  padding: 2px 4px; }
QLineEdit[role="chip"], QLineEdit[role="chip"]:focus { border: 1px solid $accent; border-radius: 10px;
  padding: 1px 7px; }
QLineEdit:disabled { color: $faint; }

QMenuBar { background: $surface; border-bottom: 1px solid $border; padding: 1px 8px; }
QMenuBar::item { background: transparent; padding: 5px 10px; border-radius: 4px; color: $muted; }
QMenuBar::item:selected { background: $hover; color: $text; }
QMenu { background: $raised; border: 1px solid $border; padding: 5px; }
QMenu::item { padding: 6px 26px 6px 10px; border-radius: 4px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $faint; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $border; margin: 5px 4px; }

QStatusBar { background: $surface; border-top: 1px solid $border; color: $muted; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $muted; padding: 3px 8px; }

QTableView, QListView { background: transparent; border: none; outline: none;
  selection-background-color: transparent; selection-color: $text; }
QTableView QTableCornerButton::section { background: transparent; border: none; }
QListView[role="completion"] { background: $raised; border: 1px solid $border; border-radius: 6px;
  padding: 4px; selection-background-color: $accent_soft; }
QListView[role="completion"]::item { padding: 3px 6px; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section { background: transparent; color: $muted; border: none; border-bottom: 1px solid $border;
  padding: 9px 9px; font-weight: 600; font-size: $smallpt; }
QHeaderView::section:hover { color: $text; }
QTextEdit[role="reading"], QScrollArea { background: transparent; border: none; }
QTextEdit[role="reading"]:focus { border: 1px solid $accent; border-radius: 6px; }
QWidget[role="page"] { background: transparent; }
QTabWidget::pane { border: none; border-top: 1px solid $border; padding-top: 8px; }
QTabBar { background: transparent; border: none; }
QTabBar::tab { background: transparent; color: $muted; border: none;
  border-bottom: 2px solid transparent; padding: 7px 12px; }
QTabBar::tab:selected { color: $accent; border-bottom-color: $accent; }
QTabBar::tab:focus { color: $text; }
QSplitter::handle { background: transparent; }

QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 2px; }
QScrollBar::handle { background: $scroll; border-radius: 4px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""


def stylesheet(tokens: Tokens, points: float) -> str:
    """The stylesheet for `tokens`; `points` is the size of the system's font."""
    from cardforge_desktop.ui.theme import Tone, mix

    values = {
        name: getattr(tokens, name)
        for name in [
            "background",
            "surface",
            "raised",
            "border",
            "text",
            "muted",
            "accent",
            "on_accent",
            "ok",
            "warn",
            "error",
            "info",
            "hover",
            "track",
        ]
    }
    for tone in (Tone.ACCENT, Tone.OK, Tone.WARN, Tone.ERROR, Tone.INFO):
        values[f"{tone.value}_soft"] = tokens.soft(tone)
        values[f"{tone.value}_line"] = mix(tokens.surface, getattr(tokens, tone.value), 0.35)
    values |= {
        "neutral_soft": tokens.soft(Tone.MUTED),
        "accent_hover": mix(tokens.accent, tokens.text, 0.12),
        "faint": mix(tokens.surface, tokens.muted, 0.6),
        "scroll": mix(tokens.surface, tokens.muted, 0.45),
        "smallpt": f"{points * 0.92:.2f}pt",
        "largept": f"{points * 1.15:.2f}pt",
        "headingpt": f"{points * 1.6:.2f}pt",
        "figurept": f"{points * 1.8:.2f}pt",
    }
    text = _RULES
    for name in sorted(values, key=len, reverse=True):
        text = text.replace(f"${name}", values[name])
    return text
