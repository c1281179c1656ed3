"""Rules for the images of Authentik in `fks:services`."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from fks_infra.config.config_errors import config_error
from fks_infra.roles.auth import ROLE
from fks_infra.roles.images import AUTHENTIK

_SERVICES = tuple(service.name for service in ROLE.services if service.image == AUTHENTIK)
_RELEASE = re.compile(r"(\d{4})\.(\d{1,2})(?:\.|$)")
# https://docs.goauthentik.io/releases/2025.10/
_WITHOUT_REDIS = (2025, 10)


def authentik_errors(values: Mapping[str, Any]) -> Iterator[str]:
    """Releases that need Redis, and a worker of another image than the server's."""
    overrides = {name: values["services"].get(name, {}) for name in _SERVICES}
    images = {name: fields.get("image", AUTHENTIK) for name, fields in overrides.items()}
    for name, image in images.items():
        found = _RELEASE.match(image.rpartition(":")[2])
        if found and (int(found[1]), int(found[2])) < _WITHOUT_REDIS:
            yield config_error(
                f"services.{name}.image",
                image,
                f"Authentik before 2025.10 needs Redis, which this stack has not; write 2025.10 or "
                f"newer, or leave it out for {AUTHENTIK}.",
            )
    exact = {(images[name], overrides[name].get("digest")) for name in _SERVICES}
    if len(exact) > 1:
        yield (
            f"{' and '.join(f'fks:services.{name}' for name in _SERVICES)} have different images: "
            f"{' and '.join(images.values())} (or different digests). Server and worker share one "
            f"database schema; write the same image and digest for both."
        )
