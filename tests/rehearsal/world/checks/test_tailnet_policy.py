"""Which connections between servers the topology allows."""

import pytest

from fks_infra.limits import EDGE_PORT, SSH_PORT
from rehearsal.world.checks.tailnet_policy import is_allowed

AUTH, API, WEB = ({"roles": [role]} for role in ("auth", "api", "web"))


@pytest.mark.parametrize(("source", "target"), [(WEB, API), (WEB, AUTH), (API, AUTH)])
def test_a_flow_is_allowed_on_https_only_and_in_its_direction_only(
    source: dict[str, list[str]], target: dict[str, list[str]]
) -> None:
    assert is_allowed(source, target, EDGE_PORT)
    assert not is_allowed(source, target, SSH_PORT)
    assert not is_allowed(target, source, EDGE_PORT)
