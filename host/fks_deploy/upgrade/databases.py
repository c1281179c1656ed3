"""The PostgreSQL services of a release: their images, volumes and the services that use them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from .. import postgres_version
from ..compose import Compose, Service
from ..errors import InputError
from .record import Data


@dataclass(frozen=True)
class Database:
    """A service with its data; `name` is that of the database. `clients` are the services that use
    it, directly or not."""

    service: str
    name: str
    user: str
    data: Data
    clients: tuple[str, ...]


def find(compose: Compose, service: str) -> Database:
    """The database of the release. Error: InputError for another service."""
    document = compose.document()
    volumes = dict(postgres_version.volumes(document))
    if service not in volumes:
        known = ", ".join(volumes) or "none"
        raise InputError(f"{service!r} is no PostgreSQL of this server, which has {known}")
    entry, volume = document["services"][service], volumes[service]
    environment: Mapping[str, Any] = entry["environment"]
    version = postgres_version.data_version(compose.shell, volume)
    return Database(
        service=service,
        name=environment["POSTGRES_DB"],
        user=environment["POSTGRES_USER"],
        data=Data(volume, entry["image"], version),
        clients=clients(compose.all_services(), service),
    )


def clients(services: list[Service], service: str) -> tuple[str, ...]:
    """Sorted names."""
    found = {service}
    while more := {one.name for one in services if found & {*one.needs}} - found:
        found |= more
    return tuple(sorted(found - {service}))


def with_data(compose: Compose, service: str, image: str, volume: str) -> Compose:
    """The same release with another image and the volume `volume`, as compose.yaml calls it."""
    key = service.upper().replace("-", "_")
    changed = {f"IMAGE_{key}": image, f"{key}_VOLUME": volume}
    return replace(compose, overrides={**compose.overrides, **changed})
