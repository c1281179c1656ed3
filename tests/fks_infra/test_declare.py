"""Both modes, whole: what is registered. What the engine makes of it is for the contract tests."""

from collections.abc import Callable

import pytest

from tests.conftest import World

Declare = Callable[..., World]

SERVERS = {"multi": ["auth", "api", "web"], "single": ["single"]}


@pytest.mark.parametrize("mode", ["multi", "single"])
def test_every_server_has_one_of_each_part(declare: Declare, mode: str) -> None:
    world = declare(mode=mode)
    for suffix in ("linode:index/instance:Instance", "firewall:Firewall", ":TailnetKey"):
        assert len(world.all(suffix)) == len(SERVERS[mode])
    assert len(world.all("command:remote:Command")) == 2 * len(SERVERS[mode])
    assert len(world.all("command:remote:CopyToRemote")) == 2 * len(SERVERS[mode])
    assert len(world.all("command:local:Command")) == len(SERVERS[mode]) + 1
    assert len(world.all(":DnsRecord")) == 5
