"""The variables of a release that name images."""

from collections.abc import Mapping

from fks_infra.config.settings import ServiceOverride
from fks_infra.topology.builds import BuildSpec
from fks_infra.topology.servers import ServerSpec
from fks_infra.topology.services import ServiceSpec


def image_variables(server: ServerSpec, overrides: Mapping[str, ServiceOverride]) -> dict[str, str]:
    """IMAGE_<key> for each service and static build, and IMAGE_REFRESH_<key> where it is set.

    The host resolves a tag once and keeps the digest; a new IMAGE_REFRESH_<key> resolves it again.
    """
    values = {}
    parts: tuple[ServiceSpec | BuildSpec, ...] = (*server.services, *server.builds)
    for part in parts:
        values[f"IMAGE_{part.key}"] = part.image
        refresh = overrides.get(part.name, ServiceOverride()).refresh
        if refresh is not None:
            values[f"IMAGE_REFRESH_{part.key}"] = str(refresh)
    return values
