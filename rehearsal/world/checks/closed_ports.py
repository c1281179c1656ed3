"""Nothing public is open: every TCP port, seen from outside the tailnet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rehearsal.world.external_host import ExternalHost
from rehearsal.world.progress import wait_until
from rehearsal.world.report import Check
from rehearsal.world.scenario import Scenario

CONTROL_PORT = 31337


def closed_ports(scenario: Scenario) -> Iterator[Check]:
    """Scan all ports of all public addresses; then open one on purpose, which must be found."""
    rows = scenario.operator.servers()
    addresses = [row["public_ip"] for row in rows]
    first = addresses[0]
    with ExternalHost.visit(scenario.world.client) as external_host:
        found = {a: ports for a, ports in external_host.open_ports(addresses).items() if ports}
        yield Check("closed_ports", not found, f"open of {len(addresses)} x 65535: {found or 0}")
        with opened(scenario, rows[0]["name"], CONTROL_PORT):
            wait_until("the port is open", lambda: _closed(external_host, first, CONTROL_PORT), 20)
            seen = external_host.open_ports([first])[first]
        detail = f"{CONTROL_PORT}, opened on purpose on {rows[0]['name']}: of 65535 found {seen}"
        yield Check("closed_ports_control", seen == [CONTROL_PORT], detail)
        yield _unreachable(external_host, rows)


def _closed(external_host: ExternalHost, address: str, port: int) -> str | None:
    return None if external_host.open_ports([address], str(port))[address] else "it is closed yet"


def _unreachable(external_host: ExternalHost, rows: list[dict[str, Any]]) -> Check:
    """Neither the public nor the tailnet address answers, even to a neighbour who knows both."""
    for row in rows:
        external_host.route(row["tailnet_ip"], row["public_ip"])
    said = {
        f"{url} at {row[key]}": external_host.answers(url, row[key])
        for row in rows
        for url in row["health_urls"]
        for key in ("public_ip", "tailnet_ip")
    }
    answered = [where for where, answer in said.items() if not answer.startswith("curl: ")]
    detail = f"{len(answered)} of {len(said)} requests answered {answered or ''}".strip()
    return Check("outside_unreachable", not answered, detail)


@contextmanager
def opened(scenario: Scenario, name: str, port: int) -> Iterator[None]:
    """Listen on a port of a server and let the cloud firewall pass it, as a mistake would."""
    with listening(scenario, name, port), let_in(scenario, name, port, "0.0.0.0/0"):
        yield


@contextmanager
def let_in(scenario: Scenario, name: str, port: int, source: str) -> Iterator[None]:
    """Let a server's cloud firewall pass a port to a network; it takes a moment to be in force."""
    label = f"fks-{scenario.stack}-{name}"
    firewalls = scenario.control.api("GET", "networking/firewalls")["data"]
    firewall = next(row for row in firewalls if row["label"] == label)
    path = f"networking/firewalls/{firewall['id']}/rules"
    rule = {
        "label": "control",
        "action": "ACCEPT",
        "protocol": "TCP",
        "ports": str(port),
        "addresses": {"ipv4": [source]},
    }
    before = firewall["rules"]
    scenario.control.api("PUT", path, {**before, "inbound": [*before["inbound"], rule]})
    try:
        yield
    finally:
        scenario.control.api("PUT", path, before)


@contextmanager
def listening(scenario: Scenario, name: str, port: int) -> Iterator[None]:
    """Let something answer on a port of all of a server's addresses."""
    unit = f"fks-control-{port}"
    listen = ["systemd-run", f"--unit={unit}", "python3", "-m", "http.server", str(port)]
    scenario.on_server(name, *listen)
    try:
        wait_until(f"port {port} listens", lambda: _listens(scenario, name, port), 20)
        yield
    finally:
        scenario.on_server(name, "systemctl", "stop", unit)


def _listens(scenario: Scenario, name: str, port: int) -> str | None:
    sockets = scenario.on_server(name, "ss", "--listening", "--tcp", "--numeric", "--no-header")
    return None if f":{port} " in sockets else f"nothing listens on {port}"
