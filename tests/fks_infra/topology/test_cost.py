"""Cost: the provider's prices, rounded, in the region's own where it has one."""

from typing import Any

from fks_infra.topology.cost import bill, price


def plan(monthly: float, **regional: float) -> dict[str, Any]:
    rows = [{"id": k.replace("_", "-"), "monthly": v} for k, v in regional.items()]
    return {"prices": [{"monthly": monthly}], "regionPrices": rows}


def test_32_bit_prices_are_rounded() -> None:
    assert price(plan(28.799999237), "ca-central") == 28.8


def test_a_region_with_its_own_price_pays_that() -> None:
    assert price(plan(24.0, id_cgk=28.8), "id-cgk") == 28.8
    assert price(plan(24.0, id_cgk=28.8), "ca-central") == 24.0


def test_the_bill_is_the_sum_of_all_servers() -> None:
    used = {"auth": "nano", "api": "big", "web": "nano"}
    assert bill(used, {"nano": 5.0, "big": 24.0}) == {
        "currency": "USD",
        "total": 34.0,
        "servers": {"auth": 5.0, "api": 24.0, "web": 5.0},
    }
