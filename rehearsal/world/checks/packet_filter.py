"""Checks the servers' own packet filter while the tailnet's policy or a route is open."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from fks_infra.limits import EDGE_PORT, SSH_PORT
from rehearsal.world.checks.closed_ports import listening
from rehearsal.world.external_host import ExternalHost
from rehearsal.world.names import EXTERNAL_HOST, container_name
from rehearsal.world.progress import wait_until
from rehearsal.world.report import Check
from rehearsal.world.scenario import Scenario
from rehearsal.world.tailnet import headscale_policy, set_policy

METADATA = "169.254.169.254"
# A port that neither SSH nor nginx uses.
OTHER_PORT = 31338
FIREWALL = "fks-firewall.service"
CONNECT = """
import socket, sys
try:
    socket.create_connection((sys.argv[1], int(sys.argv[2])), 4).close()
    print("open")
except OSError as error:
    print(f"closed: {error}")
"""
ALLOW_ALL = {"grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}]}


def peers(scenario: Scenario) -> Iterator[Check]:
    """Under a policy that allows everything, a peer reaches the SSH and HTTPS ports only."""
    row = scenario.operator.servers()[0]
    name, address = row["name"], row["tailnet_ip"]
    with listening(scenario, name, OTHER_PORT), _open_policy(scenario):
        with _unfiltered(scenario, name):
            wait_until(
                "the open policy is in effect",
                lambda: _closed_reason(scenario, address, OTHER_PORT),
                30,
            )
        states = {
            port: _connect(scenario, address, port) for port in (SSH_PORT, EDGE_PORT, OTHER_PORT)
        }
    allowed = states[SSH_PORT] == states[EDGE_PORT] == "open"
    ok = allowed and states[OTHER_PORT].startswith("closed")
    yield Check("peers_reach_22_and_443", ok, f"{name} under an allow-all policy: {states}")


def metadata(scenario: Scenario) -> Iterator[Check]:
    """Root reaches the metadata address; nginx and the other containers do not."""
    name = scenario.servers_by_role()["api"]
    with ExternalHost.started(scenario.world.client) as external_host:
        external_host.serve_http(METADATA)
        scenario.on_server(name, "ip", "route", "replace", METADATA, "via", EXTERNAL_HOST)
        try:
            connect = ["python3", "-c", CONNECT, METADATA, "80"]
            fetch = ["curl", "-sS", "-m", "4", f"http://{METADATA}"]
            results = {
                "root": scenario.on_server(name, *connect),
                "nginx": scenario.in_service(name, "edge", *fetch),
                "api": scenario.in_service(name, "api", *connect),
            }
            with _unfiltered(scenario, name):
                results["api without the filter"] = scenario.in_service(name, "api", *connect)
        finally:
            scenario.on_server(name, "ip", "route", "delete", METADATA)
    ok = (
        results["root"].startswith("open")
        and "timed out" in results["nginx"]
        and results["api"].startswith("closed")
        and results["api without the filter"].startswith("open")
    )
    lines = {source: " ".join(text.split())[:60] for source, text in results.items()}
    yield Check("metadata_only_for_root", ok, f"{name}: {lines}")


@contextmanager
def _unfiltered(scenario: Scenario, name: str) -> Iterator[None]:
    """Stop a server's packet filter: shows that nothing else blocks the connection."""
    scenario.on_server(name, "systemctl", "stop", FIREWALL)
    try:
        yield
    finally:
        scenario.on_server(name, "systemctl", "start", FIREWALL)


@contextmanager
def _open_policy(scenario: Scenario) -> Iterator[None]:
    control = scenario.world.client.containers.get(container_name("control"))
    owners = json.loads(headscale_policy())["tagOwners"]
    set_policy(control, json.dumps({"tagOwners": owners, **ALLOW_ALL}).encode())
    try:
        yield
    finally:
        set_policy(control, headscale_policy())


def _connect(scenario: Scenario, address: str, port: int) -> str:
    return scenario.operator.output(["python3", "-c", CONNECT, address, str(port)]).strip()


def _closed_reason(scenario: Scenario, address: str, port: int) -> str | None:
    state = _connect(scenario, address, port)
    return None if state == "open" else state
