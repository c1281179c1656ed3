"""`fks reboot`: health before, another boot, health after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from fks_infra.operate import boots, reports
from fks_infra.operate.reports import STATUS, Program, Reports
from fks_infra.remote.inventory import DeployedServer
from tests.fks_infra.cli import servers
from tests.fks_infra.cli.servers import run
from tests.fks_infra.operate.reports import DISK, GONE, healthy

TIME = "2026-11-27T10:00:00Z"


class Rebooting:
    """Answers one call after the other: the reports of a status, or the boots of bin/reboot."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.commands: list[str] = []
        self.status: Iterator[object] = iter([])
        self.boots: Iterator[object] = iter([])
        servers.install(monkeypatch)
        monkeypatch.setattr(reports, "read", self.read)
        monkeypatch.setattr(boots, "_PAUSE", 0)
        monkeypatch.setenv("GITHUB_ACTOR", "ann")

    def read(
        self, stack: str, chosen: Sequence[DeployedServer], key: Path, program: Program = STATUS
    ) -> Reports:
        assert (stack, key.exists()) == ("prod", True)
        (server,) = chosen
        self.commands.append(program.command.rpartition("/")[2])
        found = next(self.status if program is STATUS else self.boots)
        return {server.name: {"boot": found, "time": TIME} if isinstance(found, str) else found}  # type: ignore[dict-item]


@pytest.fixture
def rebooting(monkeypatch: pytest.MonkeyPatch) -> Rebooting:
    return Rebooting(monkeypatch)


def test_it_waits_for_another_boot_and_for_health(rebooting: Rebooting) -> None:
    rebooting.status = iter([healthy("web"), healthy("web", problems=[DISK]), healthy("web")])
    rebooting.boots = iter(["a/1", "a/1", GONE, "b/1"])
    result = run("reboot", "web", "--reason", "new kernel", text="y\n")
    assert result.exit_code == 0, result.output
    assert "Reboot web? web: no answer for one to three minutes." in " ".join(result.output.split())
    assert "web: booted after 0 s, healthy after 0 s" in result.stdout
    shown = [line for line in result.stderr.splitlines() if line.startswith("web: ")]
    assert shown[0] == "web: it has not gone down yet"
    assert shown[1].startswith("web: not reached: SSH to")
    assert shown[2] == f"web: {DISK['text']}"
    reboots = [one for one in rebooting.commands if one.startswith("reboot reboot")]
    assert reboots == ["reboot reboot --who 'ann (GitHub)' --reason 'new kernel'"]


@pytest.mark.parametrize("answer", ["n\n", ""])
def test_without_a_yes_nothing_is_changed(rebooting: Rebooting, answer: str) -> None:
    rebooting.status = iter([healthy("web")])
    result = run("reboot", "web", text=answer)
    assert (result.exit_code, rebooting.commands) == (2, ["status"])
    assert "nothing was changed" in result.stderr


def test_a_server_that_is_not_healthy_is_refused(rebooting: Rebooting) -> None:
    rebooting.status = iter([healthy("api", problems=[DISK])])
    result = run("reboot", "api", "--yes")
    assert (result.exit_code, rebooting.commands) == (2, ["status"])
    assert f"api is not healthy, and nothing was changed: {DISK['text']}" in result.stderr
    assert "Next: fks status api; --force if this is the remedy" in result.stderr


def test_the_remedy_for_a_server_that_is_not_reached_is_not_force(rebooting: Rebooting) -> None:
    rebooting.status = iter([GONE])
    result = run("reboot", "api", "--yes")
    assert (result.exit_code, rebooting.commands) == (2, ["status"])
    assert GONE.reason in result.stderr
    assert result.stderr.rstrip().endswith(f"Next: {GONE.command}")


def test_by_force_the_same_problem_is_accepted_afterwards(rebooting: Rebooting) -> None:
    rebooting.status = iter([healthy("api", problems=[DISK])] * 2)
    rebooting.boots = iter(["a/1", "a/2"])
    assert run("reboot", "api", "--yes", "--force").exit_code == 0


def test_a_deploy_that_runs_is_named(rebooting: Rebooting) -> None:
    rebooting.status = iter([healthy("api")])
    rebooting.boots = iter([GONE])
    result = run("reboot", "api", "--yes")
    assert result.exit_code == 2
    assert f"api was not rebooted: {GONE.reason}" in " ".join(result.stderr.split())


def test_after_the_limit_it_says_what_was_seen_last(
    rebooting: Rebooting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boots, "LIMIT", -1.0)
    rebooting.status = iter([healthy("web")])
    rebooting.boots = iter(["a/1", GONE])
    result = run("reboot", "web", "--yes")
    assert result.exit_code == 1
    assert "web has not booted within -1 s: not reached: SSH" in result.stderr
    assert "Next: fks status web" in result.stderr


def test_another_server_is_an_error(rebooting: Rebooting) -> None:
    result = run("reboot", "wbe", "--yes")
    assert (result.exit_code, rebooting.commands) == (2, [])
    assert "stack prod has no server 'wbe'; it has auth, api, web" in result.stderr
