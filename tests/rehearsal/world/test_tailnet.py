"""The policy the rehearsal's control server runs is the one the program prints."""

import json

from fks_infra.topology.tailnet_policy import policy
from rehearsal.world.tailnet import OPERATOR_TAG, headscale_policy


def test_the_grants_are_the_programs_own() -> None:
    ours = json.loads(headscale_policy())
    assert ours["grants"] == policy("tag:fks", [OPERATOR_TAG])["grants"]


def test_the_only_user_stands_for_the_admins() -> None:
    owners = json.loads(headscale_policy())["tagOwners"]
    assert owners["tag:fks"] == owners[OPERATOR_TAG] == ["fks@"]
    assert owners["tag:fks-web"] == ["tag:fks"]
