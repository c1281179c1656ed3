"""What explanations are made of."""

import pytest

from fks_infra.errors import OperatorError
from fks_infra.explain import context
from fks_infra.explain.context import Context


def test_topology_and_inventory_are_of_the_stack(prod: Context) -> None:
    names = [server.name for server in prod.topology.servers]
    assert list(prod.inventory["servers"]) == names == ["auth", "api", "web"]


def test_an_unknown_stack() -> None:
    with pytest.raises(OperatorError, match="'prd' has no file"):
        context.read("prd")
