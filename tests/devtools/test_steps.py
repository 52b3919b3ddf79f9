"""A failed step ends in a sentence that says what to do."""

import sys

import pytest

from devtools.steps import SetupError, advice_for, run_step


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "disk is full",
        ),
        (
            "WARNING: Retrying after NewConnectionError: Temporary failure in name resolution",
            "check the network",
        ),
        ("error: Failed to fetch: https://example.org/simple/alembic/", "check the network"),
        ("ERROR: No matching distribution found for alembic==1.20.1", "did not answer"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "mirror or proxy"),
        ("ssl.SSLCertVerificationError: CERTIFICATE_VERIFY_FAILED", "PIP_CERT"),
        ("hint: you only have wheels with a matching tag; Wheels are available for `x`", "glibc"),
        ("PermissionError: [Errno 13] Permission denied: '.venv'", "who owns .venv"),
        ("something new", ""),
    ],
)
def test_known_failures_have_advice(output: str, words: str) -> None:
    assert words in advice_for(output)
    assert bool(advice_for(output)) == bool(words)


def test_a_failing_step_shows_its_last_lines_and_advice() -> None:
    script = "import sys; [print('line', n) for n in range(40)]; sys.exit('No space left on device')"
    with pytest.raises(SetupError) as caught:
        run_step([sys.executable, "-c", script], "Installing it")
    text = str(caught.value)
    assert text.startswith("Installing it failed:")
    assert "line 39" in text
    assert "line 5\n" not in text
    assert text.endswith("The disk is full: free some space and try again.")


def test_a_step_hides_settings_that_would_mislead_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("UV_FIND_LINKS", "/elsewhere")
    script = "import os, sys; sys.exit(bool({'PYTHONPATH', 'UV_FIND_LINKS'} & set(os.environ)))"
    run_step([sys.executable, "-c", script], "Looking", without=("UV_FIND_LINKS",))
    with pytest.raises(SetupError, match="Looking failed"):
        run_step([sys.executable, "-c", script], "Looking")
