"""The region."""

import pytest

from fks_infra.clouds import http
from fks_infra.clouds.linode import Linode
from fks_infra.errors import OperatorError
from fks_infra.preflight.region import check_region
from tests.in_memory_clouds import InMemoryClouds


@pytest.fixture
def linode(monkeypatch: pytest.MonkeyPatch) -> Linode:
    monkeypatch.setattr(http, "exchange", InMemoryClouds({}).exchange)
    return Linode.from_environ({})


def test_a_known_region_is_no_error(linode: Linode) -> None:
    check_region(linode, "ca-central")


def test_an_unknown_region_is_an_error_with_the_list(linode: Linode) -> None:
    with pytest.raises(OperatorError, match="fks:region is 'atlantis', which Linode does not"):
        check_region(linode, "atlantis")
