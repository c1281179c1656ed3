"""Every variable a compose file insists on is in the release's environment."""

import re
from collections.abc import Callable

import pytest

from fks_infra.config.settings import Settings
from fks_infra.release.environment import release_environment
from fks_infra.release.files import release_files
from fks_infra.topology.planning import plan_topology

# Set by the deploy on the host itself.
FROM_THE_HOST = {"COMPOSE_PROJECT_NAME", "FKS_SECRETS", "LISTEN_ADDRESS"}


@pytest.mark.parametrize("mode", ["multi", "single"])
def test_compose_files_require_only_variables_that_are_set(
    settings: Callable[..., Settings], mode: str
) -> None:
    found = settings(mode=mode)
    topology = plan_topology(found)
    for server in topology.servers:
        known = set(release_environment(topology, found, server)) | FROM_THE_HOST
        for name, content in release_files(topology, found, server).items():
            if name.startswith("compose/") and name.endswith(".yaml"):
                asked = set(re.findall(r"\$\{([A-Z0-9_]+):\?", content.decode()))
                assert asked <= known, name
