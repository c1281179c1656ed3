"""What the servers cost a month."""

from collections.abc import Mapping
from typing import Any

from fks_infra.topology.servers import Topology


def monthly_cost(topology: Topology, prices: Mapping[str, float]) -> dict[str, Any]:
    """`{"currency", "total", "servers": {name: dollars}}`; `prices` is dollars a month by plan."""
    servers = {server.name: round(prices[server.plan.id], 2) for server in topology.servers}
    return {"currency": "USD", "total": round(sum(servers.values()), 2), "servers": servers}
