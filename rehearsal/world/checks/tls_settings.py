"""Checks the TLS settings of every name with sslyze, an independent scanner."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rehearsal.world import docker_api as api
from rehearsal.world.names import LABELS, container_name
from rehearsal.world.report import Check
from rehearsal.world.scenario import Scenario

YEAR = 365 * 24 * 3600
_ROOT = "/usr/local/share/ca-certificates/fks-acme.crt"
_SCAN = ["/opt/scanner/venv/bin/python", "/opt/scanner/scan.py", "/root/authority.pem"]


def tls_settings(scenario: Scenario) -> Iterator[Check]:
    """Scan each name from the operator's network; only the ACME server's root is trusted."""
    hosts = [name for row in scenario.operator.servers() for name in row["names"]]
    rows = _scan(scenario, hosts)
    wrong = {host: text for host in hosts if (text := problems(rows.get(host)))}
    result = wrong or "Mozilla's intermediate profile, HSTS, complete chain"
    yield Check("tls_settings", not wrong, f"{', '.join(hosts)}: {result}")


def _scan(scenario: Scenario, hosts: list[str]) -> dict[str, Any]:
    _, root = api.execute(scenario.operator.container, ["cat", _ROOT])
    scanner = scenario.world.client.containers.run(
        "fks-rehearsal/scanner",
        name=container_name("scanner"),
        labels=LABELS,
        detach=True,
        init=True,
        # The operator's network: its resolver, its tailnet.
        network_mode=f"container:{container_name('operator')}",
    )
    try:
        api.put_files(scanner, "/root", {"authority.pem": root.encode()})
        code, output = api.execute(scanner, [*_SCAN, *hosts])
    finally:
        scanner.remove(force=True, v=True)
    if code != 0:
        raise RuntimeError(f"the scanner exited with {code}: {output[-2000:]}")
    return dict(json.loads(output.splitlines()[-1]))


def problems(row: dict[str, Any] | None) -> str:
    """Return the problems of a host's row (see scan.py) in one line; empty if there are none."""
    if row is None or "error" in row:
        return str(row)
    found = [f"{criterion}: {text}" for criterion, text in row["issues"].items()]
    if row["hsts"] < YEAR:
        found.append(f"HSTS max-age of {row['hsts']} s is less than a year")
    if not row["verified"] or row["chain"] < 2:
        found.append(f"the chain of {row['chain']} certificates is incomplete or not trusted")
    if row["ocsp"]:
        found.append("OCSP stapling is announced")
    return "; ".join(found)
