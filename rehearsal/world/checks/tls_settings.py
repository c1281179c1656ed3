"""The names' TLS settings, judged by somebody else's scanner."""

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


def scan(scenario: Scenario) -> Iterator[Check]:
    """Look at each name from the operator's place, trusting the names' authority alone."""
    hosts = [name for row in scenario.operator.servers() for name in row["names"]]
    rows = _scanned(scenario, hosts)
    complaints = {host: complaint for host in hosts if (complaint := _complaint(rows.get(host)))}
    detail = f"{', '.join(hosts)}: {complaints or 'as Mozilla advises (intermediate), HSTS, chain'}"
    yield Check("tls_settings", not complaints, detail)


def _scanned(scenario: Scenario, hosts: list[str]) -> dict[str, Any]:
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
        raise RuntimeError(f"the scanner ended with {code}: {output[-2000:]}")
    return dict(json.loads(output.splitlines()[-1]))


def _complaint(row: dict[str, Any] | None) -> str:
    """What is wrong with a name, in a few words; empty where nothing is."""
    if row is None or "error" in row:
        return str(row)
    found = [f"{criterion}: {text}" for criterion, text in row["issues"].items()]
    if row["hsts"] < YEAR:
        found.append(f"HSTS of {row['hsts']} s is shorter than a year")
    if not row["verified"] or row["chain"] < 2:
        found.append(f"the chain of {row['chain']} certificates is not complete")
    if row["ocsp"]:
        found.append("OCSP is claimed")
    return "; ".join(found)
