"""The monthly cost: the sum of the servers' prices, rounded to cents."""

from collections.abc import Callable
from typing import Any

import pytest

from fks_infra.topology.cost import monthly_cost
from fks_infra.topology.planning import plan_topology


def test_the_cost_is_the_sum_of_all_servers(settings: Callable[..., Any]) -> None:
    prices = {"g6-nanode-1": 5.0, "g6-standard-2": 24.0}
    assert monthly_cost(plan_topology(settings()), prices) == {
        "currency": "USD",
        "total": 34.0,
        "servers": {"auth": 5.0, "api": 24.0, "web": 5.0},
    }


def test_prices_are_rounded_to_cents(settings: Callable[..., Any]) -> None:
    cost = monthly_cost(plan_topology(settings(mode="single")), {"g6-standard-4": 57.60001})
    assert (cost["total"], cost["servers"]) == (57.6, {"single": 57.6})


def test_a_plan_without_a_price_is_an_error(settings: Callable[..., Any]) -> None:
    with pytest.raises(KeyError, match="g6-standard-4"):
        monthly_cost(plan_topology(settings(mode="single")), {})
