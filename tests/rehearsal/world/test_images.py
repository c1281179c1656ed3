"""The tag of the servers' image; labels, which containers inherit from images."""

from pathlib import Path

import docker
import pytest

from rehearsal.world import images
from rehearsal.world.names import LABEL


def test_checkouts_with_different_authorities_do_not_share_the_servers_image(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tags = set()
    for checkout in ("one", "two"):
        monkeypatch.setattr(images, "WORK", tmp_path / checkout)
        tags |= {images.server().tag, images.server().tag}
    assert len(tags) == 2


@pytest.mark.world
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
