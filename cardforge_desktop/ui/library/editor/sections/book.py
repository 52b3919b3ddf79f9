"""The book."""

from cardforge_desktop.ui.library.editor.sections.section import Section


class BookSection(Section):
    """To come."""
