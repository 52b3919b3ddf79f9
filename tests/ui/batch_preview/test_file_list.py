"""Lines of files are kept for the files that are shown next."""

from pathlib import Path

from PySide6.QtWidgets import QPushButton

from cardforge_desktop.ui.batch.file_list import _LINES, Entry, FileList, _Line
from cardforge_desktop.ui.widgets.basics import ElidedLabel


def lines(files: FileList) -> list[_Line]:
    return [line for line in files.findChildren(_Line) if not line.isHidden()]


def said(line: _Line) -> tuple[str, str, list[str]]:
    """The name, the tooltip and the buttons of a line."""
    buttons = [each.accessibleName() for each in line.findChildren(QPushButton) if not each.isHidden()]
    return line.findChild(ElidedLabel).whole, line.toolTip(), buttons


def test_a_line_says_all_of_the_file_it_is_for_now(pane, tmp_path: Path) -> None:
    files, first, second = pane.files, tmp_path / "mirela.json", tmp_path / "tessa.png"
    files.show_entries([Entry(first.name, first), Entry("Pasted text", None, "pasted")])
    before = lines(files)
    assert [said(line) for line in before] == [
        (first.name, str(first), ["Open mirela.json", "Show mirela.json in its folder"]),
        ("Pasted text", "", []),
    ]
    files.show_entries([Entry(str(tmp_path), second, is_quiet=True)])
    assert [said(line) for line in lines(files)] == [
        (str(tmp_path), str(second), ["Open tessa.png", "Show tessa.png in its folder"])
    ]
    files.show_entries([Entry("Pasted text", None, "pasted"), Entry(first.name, first)])
    assert lines(files) == before  # not made anew: that is what takes long
    assert [said(line)[0] for line in before] == ["Pasted text", first.name]


def test_of_many_files_the_rest_is_counted(pane, tmp_path: Path) -> None:
    files = pane.files
    files.show_entries([Entry(f"{at}.json", tmp_path / f"{at}.json") for at in range(_LINES + 3)])
    assert len(lines(files)) == _LINES
    assert (files._more.text(), files._more.isHidden()) == ("and 3 more files", False)
    files.show_entries([Entry("one.json", tmp_path / "one.json")])
    assert len(lines(files)) == 1
    assert files._more.isHidden()
