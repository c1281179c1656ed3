"""This machine's way to the servers."""

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fks_infra.doctor.check_context import Case, Limits
from fks_infra.doctor.checks.tailnet_path import path
from fks_infra.doctor.findings import CannotTellError, Verdict
from fks_infra.doctor.inventory import Inventory, Placed
from tests.fks_infra.doctor.conftest import look, one

API = Placed(name="api", roles=("auth", "api", "web"), instance_id="7", address="100.64.0.7")
PLACED = Inventory(servers=(API,))


@pytest.fixture
def client(tmp_path: Path, case: Callable[..., Case]) -> Callable[..., Case]:
    """A tailnet client that says this status, and this on a ping."""

    def build(
        status: dict[str, Any] | str, pong: str = "", inventory: Inventory = PLACED, **changes: Any
    ) -> Case:
        (tmp_path / "pong").write_text(pong)
        text = status if isinstance(status, str) else f"cat {tmp_path}/status"
        if not isinstance(status, str):
            (tmp_path / "status").write_text(json.dumps(status))
        script = tmp_path / "tailscale"
        script.write_text(f'#!/bin/sh\n[ "$1" = status ] || exec cat {tmp_path}/pong\n{text}\n')
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        environ = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
        return case(inventory, environ=environ, limits=Limits(call=2, check=10), **changes)

    return build


def running(**peer: Any) -> dict[str, Any]:
    there = {"HostName": "fks-api-7", "TailscaleIPs": ["100.64.0.7", "fd7a::7"], "Online": True}
    return {"BackendState": "Running", "Peer": {"nodekey:a": {**there, **peer}}}


def test_a_direct_connection_is_told(client: Callable[..., Case]) -> None:
    seen = one(path, client(running(CurAddr="198.51.100.20:41641", Active=True)))
    assert (seen.verdict, seen.detail) == (Verdict.OK, "api: direct, by 198.51.100.20:41641")


@pytest.mark.parametrize("relay", ["DERP(tor)", "peer-relay(198.51.100.9:7777:vni:1)"])
def test_a_connection_at_rest_is_woken_and_may_be_relayed(
    client: Callable[..., Case], relay: str
) -> None:
    pong = f"pong from fks-api-7 (100.64.0.7) via {relay} in 24ms\ndirect connection not made\n"
    seen = one(path, client(running(CurAddr=""), pong))
    assert seen.verdict is Verdict.OK
    assert f"api: relayed by {relay}" in seen.detail
    assert "open UDP 41641 outbound" in seen.detail


def test_the_last_answer_to_a_ping_counts(client: Callable[..., Case]) -> None:
    pongs = "".join(
        f"pong from fks-api-7 (100.64.0.7) via {way} in 9ms\n"
        for way in ("DERP(tor)", "198.51.100.20:41641")
    )
    assert one(path, client(running(), pongs)).detail == "api: direct, by 198.51.100.20:41641"


def test_no_answer_to_a_ping_is_unknown(client: Callable[..., Case]) -> None:
    seen = one(path, client(running(), "timed out\n"))
    assert seen.verdict is Verdict.UNKNOWN
    assert seen.remedy == "tailscale ping 100.64.0.7"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ({"BackendState": "Stopped", "Peer": None}, "Stopped"),
        ({"BackendState": "NeedsLogin"}, "NeedsLogin"),
        ("echo 'failed to connect to local tailscaled' >&2; exit 1", "failed to connect to local"),
    ],
)
def test_a_machine_outside_the_tailnet_is_a_problem(
    client: Callable[..., Case], status: Any, said: str
) -> None:
    seen = one(path, client(status))
    assert seen.verdict is Verdict.PROBLEM
    assert f"this machine is outside the tailnet: {said}" in seen.detail
    assert seen.remedy == "tailscale up"


def test_a_control_server_of_ones_own_is_in_the_remedy(client: Callable[..., Case]) -> None:
    seen = one(path, client({"BackendState": "Stopped"}, loginServer="https://login.example"))
    assert seen.remedy == "tailscale up --login-server https://login.example"


def test_a_server_that_is_off_or_not_shown_is_a_problem(client: Callable[..., Case]) -> None:
    off = one(path, client(running(Online=False)))
    assert off.detail == "api: 100.64.0.7 is not online in the tailnet"
    assert "https://cloud.linode.com/linodes/7" in off.remedy
    other = one(path, client({"BackendState": "Running", "Peer": None}))
    assert other.verdict is Verdict.PROBLEM
    assert "does not show it" in other.detail


def test_without_servers_only_this_machine_is_looked_at(client: Callable[..., Case]) -> None:
    seen = one(path, client(running(), inventory=Inventory()))
    assert seen.verdict is Verdict.UNKNOWN
    assert seen.detail.startswith("this machine is in the tailnet; stack prod has no servers")


def test_without_the_client_it_cannot_be_told(case: Callable[..., Case]) -> None:
    with pytest.raises(CannotTellError, match="tailscale is not installed here"):
        look(path, case(PLACED, environ={"PATH": "/nonexistent"}))


def test_a_client_that_hangs_is_given_up(client: Callable[..., Case]) -> None:
    with pytest.raises(CannotTellError, match="status --json: TimeoutExpired"):
        look(path, client("exec sleep 20"))
