"""Checks that no TCP port is open on a public address, seen from outside the tailnet."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from rehearsal.world.external_host import ExternalHost
from rehearsal.world.progress import wait_until
from rehearsal.world.report import Check
from rehearsal.world.scenario import Scenario

SELF_TEST_PORT = 31337


def closed_ports(scenario: Scenario) -> Iterator[Check]:
    """Scan all ports of all public addresses; then open one, which the same scan must find."""
    rows = scenario.operator.servers()
    addresses = [row["public_ip"] for row in rows]
    first = addresses[0]
    with ExternalHost.started(scenario.world.client) as external_host:
        scan = external_host.open_ports(addresses)
        open_ports = {address: ports for address, ports in scan.items() if ports}
        detail = f"{len(addresses)} x 65535 ports scanned, open: {open_ports or 'none'}"
        yield Check("closed_ports", not open_ports, detail)
        with opened(scenario, rows[0]["name"], SELF_TEST_PORT):
            wait_until(
                f"port {SELF_TEST_PORT} is open",
                lambda: _closed_reason(external_host, first, SELF_TEST_PORT),
                20,
            )
            found = external_host.open_ports([first])[first]
        detail = f"port {SELF_TEST_PORT} opened on {rows[0]['name']}; the scan found {found}"
        yield Check("port_scan_self_test", found == [SELF_TEST_PORT], detail)
        yield _unreachable(external_host, rows)


def _closed_reason(external_host: ExternalHost, address: str, port: int) -> str | None:
    is_open = external_host.open_ports([address], str(port))[address]
    return None if is_open else "the port is closed"


def _unreachable(external_host: ExternalHost, rows: list[dict[str, Any]]) -> Check:
    """Neither a public nor a tailnet address answers, even with a route to the latter."""
    for row in rows:
        external_host.add_route(row["tailnet_ip"], row["public_ip"])
    targets = [
        (url, row[key])
        for row in rows
        for url in row["health_urls"]
        for key in ("public_ip", "tailnet_ip")
    ]
    # Each request runs into its time limit.
    with ThreadPoolExecutor(max_workers=len(targets)) as executor:
        responses = executor.map(lambda target: external_host.fetch(*target), targets)
        answered = [
            f"{url} at {address}"
            for (url, address), text in zip(targets, responses, strict=True)
            if not text.startswith("curl: ")
        ]
    detail = f"{len(answered)} of {len(targets)} requests answered {answered or ''}".strip()
    return Check("outside_unreachable", not answered, detail)


@contextmanager
def opened(scenario: Scenario, name: str, port: int) -> Iterator[None]:
    """Listen on a port of a server and open it in the cloud firewall."""
    with listening(scenario, name, port), firewall_rule(scenario, name, port, "0.0.0.0/0"):
        yield


@contextmanager
def firewall_rule(scenario: Scenario, name: str, port: int, source: str) -> Iterator[None]:
    """Accept a TCP port from a network in a server's cloud firewall; in effect after a moment."""
    firewalls = scenario.control.api("GET", "networking/firewalls")["data"]
    firewall = next(row for row in firewalls if row["label"] == scenario.label(name))
    path = f"networking/firewalls/{firewall['id']}/rules"
    rule = {
        "label": "rehearsal",
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
    """Run an HTTP server on a port of all of a server's addresses."""
    unit = f"fks-rehearsal-{port}"
    server = ["python3", "-m", "http.server", str(port)]
    scenario.on_server(name, "systemd-run", f"--unit={unit}", *server)
    try:
        wait_until(f"port {port} listens", lambda: _not_listening(scenario, name, port), 20)
        yield
    finally:
        scenario.on_server(name, "systemctl", "stop", unit)


def _not_listening(scenario: Scenario, name: str, port: int) -> str | None:
    sockets = scenario.on_server(name, "ss", "--listening", "--tcp", "--numeric", "--no-header")
    return None if f":{port} " in sockets else f"nothing listens on {port}"
