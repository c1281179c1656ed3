"""What the stack costs a month."""

from typing import Any

from fks_infra.config.settings import Settings
from fks_infra.topology.object_storage import bucket_price
from fks_infra.topology.servers import Topology


def monthly_cost(topology: Topology, settings: Settings) -> dict[str, Any]:
    """`{"currency", "total", "servers": {name: dollars}, "objectStorage": dollars at least}`, the
    last one with a declared bucket only."""
    servers = {
        server.name: round(server.plan.monthly_price(settings.region), 2)
        for server in topology.servers
    }
    price = bucket_price(settings)
    total = round(sum(servers.values()) + price, 2)
    storage = {"objectStorage": price} if price else {}
    return {"currency": "USD", "total": total, "servers": servers, **storage}
