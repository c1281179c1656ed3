"""This machine's path to the servers."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from fks_infra.doctor.check_context import CheckContext
from fks_infra.doctor.checks.tailnet_path import tailnet_path
from fks_infra.doctor.findings import InconclusiveError, Verdict
from fks_infra.doctor.time_limits import TimeLimits
from fks_infra.remote.inventory import DeployedServer, Inventory
from tests.fks_infra.doctor.conftest import MakeContext, result, results

API = DeployedServer(
    name="api", roles=("auth", "api", "web"), instance_id="7", address="100.64.0.7"
)
DEPLOYED = Inventory(servers=(API,))


@pytest.fixture
def client(tmp_path: Path, context: MakeContext) -> MakeContext:
    """A tailnet client with this status, and this answer to a ping."""

    def build(
        status: dict[str, Any] | str,
        pong: str = "",
        inventory: Inventory = DEPLOYED,
        **changes: Any,
    ) -> CheckContext:
        (tmp_path / "pong").write_text(pong)
        text = status if isinstance(status, str) else f"cat {tmp_path}/status"
        if not isinstance(status, str):
            (tmp_path / "status").write_text(json.dumps(status))
        script = tmp_path / "tailscale"
        script.write_text(f'#!/bin/sh\n[ "$1" = status ] || exec cat {tmp_path}/pong\n{text}\n')
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        environ = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
        return context(inventory, environ=environ, limits=TimeLimits(call=2, check=10), **changes)

    return build


def running(**peer: Any) -> dict[str, Any]:
    there = {"HostName": "fks-api-7", "TailscaleIPs": ["100.64.0.7", "fd7a::7"], "Online": True}
    return {"BackendState": "Running", "Peer": {"nodekey:a": {**there, **peer}}}


def test_a_direct_connection_is_ok(client: MakeContext) -> None:
    found = result(tailnet_path, client(running(CurAddr="198.51.100.20:41641", Active=True)))
    assert (found.verdict, found.detail) == (Verdict.OK, "api: direct, by 198.51.100.20:41641")


@pytest.mark.parametrize("relay", ["DERP(tor)", "peer-relay(198.51.100.9:7777:vni:1)"])
def test_an_idle_connection_that_a_ping_finds_relayed_is_a_warning(
    client: MakeContext, relay: str
) -> None:
    pong = f"pong from fks-api-7 (100.64.0.7) via {relay} in 24ms\ndirect connection not made\n"
    found = result(tailnet_path, client(running(CurAddr=""), pong))
    assert found.verdict is Verdict.WARNING
    assert f"api: relayed by {relay}" in found.detail
    assert "outbound UDP 41641" in found.remedy


def test_the_last_answer_to_a_ping_counts(client: MakeContext) -> None:
    pongs = "".join(
        f"pong from fks-api-7 (100.64.0.7) via {path} in 9ms\n"
        for path in ("DERP(tor)", "198.51.100.20:41641")
    )
    assert (
        result(tailnet_path, client(running(), pongs)).detail
        == "api: direct, by 198.51.100.20:41641"
    )


def test_no_answer_to_a_ping_is_unknown(client: MakeContext) -> None:
    found = result(tailnet_path, client(running(), "timed out\n"))
    assert found.verdict is Verdict.UNKNOWN
    assert found.remedy == "tailscale ping 100.64.0.7"


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ({"BackendState": "Stopped", "Peer": None}, "Stopped"),
        ({"BackendState": "NeedsLogin"}, "NeedsLogin"),
        ("echo 'failed to connect to local tailscaled' >&2; exit 1", "failed to connect to local"),
    ],
)
def test_a_machine_outside_the_tailnet_is_a_problem(
    client: MakeContext, status: Any, state: str
) -> None:
    found = result(tailnet_path, client(status))
    assert found.verdict is Verdict.PROBLEM
    assert f"this machine is outside the tailnet: {state}" in found.detail
    assert found.remedy == "tailscale up"


def test_another_control_server_is_in_the_remedy(client: MakeContext) -> None:
    found = result(
        tailnet_path, client({"BackendState": "Stopped"}, loginServer="https://login.example")
    )
    assert found.remedy == "tailscale up --login-server https://login.example"


def test_a_server_that_is_off_or_not_shown_is_a_problem(
    client: MakeContext,
) -> None:
    off = result(tailnet_path, client(running(Online=False)))
    assert off.detail == "api: 100.64.0.7 is not online in the tailnet"
    assert "https://cloud.linode.com/linodes/7" in off.remedy
    other = result(tailnet_path, client({"BackendState": "Running", "Peer": None}))
    assert other.verdict is Verdict.PROBLEM
    assert "does not show it" in other.detail


def test_without_servers_only_this_machine_is_checked(
    client: MakeContext,
) -> None:
    found = result(tailnet_path, client(running(), inventory=Inventory()))
    assert found.verdict is Verdict.UNKNOWN
    assert found.detail.startswith("this machine is in the tailnet; stack prod has no servers")


def test_without_the_client_it_is_inconclusive(context: MakeContext) -> None:
    with pytest.raises(InconclusiveError, match="tailscale is not installed here"):
        results(tailnet_path, context(DEPLOYED, environ={"PATH": "/nonexistent"}))


def test_a_client_that_hangs_is_inconclusive(client: MakeContext) -> None:
    with pytest.raises(InconclusiveError, match="status --json: TimeoutExpired"):
        results(tailnet_path, client("exec sleep 20"))


@pytest.mark.parametrize("removed", [True, False])
def test_a_server_with_another_address_is_not_to_be_powered_on(
    client: MakeContext, removed: bool
) -> None:
    status = running(Online=False)
    new = {"HostName": "fks-api-7", "TailscaleIPs": ["100.64.0.9"], "Online": True}
    old = {} if removed else status["Peer"]
    found = result(tailnet_path, client({**status, "Peer": {**old, "new": new}}))
    assert found.detail == "api: 100.64.0.7 is not online, and its host name is at 100.64.0.9"
    assert found.remedy == "See tailnet-devices"
