"""The labels of a stack's servers."""

import asyncio
from collections.abc import Callable

import pytest

from fks_infra.config.settings import Settings
from fks_infra.topology.planning import plan_topology
from fks_infra.topology.servers import ServerSpec
from rehearsal.world.scenario import server_label
from tests.conftest import STACK


@pytest.mark.parametrize("mode", ["multi", "single"])
def test_a_label_is_the_programs_own(mode: str, settings: Callable[..., Settings]) -> None:
    # Settings hold a pulumi.Output, which needs an event loop.
    async def servers() -> tuple[ServerSpec, ...]:
        return plan_topology(settings(mode=mode)).servers

    for server in asyncio.run(servers()):
        assert server_label(STACK, server.name) == server.label
