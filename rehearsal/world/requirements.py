"""What the stacks' settings require of the world: DNS zones, and images under custom names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from fks_infra.roles import BUILDS, SERVICES
from rehearsal.world.names import REGISTRY_NAMES

_DEFAULT_IMAGES = {service.name: service.image for service in SERVICES}
_DEFAULT_IMAGES |= {build.name: build.image for build in BUILDS}


@dataclass(frozen=True)
class Requirements:
    """The zones, and each custom image name with the default image that stands in for it."""

    zones: tuple[str, ...]
    images: Mapping[str, str] = field(default_factory=dict)

    @property
    def registries(self) -> tuple[str, ...]:
        """All host names of the world's one registry."""
        hosts = {split_image(name)[0].partition(":")[0] for name in self.images}
        return (*REGISTRY_NAMES, *sorted(hosts - set(REGISTRY_NAMES)))


def requirements_of(program: Path, overrides: Mapping[str, str] | None = None) -> Requirements:
    """Read a program's stack files, and overrides as for `pulumi config set --path`."""
    files = sorted(program.glob("Pulumi.*.yaml"))
    configs = [yaml.safe_load(path.read_text()).get("config") or {} for path in files]
    configs.append(_nested(overrides or {}))
    zones = {config.get("fks:zone") or config.get("fks:domain") for config in configs}
    return Requirements(
        zones=tuple(sorted(str(zone) for zone in zones if zone)),
        images={name: default for config in configs for name, default in _images(config)},
    )


def split_image(name: str) -> tuple[str, str, str]:
    """Return (registry, repository, tag) of an image name, with Docker's defaults."""
    host, slash, rest = name.partition("/")
    if not slash or not ("." in host or ":" in host or host == "localhost"):
        host, rest = "docker.io", name if slash else f"library/{name}"
    repository, colon, tag = rest.partition(":")
    return host, repository, tag if colon else "latest"


def _nested(overrides: Mapping[str, str]) -> dict[str, Any]:
    config: dict[str, Any] = {}
    for key, value in overrides.items():
        *path, last = key.split(".")
        parent = config
        for part in path:
            parent = parent.setdefault(part, {})
        parent[last] = value
    return config


def _images(config: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for service, settings in (config.get("fks:services") or {}).items():
        if service in _DEFAULT_IMAGES and "image" in settings:
            yield str(settings["image"]), _DEFAULT_IMAGES[service]
