"""The price list: from Linode, from the copy, and the refresh of the copy."""

import json
import shutil
from pathlib import Path

import pytest

from fks_infra.config.plans import COPIED, PLANS, PRICE_LIST
from fks_infra.errors import OperatorError
from fks_infra.plans import price_list
from fks_infra.plans.price_list import PriceList
from tests.fks_infra.conftest import ScriptedApi
from tests.in_memory_clouds import plan_row

PATH = "/v4/linode/types?page=1&page_size=500"
NANODE = plan_row(PLANS["g6-nanode-1"])


@pytest.fixture
def raised(api: ScriptedApi) -> PriceList:
    """Linode's list, with one plan that costs more than in the copy."""
    row = {**NANODE, "price": {"monthly": 6, "hourly": 0.009}}
    api.respond("GET", PATH, (200, {"data": [row], "pages": 1}))
    return price_list.read({"LINODE_URL": api.base})


def test_linodes_prices_come_before_those_of_the_copy(raised: PriceList) -> None:
    assert (raised.source, raised.note) == ("Linode, today", "")
    assert raised.plan("g6-nanode-1", "TYPE").price == 6
    assert raised.plan("g6-standard-2", "TYPE") == PLANS["g6-standard-2"]


def test_the_copy_with_its_date_while_linode_does_not_answer(api: ScriptedApi) -> None:
    api.respond("GET", PATH, (503, {}))
    found = price_list.read({"LINODE_URL": api.base})
    assert found.plans == PLANS
    assert found.source == f"copy of {COPIED}"
    assert "answered 503" in found.note


def test_an_unknown_plan_names_key_value_and_the_nearest(raised: PriceList) -> None:
    with pytest.raises(OperatorError, match=r"TYPE is 'g6-nanod-1'.*did you mean g6-nanode-1"):
        raised.plan("g6-nanod-1", "TYPE")


def test_the_copy_gets_new_rows_and_keeps_the_others(raised: PriceList, tmp_path: Path) -> None:
    path = tmp_path / "price_list.json"
    shutil.copy(PRICE_LIST, path)
    assert price_list.refresh_copy(raised, path) == ["g6-nanode-1"]
    before, after = (json.loads(one.read_text()) for one in (PRICE_LIST, path))
    assert after["types"][0]["price"] == {"monthly": 6, "hourly": 0.009}
    assert after["types"][1:] == before["types"][1:]
    assert price_list.refresh_copy(raised, path) == []


def test_the_copy_is_not_refreshed_by_itself(tmp_path: Path) -> None:
    found = PriceList(plans=PLANS, source="copy", note="Linode does not answer.")
    with pytest.raises(OperatorError, match=r"Linode does not answer\. The copy was not changed"):
        price_list.refresh_copy(found, tmp_path / "none")
