"""Images belong to no world: a container of any kind inherits their labels."""

import docker
import pytest

from rehearsal.world import images
from rehearsal.world.names import LABEL

pytestmark = pytest.mark.world


def test_a_container_of_an_image_is_not_taken_for_a_part_of_a_world() -> None:
    client = docker.from_env()
    images.ensure_base(client)
    (image,) = [image for image in images.applications() if image.tag == "fks-rehearsal/broken"]
    images.build(client, image)
    container = client.containers.create(image.tag)
    try:
        assert LABEL not in container.labels
        assert container.labels["fks.rehearsal.image"] == "true"
    finally:
        container.remove(force=True)
        client.close()
