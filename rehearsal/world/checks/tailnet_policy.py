"""The tailnet's policy: each server reaches those it talks to, on 443, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from fks_infra.topology.planning import EDGE_PORT, FLOWS
from rehearsal.world.report import Check
from rehearsal.world.scenario import Scenario

# The servers' own packet filters let both in from the tailnet: what is closed, the policy closes.
PORTS = (22, EDGE_PORT)
KNOCK = """
import json, socket, sys
from concurrent.futures import ThreadPoolExecutor

def open_port(place):
    address, _, port = place.partition(":")
    try:
        socket.create_connection((address, int(port)), 4).close()
    except OSError:
        return False
    return True

places = sys.argv[1:]
with ThreadPoolExecutor(max_workers=len(places)) as pool:
    print(json.dumps(dict(zip(places, pool.map(open_port, places)))))
"""


def policy(scenario: Scenario) -> Iterator[Check]:
    """Knock from every server at every other one; a single server has nobody to knock at."""
    rows = scenario.operator.servers()
    if len(rows) < 2:
        return
    wrong, tried = [], 0
    for source in rows:
        targets = {
            f"{row['tailnet_ip']}:{port}": (row, port)
            for row in rows
            for port in PORTS
            if row is not source
        }
        seen = json.loads(scenario.on_server(source["name"], "python3", "-c", KNOCK, *targets))
        tried += len(seen)
        for place, (target, port) in targets.items():
            if seen[place] != _may(source, target, port):
                state = "open" if seen[place] else "closed"
                wrong.append(f"{source['name']} to {target['name']}:{port} is {state}")
    detail = f"{tried} ways between servers: {wrong or 'open for the flows of the topology, else closed'}"
    yield Check("policy_between_servers", not wrong, detail)


def _may(source: dict[str, Any], target: dict[str, Any], port: int) -> bool:
    talks = [one for one in FLOWS if one.source in source["roles"]]
    return port == EDGE_PORT and any(one.target in target["roles"] for one in talks)
