"""The state is asked for through the engine's own command."""

from pathlib import Path

import pytest

from fks_infra.errors import OperatorError
from fks_infra.preflight import state as held

STATE = '{"deployment": {"resources": []}}'


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory that comes first in PATH, for a `pulumi` of the test; no waiting."""
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(held, "_PAUSES", (0.0, 0.0))
    return tmp_path / "pulumi"


def say(pulumi: Path, *lines: str) -> None:
    pulumi.write_text("\n".join(("#!/bin/sh", *lines, "")))
    pulumi.chmod(0o755)


def test_a_state_read_while_it_is_written_is_read_again(pulumi: Path) -> None:
    tried = pulumi.with_name("tried")
    say(
        pulumi,
        f"[ -e {tried} ] && echo '{STATE}' && exit 0",
        f"touch {tried}; echo 'error: failed to load checkpoint: EOF' >&2; exit 255",
    )
    assert held.read() == held.StateSnapshot()


@pytest.mark.parametrize(
    "text", ["failed to load checkpoint: EOF", "error: no such stack", "passphrase must be set"]
)
def test_a_state_that_stays_unreadable_is_named_with_the_command(pulumi: Path, text: str) -> None:
    say(pulumi, f"echo '{text}' >&2; exit 255")
    with pytest.raises(OperatorError, match=text) as caught:
        held.read()
    assert "pulumi stack export --stack " in str(caught.value)
