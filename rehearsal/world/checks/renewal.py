"""Checks that nginx serves a renewed certificate without a failed request."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from rehearsal.world import docker_api as api
from rehearsal.world.checks.tls import read_certificate
from rehearsal.world.progress import wait_until
from rehearsal.world.report import Check
from rehearsal.world.scenario import Scenario

# Sends requests until the stop file exists: half on new connections, half on one kept alive. A
# server may close an idle connection at any time; then the client reopens it and sends once more.
SEND_REQUESTS = """
import http.client, json, os, sys
host, stop = sys.argv[1:]
counts = {"requests": 0, "reopened": 0, "failures": []}

def get(connection, headers):
    connection.request("GET", "/health", headers=headers)
    response = connection.getresponse()
    body = response.read()
    if response.status != 200 or b"healthy" not in body:
        counts["failures"].append(f"{response.status} {body[:80]!r}")

def get_on(connection):
    try:
        get(connection, {})
    except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
        counts["reopened"] += 1
        connection.close()
        get(connection, {})

kept_alive = http.client.HTTPSConnection(host, timeout=10)
while not os.path.exists(stop):
    counts["requests"] += 2
    try:
        get_on(kept_alive)
        get(http.client.HTTPSConnection(host, timeout=10), {"Connection": "close"})
    except (OSError, http.client.HTTPException) as error:
        counts["failures"].append(repr(error))
        kept_alive.close()
print(json.dumps(counts))
"""
STOP = "/run/fks-stop-requests"
RENEW = ("certbot", "renew", "--force-renewal", "--no-random-sleep-on-renew", "--cert-name")


def renewal(scenario: Scenario, role: str = "web") -> Iterator[Check]:
    """Force a renewal while requests are sent to the role's name."""
    row = next(row for row in scenario.operator.servers() if role in row["roles"])
    host = row["urls"][row["roles"].index(role)].split("//")[1]
    operator = scenario.operator.container
    before = read_certificate(operator, host)["serial"]
    api.execute(operator, ["rm", "-f", STOP])
    with ThreadPoolExecutor(max_workers=1) as executor:
        client = executor.submit(
            api.execute, operator, ["python3", "-c", SEND_REQUESTS, host, STOP]
        )
        try:
            scenario.on_server(row["name"], *RENEW, role)
            wait_until(
                "nginx serves the new certificate",
                lambda: _unless_changed(scenario, host, before),
                30,
            )
        finally:
            api.execute(operator, ["touch", STOP])
    counts = json.loads(client.result()[1])
    failures = counts["failures"]
    detail = (
        f"{host}: new certificate, {len(failures)} of {counts['requests']} requests failed, "
        f"{counts['reopened']} connections reopened {failures[:3] or ''}"
    )
    yield Check("renewal_reload", counts["requests"] > 0 and not failures, detail.strip())


def _unless_changed(scenario: Scenario, host: str, before: str) -> str | None:
    certificate = read_certificate(scenario.operator.container, host)
    return None if certificate.get("serial", before) != before else f"still {certificate}"
