"""Each command that reads a stack: a wrong stack, a wrong server, nothing deployed.

The answer is one paragraph and the next command, without a traceback; nothing is changed.
"""

import io
import json
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from fks_infra.cli.app import main
from fks_infra.operate import reports
from tests.fks_infra.cli.verbs import OTHERS, VERBS, WITHOUT_LOGIN, Verb, commands

ALL = {**VERBS, **WITHOUT_LOGIN}
PULUMI = """#!/bin/sh
echo "$*" >>{here}/calls
case "$*" in
  *nosuch*) echo "error: no stack named 'nosuch' found" >&2; exit 255 ;;
  *show-name*) echo prod ;;
  *"config get"*) echo key ;;
  *"config --json"*) echo '{{"fks:domain": {{"value": "example.org"}}}}' ;;
  *"stack output"*empty*) echo '{{}}' ;;
  *"stack output"*) cat {here}/outputs ;;
  *"stack export"*) echo '{{"deployment": {{"resources": []}}}}' ;;
  *) echo "error: not expected: $*" >&2; exit 1 ;;
esac
"""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a pulumi that knows three servers of the stack prod, none of empty."""
    path = tmp_path_factory.mktemp("bad-input")
    (path / "pulumi").write_text(PULUMI.format(here=path))
    (path / "pulumi").chmod(0o755)
    servers = {
        name: {
            "roles": [name],
            "instanceId": 7,
            "address": "100.64.0.2",
            "hostKey": "ssh-ed25519 A",
        }
        for name in ("auth", "api", "web")
    }
    (path / "outputs").write_text(json.dumps({"inventory": {"servers": servers}}))
    return path


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    error: str


class Fks:
    """Runs `fks` in this process, without a terminal."""

    def __init__(
        self, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self._here, self._monkeypatch, self._capsys = here, monkeypatch, capsys
        monkeypatch.setenv("PATH", f"{here}:/usr/bin:/bin")
        monkeypatch.setenv("COLUMNS", "60")
        monkeypatch.setattr(sys, "stdin", io.StringIO())

    def __call__(self, *words: str) -> Ended:
        """Run a command; it must have called nothing of pulumi that changes something."""
        self._monkeypatch.setattr(sys, "argv", ["fks", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        calls = (self._here / "calls").read_text()
        assert not any(word in calls for word in ("config set", "config rm", "up ", "preview"))
        out, error = self._capsys.readouterr()
        return Ended(int(ended.value.code or 0), out, error)


@pytest.fixture
def fks(here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Fks:
    return Fks(here, monkeypatch, capsys)


def assert_one_paragraph(done: Ended, code: int) -> None:
    """It has ended with this code and one paragraph on standard error, whose last line says what to
    type next."""
    assert (done.code, done.out) == (code, ""), done
    assert "\n\n" not in done.error.strip()
    assert done.error.splitlines()[-1].startswith("Next: "), done.error


def on_stack(verb: Verb, stack: str) -> list[str]:
    """The call for another stack."""
    words, dashes, rest = verb.words.partition(" -- ")
    return shlex.split(f"{words} --stack {stack}{dashes}{rest}")


def test_every_command_is_in_the_table() -> None:
    others = {name for name in commands() if name.startswith(OTHERS)}
    assert set(commands()) - others == set(ALL)


@pytest.mark.parametrize("verb", ALL.values(), ids=list(ALL))
def test_a_wrong_stack(fks: Fks, verb: Verb) -> None:
    done = fks(*on_stack(verb, "nosuch"))
    assert_one_paragraph(done, verb.bad)
    assert "no stack named 'nosuch'" in done.error
    assert done.error.endswith("Next: pulumi stack ls\n")


WITH_SERVER = {name: verb for name, verb in ALL.items() if verb.one}


@pytest.mark.parametrize("verb", WITH_SERVER.values(), ids=list(WITH_SERVER))
def test_a_wrong_server(fks: Fks, verb: Verb) -> None:
    done = fks(*shlex.split(verb.one.format(server="apl")))
    assert_one_paragraph(done, verb.bad)
    assert "'apl" in done.error and "auth, api, web" in done.error
    assert "Nothing was changed" in done.error


@pytest.mark.parametrize("words", ["lock --reason x", "unlock", "maintenance on", "releases"])
def test_ctrl_c_while_the_servers_answer(
    fks: Fks, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(reports, "read", interrupted)
    done = fks(*shlex.split(words))
    assert_one_paragraph(done, 2)
    assert "interrupted" in done.error and "(auth, api, web), it goes on" in done.error


@pytest.mark.parametrize("name", [name for name in VERBS if name != "doctor"])
def test_nothing_is_deployed(fks: Fks, name: str) -> None:
    done = fks(*on_stack(VERBS[name], "empty"))
    assert_one_paragraph(done, VERBS[name].bad)
    assert "nothing is deployed" in done.error
    assert done.error.endswith("Next: pulumi up --stack empty\n")


def test_text_that_the_encoding_does_not_have_is_escaped(
    fks: Fks, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding="ascii") as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        assert fks("status", "zürich").code == 2
        stream.flush()
        assert rb"has no server 'z\xfcrich'" in raw.getvalue()
