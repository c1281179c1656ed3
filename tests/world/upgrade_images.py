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

# Of Authentik: a release in service, the next train by its own tag, and one whose migration fails.
FIRST, SECOND, FAILING = "2026.2.3", "2026.5.6", "2026.5.7"
SERVER = "ghcr.io/goauthentik/server"


def _authentik(version: str, previous: str, *tags: str, fails: str = "") -> Image:
    push = tuple(f"{SERVER}:{tag}" for tag in (version, *tags))
    buildargs = {"VERSION": version, "PREVIOUS": previous, "FAILS": fails}
    tag = f"fks-rehearsal/authentik-{version}"
    return Image(tag, images.IMAGES / "authentik-variant", push=push, buildargs=buildargs)


AUTHENTIK = (
    # Worlds of other checkouts may have built theirs meanwhile.
    Image("fks-rehearsal/authentik", images.IMAGES / "authentik"),
    _authentik(FIRST, "2025.12"),
    _authentik(SECOND, "2026.2", "2026.5"),
    _authentik(FAILING, "2026.2", fails="migration"),
)


def push(world: World, made: tuple[Image, ...]) -> None:
    """Build these images, and push them."""
    for image in made:
        images.build(world.client, image)
    push_images(world.client, list(made), {})
