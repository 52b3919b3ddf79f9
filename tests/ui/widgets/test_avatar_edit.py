"""The picture of the editor: real files, real decoding on workers, errors beside it."""

import asyncio
import io
import threading
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cardforge_desktop.cards import avatar
from cardforge_desktop.cards.avatar import draw_placeholder
from cardforge_desktop.ui.background import Background
from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import Theme
from cardforge_desktop.ui.widgets.avatar_edit import AvatarEdit


@pytest.fixture
def theme(qapp: QApplication):
    made = Theme(qapp, "light")
    yield made
    made.deleteLater()


@pytest.fixture
def background(loop, qtbot: QtBot):
    made = Background()
    yield made
    closing = asyncio.ensure_future(made.close())
    qtbot.waitUntil(closing.done)
    closing.result()


@pytest.fixture
def edit(qtbot: QtBot, theme: Theme, background: Background) -> AvatarEdit:
    made = AvatarEdit(theme, Icons(theme), background)
    made.failures = []
    background.failed.connect(made.failures.append)
    qtbot.addWidget(made)
    made.resize(260, 520)
    made.show()
    return made


def picture(colour: str, size: tuple[int, int] = (200, 300), kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, kind)
    return buffer.getvalue()


def heard(edit: AvatarEdit) -> list[bytes]:
    replaced: list[bytes] = []
    edit.replaced.connect(replaced.append)
    return replaced


def shown(edit: AvatarEdit) -> tuple[int, int, int]:
    image = edit.portrait.grab().toImage()
    return image.pixelColor(edit.portrait.picture_place().center().toPoint()).getRgb()[:3]


