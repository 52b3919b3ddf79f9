"""The user's language and number formats; English is a translation too: it holds the plural forms."""

from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from cardforge_desktop.resources import resource


def speak(app: QApplication) -> None:
    """Install the texts of the system's language, English where there are none."""
    if QLocale().language() == QLocale.Language.C:  # LANG=C has no group marks: 1234567
        QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    folder = str(resource("translations"))
    translator = QTranslator(app)
    if translator.load(QLocale(), "cardforge", "_", folder) or translator.load("cardforge_en", folder):
        app.installTranslator(translator)
