"""Both modes side by side."""

from dataclasses import replace

import pytest

from fks_infra.config.plans import PLANS
from fks_infra.documents.example import example_settings
from fks_infra.errors import OperatorError
from fks_infra.plans.costs import costs, difference
from fks_infra.plans.price_list import PriceList

PRICES = PriceList(plans=PLANS, source="copy")
SETTINGS = example_settings("multi")


def test_the_servers_of_both_modes_with_totals() -> None:
    found = costs(SETTINGS, PRICES)
    assert [one.server for one in found["multi"].servers] == ["auth", "api", "web"]
    multi, single = found["multi"].document(), found["single"].document()
    assert (multi["price"], multi["backups"], multi["transfer"]) == (34, 9, 6000)
    assert (single["price"], single["backups"], single["transfer"]) == (48, 10, 5000)
    assert multi["servers"][1]["label"] == "fks-prod-api"
    assert difference(found) == -14


def test_what_the_copy_lacks_is_not_counted_as_nothing() -> None:
    settings = replace(SETTINGS, plan={**SETTINGS.plan, "api": "g6-standard-8"})
    found = costs(settings, PRICES)["multi"]
    assert (found.price, found.backups, found.transfer) == (202, None, None)


def test_an_unknown_plan_is_an_error() -> None:
    settings = replace(SETTINGS, plan={**SETTINGS.plan, "api": "g9"})
    with pytest.raises(OperatorError, match=r"fks:plan\.api is 'g9'"):
        costs(settings, PRICES)
