"""Images of versions that only the tests of upgrades need, in the world's registry."""

from __future__ import annotations

from rehearsal.world import images
from rehearsal.world.build_context import Image
from rehearsal.world.registry import push_images
from rehearsal.world.world import World

NEXT, NO_START, NO_RESTART = "18.6", "18.7", "18.8"
_POSTGRES = "docker.io/library/postgres"


def _image(name: str, tag: str, version: str, **buildargs: str) -> Image:
    push = (f"{_POSTGRES}:{version}-trixie",)
    return Image(f"fks-rehearsal/{tag}", images.IMAGES / name, push=push, buildargs=buildargs)


POSTGRES = (
    _image("postgres-next", "postgres-next", NEXT),
    _image("postgres-failing", "postgres-no-start", NO_START, WHEN="init"),
    _image("postgres-failing", "postgres-no-restart", NO_RESTART, WHEN="serve"),
)


def push(world: World, made: tuple[Image, ...]) -> None:
    """Build these images, and push them."""
    for image in made:
        images.build(world.client, image)
    push_images(world.client, list(made), {})
