"""Reboots, packages kept back and timers of the servers."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from fks_infra.doctor import server_reports
from fks_infra.doctor.checks import updates
from fks_infra.doctor.findings import Verdict
from fks_infra.remote.inventory import DeployedServer, Inventory
from host.fks_deploy.updates import TIMERS
from tests.fks_infra.doctor.conftest import MakeContext, result, results

WEB = DeployedServer(
    name="web", roles=("web",), instance_id="7", address="100.64.0.2", host_key="ssh-ed25519 AA"
)
HERE = Inventory(servers=(WEB,))
UP_TO_DATE: dict[str, Any] = {"reboot": [], "kept_back": [], "timers": {}}


@pytest.fixture
def reporting(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let each server report this, or fail with this error."""

    @contextmanager
    def key(*_: Any) -> Iterator[Path]:
        yield Path("key")

    def use(error: OSError | None = None, **parts: Any) -> None:
        def output_of(*_: Any) -> str:
            if error:
                raise error
            return json.dumps({**UP_TO_DATE, **parts})

        monkeypatch.setattr(server_reports, "deploy_key", key)
        monkeypatch.setattr(server_reports, "output_of", output_of)

    return use


def test_a_server_that_is_up_to_date_is_ok(
    context: MakeContext, reporting: Callable[..., None]
) -> None:
    reporting()
    found = result(updates.updates, context(HERE))
    assert found.verdict is Verdict.OK
    assert found.detail.startswith("web: no reboot pending")


def test_a_pending_reboot_is_a_warning_with_the_command(
    context: MakeContext, reporting: Callable[..., None]
) -> None:
    reporting(reboot=["linux-image-6.12.60"])
    found = result(updates.updates, context(HERE))
    assert found.verdict is Verdict.WARNING
    assert found.detail == "web: a reboot is pending: linux-image-6.12.60"
    assert "fks reboot web (" in found.remedy


def test_kept_back_packages_are_a_warning_with_both_versions(
    context: MakeContext, reporting: Callable[..., None]
) -> None:
    row = {"package": "docker.io", "installed": "26.1.5", "candidate": "27.0.1"}
    reporting(kept_back=[row, {**row, "package": "runc"}])
    found = result(updates.updates, context(HERE))
    assert found.verdict is Verdict.WARNING
    assert "docker.io 26.1.5 -> 27.0.1, runc 26.1.5" in found.detail
    assert "fks upgrade-os web (" in found.remedy


@pytest.mark.parametrize(
    ("reason", "remedy"),
    [
        ("masked", "systemctl unmask apt-daily.timer; sudo systemctl enable --now apt-daily.timer"),
        ("inactive", "systemctl enable --now apt-daily.timer"),
        ("its service ended with exit-code", "journalctl -u apt-daily.timer -u apt-daily.service"),
    ],
)
def test_a_timer_that_does_not_run_is_a_warning(
    context: MakeContext, reporting: Callable[..., None], reason: str, remedy: str
) -> None:
    assert "apt-daily" in TIMERS
    reporting(timers={"apt-daily.timer": reason})
    found = result(updates.updates, context(HERE))
    assert found.verdict is Verdict.WARNING
    assert found.detail == f"web: apt-daily.timer does not run: {reason}"
    assert found.remedy.endswith(remedy)


def test_all_reasons_of_a_server_are_reported(
    context: MakeContext, reporting: Callable[..., None]
) -> None:
    reporting(reboot=["libc6"], timers={"certbot.timer": "inactive", "apt-daily.timer": "masked"})
    assert len(results(updates.updates, context(HERE))) == 3
