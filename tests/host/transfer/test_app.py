"""The command line of bin/transfer."""

import json
from contextlib import contextmanager
from typing import Any

import pytest

from host.fks_deploy import compose_command
from host.fks_deploy.errors import LockBusyError
from host.fks_deploy.transfer import app, data_set, dumps, files, foreign_files
from tests.host.transfer.conftest import API, AUTH, Closing


@pytest.fixture
def run(closing: Closing, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs a command on the server; returns its exit code."""
    compose = closing.session.compose
    monkeypatch.setattr(compose_command, "of_current", lambda _: compose)
    monkeypatch.setattr(data_set, "find", lambda _, names: [API] if names else [AUTH, API])
    monkeypatch.setattr(files, "size", lambda *_: 5)

    @contextmanager
    def begin(*_: Any) -> Any:
        yield closing.session

    monkeypatch.setattr(app, "begin", begin)
    monkeypatch.setattr("host.fks_deploy.interrupts.catch", lambda: None)
    return lambda *words: app.main([*words, f"--root={closing.paths.root}"])


def test_close_and_open_change_what_state_prints(
    run: Any, closing: Closing, capsys: pytest.CaptureFixture[str]
) -> None:
    closing.paths.stopped.mkdir()
    (closing.paths.stopped / "auth.json").write_text("{}")
    assert run("close", "--who", "me") == 0
    assert run("state") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["closed"]["since"]
    assert found["sets"] == {"api": {"bytes": 7, "closed": True, "files": 5}}
    assert run("open") == 0
    assert run("state") == 0
    assert json.loads(capsys.readouterr().out)["closed"] is None


def test_a_dump_is_printed_as_json(
    run: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dumps, "make", lambda _, data: {"files": {data.name: {}}})
    assert run("dump", "api") == 0
    assert json.loads(capsys.readouterr().out) == {"files": {"api": {}}}


def test_addresses_are_recorded_for_the_next_containers(
    run: Any, closing: Closing, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("addresses", "api=100.64.0.7", "web=100.64.0.8") == 0
    found = closing.paths.server_addresses.read_text()
    assert found == "API_SERVER_IP=100.64.0.7\nWEB_SERVER_IP=100.64.0.8\n"
    assert run("addresses", "api") == 2
    assert "is no ROLE=ADDRESS" in capsys.readouterr().err
    assert closing.paths.server_addresses.read_text() == found


def test_wrong_names_and_a_lock_have_their_exit_codes(
    run: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("send", "../shadow") == 2
    assert run("dump", "api", "auth") == 2
    assert run("send", "fks-20261127T020000Z.dump") == 1
    error = capsys.readouterr().err
    assert "is no dump's name" in error
    assert "one name is needed, and there are 2" in error

    def busy(*_: Any) -> Any:
        raise LockBusyError("a deploy runs")

    monkeypatch.setattr(app, "begin", busy)
    assert run("close") == 75


def test_files_of_another_server_are_received_and_discarded(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[tuple[Any, ...]] = []
    for name in ("receive", "discard"):
        monkeypatch.setattr(
            foreign_files, name, lambda _, *words, name=name: called.append((name, *words))
        )
    assert run("receive-volume", "api", "api-data", "--bytes=7") == 0
    assert run("discard", "api") == 0
    assert called == [("receive", API, "api-data", 7), ("discard", API)]
    assert run("receive-volume", "api") == 2
