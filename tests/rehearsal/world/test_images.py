"""Images have no label of a world, because containers inherit an image's labels."""

import docker
import pytest

from rehearsal.world import images
from rehearsal.world.names import LABEL

pytestmark = pytest.mark.world


def test_a_container_of_an_image_has_no_label_of_a_world() -> None:
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
