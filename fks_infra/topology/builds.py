"""The static builds of a server, with what `fks:services` changes of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from fks_infra.config.settings import ServiceOverride
from fks_infra.roles.role import Role, StaticBuild


@dataclass(frozen=True, kw_only=True)
class BuildSpec:
    """A static build: the directory `root` of `image`."""

    name: str
    key: str
    image: str
    root: str


def builds_of(
    roles: tuple[Role, ...], overrides: Mapping[str, ServiceOverride]
) -> tuple[BuildSpec, ...]:
    """The static builds of a server with these roles."""
    builds = (role.build for role in roles if role.build)
    return tuple(_build(build, overrides.get(build.name, ServiceOverride())) for build in builds)


def _build(build: StaticBuild, override: ServiceOverride) -> BuildSpec:
    return BuildSpec(
        name=build.name,
        key=build.key,
        image=override.image_or(build.image),
        root=override.root or build.root,
    )
