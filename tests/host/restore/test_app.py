"""The command line of bin/restore, on a server with the stand-in docker."""

import json
import os
from types import SimpleNamespace

import pytest

from host.fks_deploy import interrupts, stack_lock, stops
from host.fks_deploy.lock import deploy_lock
from host.fks_deploy.restore import exchange, target
from host.fks_deploy.restore.app import main
from host.fks_deploy.transfer import data_set, foreign_files
from tests.host.server import Server

Text = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def without_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program runs in the process of the tests."""
    monkeypatch.setattr(interrupts, "catch", lambda: None)
    monkeypatch.setattr(os, "umask", lambda _: 0)


def run(server: Server, *words: str) -> int:
    return main([*words, f"--root={server.root}", "--lock-wait=0", "--who=ann"])


def test_the_state_is_one_document(server: Server, capsys: Text) -> None:
    assert run(server, "api", "state") == 0
    assert json.loads(capsys.readouterr().out)["restore"] is None


def test_before_the_first_deploy(server: Server, capsys: Text) -> None:
    assert run(server, "api", "prepare") == 1
    assert "nothing is deployed on this server: run pulumi up" in capsys.readouterr().err


def test_a_server_without_the_data_set(deployed: Server, capsys: Text) -> None:
    assert run(deployed, "auth", "prepare") == 2
    assert run(deployed, "api", "prepare") == 2
    assert "restore: this server has no data set 'api': it has none" in capsys.readouterr().err


def test_a_locked_stack(deployed: Server, capsys: Text) -> None:
    stack_lock.create(deployed.paths, "bob", "an incident")
    assert run(deployed, "api", "prepare") == 1
    assert "locked by bob" in capsys.readouterr().err


def test_a_stopped_stack(deployed: Server, capsys: Text) -> None:
    stops.mark(deployed.paths, ["api"], stops.Stop("2026-11-27T10:00:00Z", "bob"))
    assert run(deployed, "api", "exchange") == 1
    assert "fks start --api, then the same again" in capsys.readouterr().err


def test_while_a_deploy_runs(deployed: Server, capsys: Text) -> None:
    with deploy_lock(deployed.paths.lock, "abc", "bob", 0):
        assert run(deployed, "api", "prepare") == 75
    assert "another deploy runs on this server" in capsys.readouterr().err


def test_with_the_database_the_files_that_came_with_it_are_dropped(
    deployed: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[str] = []
    monkeypatch.setattr(target, "find", lambda *_: SimpleNamespace(name="api"))
    monkeypatch.setattr(data_set, "find", lambda _, names: [f"set {names[0]}"])
    monkeypatch.setattr(exchange, "finish", lambda _, found: called.append(found.name))
    monkeypatch.setattr(foreign_files, "discard", lambda _, data: called.append(data))
    assert run(deployed, "api", "finish") == 0
    assert called == ["api", "set api"]
