"""Commands that are recorded, not run."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from rehearsal.plugins.base import Call, Stored
from rehearsal.plugins.command.copy import CopyToRemote
from rehearsal.plugins.command.local import LocalCommand
from rehearsal.plugins.command.recorded import VARIABLE
from rehearsal.plugins.command.remote import RemoteCommand

CALL = Call(log=lambda *_args, **_options: None, cancelled=threading.Event(), name="step")
# Nothing serves SSH there.
CONNECTION = {"host": "127.0.0.1", "port": 1, "user": "deploy"}


def test_a_recorded_command_has_the_given_output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "recorded")
    for command, inputs in (
        (LocalCommand(), {"create": "exit 3"}),
        (RemoteCommand(), {"create": "exit 3", "connection": CONNECTION}),
    ):
        _, outputs = command.create(CALL, inputs)
        assert outputs == {**inputs, "stdout": "recorded", "stderr": ""}


def test_a_recorded_copy_connects_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "")
    inputs = {"connection": CONNECTION, "remotePath": "/tmp/x"}
    assert CopyToRemote().create(CALL, inputs)[1] == inputs


def test_deletes_of_local_commands_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, "recorded")
    command, made = LocalCommand(), tmp_path / "deleted"
    inputs = {"create": "exit 3", "delete": f"touch {made}"}
    identifier, outputs = command.create(CALL, inputs)
    command.delete(CALL, Stored(identifier, outputs, inputs))
    assert made.exists()


def test_without_the_variable_commands_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert LocalCommand().create(CALL, {"create": "echo run"})[1]["stdout"] == "run"
