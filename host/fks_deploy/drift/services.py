"""The containers and images of the release."""

from collections.abc import Iterator

from .. import images, retention
from ..containers import Container
from .context import Context
from .deviation import CONTAINERS, IMAGES, MISSING, Deviation

_SHORT = 19


def containers(context: Context) -> Iterator[Deviation]:
    """Configuration, image and state of each service's container."""
    hashes = context.compose.config_hashes()
    for service in context.compose.services():
        own = [one for one in context.containers if one.service == service.name]
        if not own:
            yield Deviation("container", service.name, "running", MISSING, CONTAINERS)
        for one in own:
            image = images.inspect(context.shell, service.image) or {}
            yield from _container(one, hashes[service.name], str(image.get("Id", "")))
    for one in context.containers:
        if one.service not in hashes:
            expects = "no such service in the release"
            yield Deviation("container", one.name, expects, one.status, CONTAINERS)


def _container(one: Container, digest: str, image: str) -> Iterator[Deviation]:
    """`image` is the id of the recorded image, "" if that is not local."""
    name, found = one.name, str(one.document["Image"])
    if one.name != one.own_name:
        yield Deviation("container", name, f"the name {one.own_name}", name, CONTAINERS)
    if one.config_hash != digest:
        was = f"configuration {one.config_hash[:12] or 'of no release'}"
        yield Deviation("container", name, f"configuration {digest[:12]}", was, CONTAINERS)
    elif image and found != image:
        yield Deviation("image", name, image[:_SHORT], found[:_SHORT], CONTAINERS)
    if one.status != "running":
        yield Deviation("container", name, "running", one.status, CONTAINERS)


def recorded_images(context: Context) -> Iterator[Deviation]:
    """Recorded images that were removed, and tags that belong to an image of no kept release."""
    known = _known_ids(context)
    for name, image in images.recorded(context.release).items():
        if images.inspect(context.shell, image) is None:
            yield Deviation("image", name, image, MISSING, IMAGES)
        elif (tag := images.inspect(context.shell, name)) and tag["Id"] not in known:
            yield Deviation("image", name, image, f"tag of {tag['Id'][:_SHORT]}", IMAGES)


def _known_ids(context: Context) -> set[str]:
    kept = retention.kept(context.paths.releases) | {context.release.name}
    recorded = {
        image for name in kept for image in images.recorded(context.paths.releases / name).values()
    }
    found = (images.inspect(context.shell, image) for image in recorded)
    return {str(details["Id"]) for details in found if details}
