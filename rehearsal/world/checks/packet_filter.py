"""The servers' own packet filter holds when everything around it is open."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from rehearsal.world.checks.closed_ports import listening
from rehearsal.world.external_host import ExternalHost
from rehearsal.world.names import EXTERNAL_HOST, container_name
from rehearsal.world.progress import wait_until
from rehearsal.world.report import Check
from rehearsal.world.scenario import Scenario
from rehearsal.world.tailnet import headscale_policy, set_policy

METADATA = "169.254.169.254"
PORT = 31338
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
    """Under a policy that allows everything, a peer in the tailnet reaches 22 and 443 alone."""
    row = scenario.operator.servers()[0]
    name, address = row["name"], row["tailnet_ip"]
    with listening(scenario, name, PORT), _open_policy(scenario):
        with _unfiltered(scenario, name):
            wait_until(
                "the open policy is in force", lambda: _unless_open(scenario, address, PORT), 30
            )
        seen = {port: _connect(scenario, address, port) for port in (22, 443, PORT)}
    ok = [seen[22], seen[443]] == ["open", "open"] and seen[PORT].startswith("closed")
    yield Check("peers_reach_22_and_443", ok, f"{name} under an allow-all policy: {seen}")


def metadata(scenario: Scenario) -> Iterator[Check]:
    """The metadata address answers root, and neither nginx nor any other container."""
    name = scenario.carriers()["api"]
    with ExternalHost.visit(scenario.world.client) as external_host:
        external_host.serve(METADATA)
        scenario.on_server(name, "ip", "route", "replace", METADATA, "via", EXTERNAL_HOST)
        try:
            connect = ["python3", "-c", CONNECT, METADATA, "80"]
            seen = {
                "root": scenario.on_server(name, *connect),
                "nginx": scenario.in_service(
                    name, "edge", "curl", "-sS", "-m", "4", f"http://{METADATA}"
                ),
                "api": scenario.in_service(name, "api", *connect),
            }
            with _unfiltered(scenario, name):
                seen["api without the filter"] = scenario.in_service(name, "api", *connect)
        finally:
            scenario.on_server(name, "ip", "route", "delete", METADATA)
    ok = (
        seen["root"].startswith("open")
        and "timed out" in seen["nginx"]
        and seen["api"].startswith("closed")
        and seen["api without the filter"].startswith("open")
    )
    told = {place: " ".join(said.split())[:60] for place, said in seen.items()}
    yield Check("metadata_only_for_root", ok, f"{name}: {told}")


@contextmanager
def _unfiltered(scenario: Scenario, name: str) -> Iterator[None]:
    """Without the server's own filter all is open, so that nothing else is what closes it."""
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


def _unless_open(scenario: Scenario, address: str, port: int) -> str | None:
    seen = _connect(scenario, address, port)
    return None if seen == "open" else seen
