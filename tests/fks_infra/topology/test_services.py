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


def test_a_replica_has_the_image_and_memory_of_its_service_and_a_port_of_its_own(
    settings: Make,
) -> None:
    changes = {"api": {"image": "example/api:1", "memory": 500}, "api-2": {"port": 8100}}
    topology = plan_topology(settings(services=changes))
    found = {s.name: s for server in topology.servers for s in server.services}
    api, replica = found["api"], found["api-2"]
    assert (replica.image, replica.memory, replica.port) == ("example/api:1", 500, 8100)
    assert (api.image, api.memory, api.port) == ("example/api:1", 500, 8000)
