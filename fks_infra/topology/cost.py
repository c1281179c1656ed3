"""What the servers cost a month, by Linode's own price list."""

from collections.abc import Mapping
from typing import Any

import pulumi

from fks_infra.topology.servers import Topology


def monthly_cost(
    topology: Topology, region: str, plans: Mapping[str, Mapping[str, Any]]
) -> pulumi.Output[dict[str, Any]]:
    """`{"currency", "total", "servers": {name: dollars}}` by Linode's answer for each plan."""
    prices = {plan: price(sold, region) for plan, sold in plans.items()}
    used = {server.name: server.plan.id for server in topology.servers}
    return pulumi.Output.from_input(bill(used, prices))


def price(plan: Mapping[str, Any], region: str) -> float:
    """Dollars a month of a plan in a region; some regions have prices of their own."""
    regional = [row["monthly"] for row in plan.get("regionPrices") or [] if row["id"] == region]
    # The provider keeps prices in 32 bits: 0.0075 comes as 0.00749999983.
    return round(float(regional[0] if regional else plan["prices"][0]["monthly"]), 2)


def bill(used: Mapping[str, str], prices: Mapping[str, float]) -> dict[str, Any]:
    """The sum over servers, `used` being server to plan."""
    servers = {server: prices[plan] for server, plan in used.items()}
    return {"currency": "USD", "total": round(sum(servers.values()), 2), "servers": servers}
