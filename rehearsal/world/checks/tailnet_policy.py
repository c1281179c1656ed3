"""Checks the tailnet's policy: a server reaches the targets of its flows on 443, nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from fks_infra.limits import EDGE_PORT, SSH_PORT
from fks_infra.topology.flows import FLOWS
from rehearsal.world.report import Check
from rehearsal.world.scenario import Scenario

# The packet filters accept both from the tailnet, so a closed port is closed by the policy.
PORTS = (SSH_PORT, EDGE_PORT)
CONNECT_ALL = """
import json, socket, sys
from concurrent.futures import ThreadPoolExecutor

def is_open(target):
    address, _, port = target.partition(":")
    try:
        socket.create_connection((address, int(port)), 4).close()
    except OSError:
        return False
    return True

targets = sys.argv[1:]
with ThreadPoolExecutor(max_workers=len(targets)) as pool:
    print(json.dumps(dict(zip(targets, pool.map(is_open, targets)))))
"""


def tailnet_policy(scenario: Scenario) -> Iterator[Check]:
    """Connect from every server to every other one; no check for a single server."""
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
        output = scenario.on_server(source["name"], "python3", "-c", CONNECT_ALL, *targets)
        is_open = json.loads(output)
        tried += len(is_open)
        for address, (target, port) in targets.items():
            if is_open[address] != is_allowed(source, target, port):
                state = "open" if is_open[address] else "closed"
                wrong.append(f"{source['name']} to {target['name']}:{port} is {state}")
    result = wrong or "only the topology's flows are open"
    yield Check("policy_between_servers", not wrong, f"{tried} connections: {result}")


def is_allowed(source: dict[str, Any], target: dict[str, Any], port: int) -> bool:
    """Return whether a flow of the topology leads from one server to a port of the other."""
    flows = [flow for flow in FLOWS if flow.source in source["roles"]]
    return port == EDGE_PORT and any(flow.target in target["roles"] for flow in flows)
