"""What the servers cost a month."""

from typing import Any

from fks_infra.topology.servers import Topology


def monthly_cost(topology: Topology, region: str) -> dict[str, Any]:
    """`{"currency", "total", "servers": {name: dollars}}` in a region."""
    servers = {
        server.name: round(server.plan.monthly_price(region), 2) for server in topology.servers
    }
    return {"currency": "USD", "total": round(sum(servers.values()), 2), "servers": servers}
