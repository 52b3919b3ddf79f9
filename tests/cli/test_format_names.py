import pytest

from cardforge_desktop.cards.formats import FORMATS
from cardforge_desktop.cli import main


@pytest.mark.parametrize("command", ["generate", "convert"])
def test_the_help_names_every_format(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    shown = " ".join(capsys.readouterr().out.split())
    assert ", ".join(FORMATS) in shown
