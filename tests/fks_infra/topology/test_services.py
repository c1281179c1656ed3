"""`fks:services` changes images, memory and ports."""

from collections.abc import Callable

from fks_infra.config.settings import Settings
from fks_infra.topology.planning import plan_topology

Make = Callable[..., Settings]


def test_a_digest_pins_the_image(settings: Make) -> None:
    digest = "sha256:" + "a" * 64
    topology = plan_topology(settings(services={"api": {"digest": digest}}))
    images = {s.name: s.image for server in topology.servers for s in server.services}
    assert images["api"] == f"docker.io/nuniesmith/fks:api-latest@{digest}"
    assert images["api-worker"] == "docker.io/nuniesmith/fks:worker-latest"
