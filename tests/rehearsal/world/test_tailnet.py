"""The control server has the program's policy and address range."""

import json

import yaml

from fks_infra.limits import TAILNET_RANGE
from fks_infra.topology.tailnet_policy import policy
from rehearsal.world.images import IMAGES
from rehearsal.world.tailnet import OPERATOR_TAG, headscale_policy


def test_the_grants_are_the_programs_own() -> None:
    grants = json.loads(headscale_policy())["grants"]
    assert grants
    assert grants == policy("tag:fks", [OPERATOR_TAG])["grants"]


def test_the_only_user_replaces_the_admins() -> None:
    owners = json.loads(headscale_policy())["tagOwners"]
    assert owners["tag:fks"] == owners[OPERATOR_TAG] == ["fks@"]
    assert owners["tag:fks-web"] == ["tag:fks"]


def test_the_control_server_assigns_addresses_of_the_programs_range() -> None:
    config = yaml.safe_load((IMAGES / "control" / "config.yaml").read_text())
    assert config["prefixes"]["v4"] == str(TAILNET_RANGE)
