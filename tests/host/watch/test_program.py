"""Whole runs: one a minute, with a clock of the test and a webhook on loopback."""

import json
import socket
from collections.abc import Iterator

import pytest

from host.fks_deploy.errors import DeployError
from host.fks_deploy.watch import program, state
from host.fks_deploy.watch.context import Context
from host.fks_deploy.watch.problem import Problem
from host.fks_deploy.watch.state import State
from tests.host.watch.receiver import Receiver
from tests.host.watch.server import NOON, WatchedServer
from tests.host.watch.test_settings import RELEASE

CPU = Problem("cpu", "CPU is at 63 %, limit 50 %", "top")


@pytest.fixture
def watched(watched: WatchedServer, monkeypatch: pytest.MonkeyPatch) -> WatchedServer:
    """A deployed server; its only check finds the CPU busy unless `idle` exists."""

    def check(context: Context) -> Iterator[Problem]:
        if not (context.root / "idle").exists():
            yield CPU

    watched.file("opt/fks/releases/1/release.json", json.dumps(RELEASE))
    watched.paths.current.symlink_to("releases/1")
    monkeypatch.setattr(program, "CHECKS", {"cpu": check})
    monkeypatch.setattr(program, "repair", lambda _: None)
    return watched


def run_minutes(watched: WatchedServer, first: int, last: int) -> None:
    for minute in range(first, last):
        assert program.main(watched.paths, NOON + 60 * minute) == 0


def test_one_alert_when_it_lasts_and_one_when_it_is_over(
    watched: WatchedServer, receiver: Receiver
) -> None:
    watched.file("etc/fks/alert-webhook", receiver.url)
    run_minutes(watched, 0, 20)
    (alert,) = receiver.messages
    assert alert["server"] == socket.gethostname()
    assert alert["time"] == "2027-01-15T08:10:00Z"
    assert alert["problems"] == [
        {"problem": CPU.text, "since": "2027-01-15T08:00:00Z", "command": "top"}
    ]
    watched.file("idle", "")
    run_minutes(watched, 20, 40)
    (recovered,) = receiver.messages[1]["recovered"]
    assert recovered["until"] == "2027-01-15T08:19:00Z"
    assert len(receiver.messages) == 2
    lines = map(json.loads, watched.paths.journal.read_text().splitlines())
    texts = [message["text"] for message in receiver.messages]
    assert [(one["kind"], one["text"]) for one in lines] == [("alert", text) for text in texts]


def test_a_webhook_that_is_down_gets_the_alert_later_and_stops_no_check(
    watched: WatchedServer, receiver: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    watched.file("etc/fks/alert-webhook", receiver.url)
    receiver.status = 500
    run_minutes(watched, 0, 15)
    assert len(receiver.messages) == 3
    assert state.load(watched.paths.watch).checked == NOON + 14 * 60
    receiver.status = 204
    run_minutes(watched, 15, 30)
    assert len(receiver.messages) == 4
    printed = capsys.readouterr()
    assert printed.out == "the alert was not sent: status 500\n" * 3
    assert "canary" not in printed.out + printed.err + watched.paths.watch.read_text()


def test_without_a_webhook_the_problem_is_remembered(watched: WatchedServer) -> None:
    run_minutes(watched, 0, 15)
    found = state.load(watched.paths.watch)
    assert found.history.problems["cpu"].since == NOON
    assert found.delivery.failures == 0


def test_before_the_first_deploy_only_the_time_is_recorded(watched: WatchedServer) -> None:
    watched.paths.current.unlink()
    assert program.main(watched.paths, NOON) == 0
    assert state.load(watched.paths.watch) == State(checked=NOON)


def test_a_release_that_cannot_be_read_is_an_error(
    watched: WatchedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    watched.file("opt/fks/releases/1/release.json", "{")
    assert program.main(watched.paths, NOON) == 1
    assert capsys.readouterr().err.startswith("fks-watch: Expecting")


@pytest.mark.parametrize("error", [DeployError("docker ps ran longer than 30 s"), KeyError("Id")])
def test_a_check_that_fails_is_a_problem_and_the_others_run(
    watched: WatchedServer, error: Exception
) -> None:
    def failing(_: Context) -> Iterator[Problem]:
        raise error
        yield CPU

    checks = {"containers": failing, **program.CHECKS}
    found = list(program.problems(watched.context(), checks))
    assert [one.key for one in found] == ["check containers", "cpu"]
    assert found[0].text == f"the check of containers failed: {error}"


def test_a_test_message(
    watched: WatchedServer, receiver: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    assert program.test_alert(watched.paths, NOON) == 1
    assert "pulumi config set --secret fks:alertWebhook" in capsys.readouterr().err
    watched.file("etc/fks/alert-webhook", receiver.url)
    assert program.test_alert(watched.paths, NOON) == 0
    assert receiver.messages[0]["events"] == ["this is a test"]
    receiver.status = 404
    assert program.test_alert(watched.paths, NOON) == 1
    assert capsys.readouterr().err == "the test message was not sent: status 404\n"
