"""Design tokens and the one stylesheet made from them; light and dark, following the system live."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from cardforge_desktop.ui import stylesheet

#: Steps of the spacing scale, in device-independent pixels.
SPACE_XS, SPACE_S, SPACE_M, SPACE_L, SPACE_XL = 4, 8, 12, 16, 24
RADIUS = 6


class Tone(StrEnum):
    """A semantic colour; never the only carrier of a meaning (an icon and a word go with it)."""

    TEXT = "text"
    MUTED = "muted"
    ACCENT = "accent"
    ON_ACCENT = "on_accent"
    OK = "ok"
    WARN = "warn"
    ERROR = "error"
    INFO = "info"


@lru_cache(maxsize=1_024)
def mix(ground: str, colour: str, share: float) -> str:
    """`share` (0..1) of `colour` laid over `ground`; both ``#RRGGBB``."""
    channels = (
        round(int(ground[at : at + 2], 16) * (1 - share) + int(colour[at : at + 2], 16) * share)
        for at in (1, 3, 5)
    )
    return "#" + "".join(f"{channel:02X}" for channel in channels)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one scheme as ``#RRGGBB``. Text tones reach 4.5:1 on every ground they stand on."""

    dark: bool
    background: str
    surface: str
    raised: str
    border: str
    text: str
    muted: str
    accent: str
    on_accent: str
    ok: str
    warn: str
    error: str
    info: str

    def tone(self, tone: Tone) -> QColor:
        """The colour of `tone`."""
        return QColor(getattr(self, tone.value))

    def soft(self, tone: Tone) -> str:
        """The faint ground of a pill or a notice of that tone."""
        if tone in (Tone.TEXT, Tone.MUTED):
            return mix(self.surface, self.muted, 0.12 if self.dark else 0.09)
        return mix(self.surface, getattr(self, tone.value), 0.15 if self.dark else 0.10)

    @property
    def hover(self) -> str:
        """Ground of a control under the pointer."""
        return mix(self.surface, self.text, 0.07 if self.dark else 0.04)

    @property
    def track(self) -> str:
        """Ground of a progress bar."""
        return mix(self.surface, self.text, 0.14 if self.dark else 0.10)

    @property
    def selection(self) -> str:
        """Ground of a selected row."""
        return self.soft(Tone.ACCENT)


LIGHT = Tokens(
    dark=False,
    background="#F7F7F9",
    surface="#FFFFFF",
    raised="#FFFFFF",
    border="#E2E3E8",
    text="#1C1D21",
    muted="#5F626C",
    accent="#5B4BDB",
    on_accent="#FFFFFF",
    ok="#1A7046",
    warn="#855500",
    error="#B3261E",
    info="#1F68A8",
)
DARK = Tokens(
    dark=True,
    background="#16171A",
    surface="#1F2125",
    raised="#282A30",
    border="#34373F",
    text="#ECEDEF",
    muted="#A2A6B1",
    accent="#9A8CFF",
    on_accent="#16171A",
    ok="#5BCB8F",
    warn="#E3B04B",
    error="#FF8A80",
    info="#7DB8F0",
)


class Theme(QObject):
    """Owns the look of the application. Lives on the window's thread.

    Signals:
        changed: colours or fonts are others now; repaint.
    """

    changed = Signal()

    def __init__(self, app: QApplication, choice: str = "system") -> None:
        super().__init__()
        self._app = app
        self._choice = choice
        self.tokens = LIGHT
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._apply()

    @property
    def choice(self) -> str:
        """``system``, ``light`` or ``dark``."""
        return self._choice

    def choose(self, choice: str) -> None:
        """Override the system's scheme, or follow it again with ``system``."""
        if choice != self._choice:
            self._choice = choice
            self._apply()

    @Slot()
    def _follow_system(self) -> None:
        if self._choice == "system":
            self._apply()

    def _apply(self) -> None:
        system_dark = self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        dark = self._choice == "dark" or (self._choice == "system" and system_dark)
        self.tokens = DARK if dark else LIGHT
        self._app.setPalette(_palette(self.tokens))
        self.restyle()

    def restyle(self) -> None:
        """Make the stylesheet anew, after the scheme or the system's font changed."""
        self._app.setStyleSheet(stylesheet.stylesheet(self.tokens, self._app.font().pointSizeF()))
        self.changed.emit()

    def font(self, scale: float = 1.0, *, bold: bool = False, tabular: bool = False) -> QFont:
        """The system's font at `scale` of its size, for painting."""
        font = QFont(self._app.font())
        font.setPointSizeF(font.pointSizeF() * scale)
        if bold:
            font.setWeight(QFont.Weight.DemiBold)
        if tabular:
            font.setFeature(QFont.Tag("tnum"), 1)
        return font


def _palette(tokens: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    colours = {
        role.Window: tokens.background,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.hover,
        role.Text: tokens.text,
        role.Button: tokens.raised,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.error,
        role.ToolTipBase: tokens.raised,
        role.ToolTipText: tokens.text,
        role.PlaceholderText: tokens.muted,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Accent: tokens.accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.Light: mix(tokens.raised, tokens.text, 0.04),
        role.Midlight: mix(tokens.raised, tokens.text, 0.08),
        role.Mid: tokens.border,
        role.Dark: mix(tokens.border, tokens.text, 0.2),
    }
    for name, colour in colours.items():
        palette.setColor(name, QColor(colour))
    faint = QColor(mix(tokens.surface, tokens.muted, 0.6))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, faint)
    return palette
