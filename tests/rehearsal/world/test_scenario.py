"""The labels of a stack's servers."""

from collections.abc import Callable

import pytest

from fks_infra.config.settings import Settings
from fks_infra.topology.planning import plan_topology
from rehearsal.world.scenario import server_label
from tests.conftest import STACK


@pytest.mark.parametrize("mode", ["multi", "single"])
def test_a_label_is_the_programs_own(mode: str, settings: Callable[..., Settings]) -> None:
    servers = plan_topology(settings(mode=mode)).servers
    assert servers
    for server in servers:
        assert server_label(STACK, server.name) == server.label
