"""A renewed certificate is served without a dropped connection."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from rehearsal.world import docker_api as api
from rehearsal.world.checks.tls import look
from rehearsal.world.progress import wait_until
from rehearsal.world.report import Check
from rehearsal.world.scenario import Scenario

# Asks again and again until told to end, half on new connections and half on one that is kept. A
# server may close the latter between two requests; then it is opened again, as every client does.
ASK = """
import http.client, json, os, sys
host, stop = sys.argv[1:]
seen = {"asked": 0, "reopened": 0, "failures": []}

def ask(connection, headers):
    connection.request("GET", "/health", headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200 or b"healthy" not in body:
        seen["failures"].append(f"{answer.status} {body[:80]!r}")

def ask_again(connection):
    try:
        ask(connection, {})
    except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
        seen["reopened"] += 1
        connection.close()
        ask(connection, {})

kept = http.client.HTTPSConnection(host, timeout=10)
while not os.path.exists(stop):
    seen["asked"] += 2
    try:
        ask_again(kept)
        ask(http.client.HTTPSConnection(host, timeout=10), {"Connection": "close"})
    except (OSError, http.client.HTTPException) as error:
        seen["failures"].append(repr(error))
        kept.close()
print(json.dumps(seen))
"""
STOP = "/run/fks-stop-asking"


def renewal(scenario: Scenario, role: str = "web") -> Iterator[Check]:
    """Force a renewal while the role is asked all the time."""
    row = next(row for row in scenario.operator.servers() if role in row["roles"])
    host = row["urls"][row["roles"].index(role)].split("//")[1]
    container = scenario.operator.container
    before = look(container, host)["serial"]
    api.execute(container, ["rm", "-f", STOP])
    with ThreadPoolExecutor(max_workers=1) as aside:
        asking = aside.submit(api.execute, container, ["python3", "-c", ASK, host, STOP])
        try:
            words = ["certbot", "renew", "--force-renewal", "--no-random-sleep-on-renew"]
            scenario.on_server(row["name"], *words, "--cert-name", role)
            wait_until("the new certificate is served", lambda: _same(scenario, host, before), 30)
        finally:
            api.execute(container, ["touch", STOP])
    outcome = json.loads(asking.result()[1])
    failures = outcome["failures"]
    detail = (
        f"{host}: another certificate, {len(failures)} of {outcome['asked']} requests failed, "
        f"{outcome['reopened']} kept connections opened again {failures[:3] or ''}"
    )
    yield Check("renewal_reload", not failures, detail.strip())


def _same(scenario: Scenario, host: str, before: str) -> str | None:
    seen = look(scenario.operator.container, host)
    return None if seen.get("serial", before) != before else f"still {seen}"
