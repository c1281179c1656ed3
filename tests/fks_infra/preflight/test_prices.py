"""The region and the prices of the plans."""

import pytest

from fks_infra.clouds import http
from fks_infra.clouds.linode import Linode
from fks_infra.errors import OperatorError
from fks_infra.preflight.prices import check_region, monthly_price
from tests.in_memory_clouds import InMemoryClouds


@pytest.fixture
def linode(monkeypatch: pytest.MonkeyPatch) -> Linode:
    monkeypatch.setattr(http, "exchange", InMemoryClouds({}).exchange)
    return Linode.from_environ({})


def test_a_known_plan_has_its_price(linode: Linode) -> None:
    check_region(linode, "ca-central")
    assert monthly_price(linode, "g6-standard-2", "ca-central", "api") == 24.0


def test_an_unknown_region_is_an_error_with_the_list(linode: Linode) -> None:
    with pytest.raises(OperatorError, match="fks:region is 'atlantis', which Linode does not"):
        check_region(linode, "atlantis")


def test_an_unknown_plan_is_an_error_with_its_key(linode: Linode) -> None:
    with pytest.raises(OperatorError, match=r"fks:plan\.api is 'g6-gone', .* does not sell"):
        monthly_price(linode, "g6-gone", "ca-central", "api")
