"""What the stacks' settings ask of the world: zones, and images under names of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from fks_infra.roles.services import CATALOGUE
from rehearsal.world.names import REGISTRY_NAMES

_USUAL = {service.name: service.image for service in CATALOGUE}


@dataclass(frozen=True)
class Requirements:
    """The zones, and each asked-for image with the usual one whose stand-in answers for it."""

    zones: tuple[str, ...]
    images: Mapping[str, str] = field(default_factory=dict)

    @property
    def registries(self) -> tuple[str, ...]:
        """The host names under which the world's one registry answers."""
        asked = {split_image(name)[0].partition(":")[0] for name in self.images}
        return (*REGISTRY_NAMES, *sorted(asked - set(REGISTRY_NAMES)))


def requirements_of(program: Path, overrides: Mapping[str, str] | None = None) -> Requirements:
    """Read the stack files of a program, and settings as `pulumi config set --path` takes them."""
    files = sorted(program.glob("Pulumi.*.yaml"))
    configs = [yaml.safe_load(path.read_text()).get("config") or {} for path in files]
    configs.append(_nested(overrides or {}))
    zones = {config.get("fks:zone") or config.get("fks:domain") for config in configs}
    return Requirements(
        zones=tuple(sorted(str(zone) for zone in zones if zone)),
        images={name: usual for config in configs for name, usual in _images(config)},
    )


def split_image(name: str) -> tuple[str, str, str]:
    """Return (registry, repository, tag) of an image's name, as Docker reads it."""
    host, slash, rest = name.partition("/")
    if not slash or not ("." in host or ":" in host or host == "localhost"):
        host, rest = "docker.io", name if slash else f"library/{name}"
    repository, colon, tag = rest.partition(":")
    return host, repository, tag if colon else "latest"


def _nested(overrides: Mapping[str, str]) -> dict[str, Any]:
    config: dict[str, Any] = {}
    for key, value in overrides.items():
        *path, last = key.split(".")
        place = config
        for part in path:
            place = place.setdefault(part, {})
        place[last] = value
    return config


def _images(config: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for service, wanted in (config.get("fks:services") or {}).items():
        if service in _USUAL and "image" in wanted:
            yield str(wanted["image"]), _USUAL[service]
