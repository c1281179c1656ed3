"""The monthly cost: the sum of the servers' prices, rounded to cents."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fks_infra.config.plans import PLANS
from fks_infra.topology.cost import monthly_cost
from fks_infra.topology.planning import plan_topology


def test_the_cost_is_the_sum_of_all_servers(settings: Callable[..., Any]) -> None:
    assert monthly_cost(plan_topology(settings()), settings()) == {
        "currency": "USD",
        "total": 34.0,
        "servers": {"auth": 5.0, "api": 24.0, "web": 5.0},
    }


def test_a_price_of_the_region_is_rounded_to_cents(settings: Callable[..., Any]) -> None:
    plan = replace(PLANS["g6-standard-4"], region_prices={"id-cgk": 57.60001})
    topology = plan_topology(settings(mode="single"), {plan.id: plan})
    jakarta, toronto = settings(region="id-cgk"), settings(region="ca-central")
    assert monthly_cost(topology, jakarta)["servers"] == {"single": 57.6}
    assert monthly_cost(topology, toronto)["total"] == 48.0


def test_object_storage_has_its_price_beside_the_servers(settings: Callable[..., Any]) -> None:
    chosen = settings(backup={"bucket": "us-ord/fks-prod-backup"})
    found = monthly_cost(plan_topology(chosen), chosen)
    assert (found["total"], found["objectStorage"]) == (39.0, 5.0)
