"""The assets."""

from cardforge_desktop.ui.library.editor.sections.section import Section


class AssetsSection(Section):
    """To come."""