def drop(edit: AvatarEdit, mime: QMimeData) -> bool:
    """A drag that comes in and lets go; whether it was taken."""
    enter = QDragEnterEvent(
        QPoint(9, 9),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    enter.ignore()
    QApplication.sendEvent(edit.portrait, enter)
    if enter.isAccepted():
        end = QDropEvent(
            QPointF(9, 9),
            Qt.DropAction.CopyAction,
            mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(edit.portrait, end)
    return enter.isAccepted()


def files(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def test_a_picture_is_shown_large_with_its_size(edit: AvatarEdit, qtbot: QtBot):
    replaced = heard(edit)
    edit.set_picture(picture("teal"), "Mirela")
    qtbot.waitUntil(lambda: edit.portrait.has_image)
    assert shown(edit) == (0, 128, 128)
    assert edit._size.text() == "200 × 300 pixels"
    assert edit.portrait.accessibleName() == "Picture of Mirela"
    assert edit.portrait.picture_place().width() >= 180
    assert replaced == []


def test_a_dropped_jpeg_becomes_a_png_for_the_card(edit: AvatarEdit, qtbot: QtBot, tmp_path: Path):
    file = tmp_path / "new face.jpg"
    file.write_bytes(picture("red", (300, 300), "JPEG"))
    replaced = heard(edit)
    assert drop(edit, files(file))
    qtbot.waitUntil(lambda: bool(replaced))
    assert Image.open(io.BytesIO(replaced[0])).format == "PNG"
    assert shown(edit)[0] > 240
    assert edit._size.text().startswith("300 × 300 pixels; SillyTavern cuts the sides")


def test_text_is_left_to_the_window(edit: AvatarEdit):
    mime = QMimeData()
    mime.setText("a story")
    assert not drop(edit, mime)


@pytest.mark.parametrize("bad", ["text", "missing", "folder", "too large"])
def test_what_is_no_picture_is_told_beside_it_by_name_and_the_old_one_stays(
    edit: AvatarEdit, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bad: str
):
    edit.set_picture(picture("teal"), "Mirela")
    file = tmp_path / "notes.txt"
    if bad == "text":
        file.write_text("no picture at all")
    if bad == "folder":
        file.mkdir()
    if bad == "too large":
        file.write_bytes(picture("red"))
        monkeypatch.setattr(avatar, "LARGEST_FILE", 400)
    replaced = heard(edit)
    drop(edit, files(file))
    qtbot.waitUntil(lambda: bool(edit.error))
    assert edit.error.startswith("notes.txt: ")
    assert edit._error.isVisible()
    if bad != "too large":
        qtbot.waitUntil(lambda: shown(edit) == (0, 128, 128))
    assert replaced == []
    assert edit.failures == []


def test_an_error_goes_with_the_next_picture(edit: AvatarEdit, qtbot: QtBot, tmp_path: Path):
    file = tmp_path / "notes.txt"
    file.write_text("no picture")
    drop(edit, files(file))
    qtbot.waitUntil(lambda: bool(edit.error))
    file.write_bytes(picture("red"))
    replaced = heard(edit)
    drop(edit, files(file))
    qtbot.waitUntil(lambda: bool(replaced))
    assert edit.error == ""
    assert not edit._error.isVisible()


def test_paste_takes_an_image_from_the_clipboard_before_the_window_does(edit: AvatarEdit, qtbot: QtBot):
    image = QImage(20, 30, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)
    replaced = heard(edit)
    asked = QKeyEvent(QKeyEvent.Type.ShortcutOverride, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    asked.ignore()
    QApplication.sendEvent(edit.portrait, asked)
    assert asked.isAccepted()
    qtbot.keyClick(edit.portrait, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(replaced))
    assert Image.open(io.BytesIO(replaced[0])).convert("RGB").getpixel((5, 5)) == (255, 0, 0)


def test_an_empty_clipboard_and_a_web_address_are_told(edit: AvatarEdit):
    QGuiApplication.clipboard().setText("words")
    edit.paste()
    assert "no picture in the clipboard" in edit.error
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/face.png")])
    drop(edit, mime)
    assert "not fetched from the web" in edit.error


def test_a_placeholder_is_drawn_for_the_name_of_now(edit: AvatarEdit, qtbot: QtBot):
    edit.set_picture(None, "Mirela")
    edit.set_name("Oskar Brandt")
    replaced = heard(edit)
    edit._draw.click()
    qtbot.waitUntil(lambda: bool(replaced))
    assert replaced == [draw_placeholder("Oskar Brandt")]


def test_cropping_hands_out_the_part_in_the_frame(edit: AvatarEdit, qtbot: QtBot):
    image = Image.new("RGB", (400, 300), "red")
    image.paste("blue", (200, 0, 400, 300))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    edit.set_picture(buffer.getvalue(), "Mirela")
    qtbot.waitUntil(lambda: edit.portrait.has_image)
    replaced = heard(edit)
    edit._crop.click()
    qtbot.waitUntil(lambda: edit._dialog is not None)
    dialog = edit._dialog
    dialog.canvas.set_frame(dialog.canvas.frame.moved(500, 0))
    dialog.accept()
    qtbot.waitUntil(lambda: bool(replaced))
    part = Image.open(io.BytesIO(replaced[0]))
    assert part.size == (200, 300)
    assert part.convert("RGB").getcolors() == [(60_000, (0, 0, 255))]
    assert edit._dialog is None
    assert edit._size.text() == "200 × 300 pixels"


def test_without_a_picture_there_is_nothing_to_crop(edit: AvatarEdit):
    edit.set_picture(None, "Mirela")
    assert not edit._crop.isEnabled()
    edit.crop()
    assert edit._dialog is None


def test_another_card_ends_the_work_begun_for_the_one_before(
    edit: AvatarEdit, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = tmp_path / "face.png"
    file.write_bytes(picture("red"))
    gate = threading.Event()
    load = avatar.load_avatar
    monkeypatch.setattr(avatar, "load_avatar", lambda data: gate.wait(10) and load(data))
    replaced = heard(edit)
    drop(edit, files(file))
    edit.set_picture(picture("teal"), "Another")
    qtbot.waitUntil(lambda: edit.portrait.has_image)
    gate.set()
    edit.set_picture(picture("navy"), "Another")
    qtbot.waitUntil(lambda: edit.portrait.has_image and not edit._background._tasks)
    assert replaced == []
    assert shown(edit) == (0, 0, 128)


def test_a_card_whose_picture_is_damaged_says_so(edit: AvatarEdit, qtbot: QtBot):
    edit.set_picture(picture("teal")[:60], "Mirela")
    qtbot.waitUntil(lambda: bool(edit.error))
    assert not edit.portrait.has_image


def test_pixels_are_decoded_off_the_windows_thread(
    edit: AvatarEdit, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    threads: list[str] = []
    thumbnail = avatar.thumbnail

    def noted(data: bytes, size: int) -> bytes:
        threads.append(threading.current_thread().name)
        return thumbnail(data, size)

    monkeypatch.setattr(avatar, "thumbnail", noted)
    edit.set_picture(picture("teal"), "Mirela")
    qtbot.waitUntil(lambda: edit.portrait.has_image)
    assert threads
    assert all(name.startswith("window-worker") for name in threads)


def test_its_buttons_are_never_cut_off(edit: AvatarEdit, qtbot: QtBot) -> None:
    edit.setFixedWidth(120)  # as in a language with longer words
    qtbot.waitUntil(lambda: edit.width() == 120)
    for button in (edit._replace, edit._crop):
        qtbot.waitUntil(lambda button=button: button.width() >= button.sizeHint().width())
    assert not edit._replace.geometry().intersects(edit._crop.geometry())
