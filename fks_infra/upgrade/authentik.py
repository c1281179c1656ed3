"""The next release train of Authentik, its image and the volume for the copy of its database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fks_infra.config.settings import ServiceOverride
from fks_infra.errors import OperatorError
from fks_infra.roles.auth import ROLE
from fks_infra.roles.images import AUTHENTIK
from fks_infra.upgrade import postgres

SERVICES = tuple(one.name for one in ROLE.services if one.image == AUTHENTIK)
_VERSION = re.compile(r"\d{4}\.\d{1,2}(\.\d+)*")
# Files moved from /media to /data: https://docs.goauthentik.io/releases/2025.12/
_DATA_SINCE = [2025, 12]


@dataclass(frozen=True, kw_only=True)
class Target:
    """`image` is of the release train `train`, `volume` the setting for the database's volume."""

    image: str
    train: str
    volume: str


def version(to: str) -> str:
    """OperatorError for a `--to` that is no version, as 2026.8 or 2026.8.6."""
    if to and not _VERSION.fullmatch(to):
        raise OperatorError(
            f"--to is {to!r}, which is no version of Authentik. Nothing was changed.\n"
            f"Next: write a release train or one of its releases, as --to 2026.8 or --to 2026.8.6"
        )
    return to


def target(
    overrides: Mapping[str, ServiceOverride], to: str, status: Mapping[str, Any], *, pending: bool
) -> Target | None:
    """What follows the release in service; None for nothing, or for another release of its train.

    `status` is what `upgrade-data status --to TO` prints. Without `to` the next train has the
    image of this checkout if it is of that train. An upgrade that was begun keeps its volume.
    OperatorError for a train that cannot follow, and for a digest that pins the present image.
    """
    found = status["authentik"]
    _check(overrides, found)
    image = _image(overrides, to, found["version"], found["next"])
    chosen = train(_tag(image))
    if pending and not chosen:
        raise OperatorError(
            "An upgrade of Authentik was begun. Nothing was changed.\nNext: the same with --to "
            "VERSION, or with --back"
        )
    if not chosen or (chosen == train(found["version"]) and not pending):
        return None
    present = postgres.suffix(status["data"]["volume"])
    begun = postgres.suffix(status["upgrade"]["target"]["volume"]) if pending else ""
    volume = begun or postgres.free(f"ak{chosen.replace('.', '-')}", present)
    return Target(image=image, train=chosen, volume=volume)


def _check(overrides: Mapping[str, ServiceOverride], found: Mapping[str, str]) -> None:
    for name in (name for name, one in overrides.items() if one.digest):
        raise OperatorError(
            f"fks:services.{name}.digest pins the present image. Nothing was changed.\n"
            f"Next: pulumi config rm --path fks:services.{name}.digest, then the same again"
        )
    if not found["version"]:
        raise OperatorError(
            "The version in Authentik's database cannot be read: it has none, or does not run. "
            "Nothing was changed.\nNext: fks status auth"
        )
    if found["refusal"]:
        raise OperatorError(f"{found['refusal']}. Nothing was changed.")


def _image(overrides: Mapping[str, ServiceOverride], to: str, version_: str, following: str) -> str:
    """Without a tag if no train is known to follow."""
    present = next((one.image for one in overrides.values() if one.image), AUTHENTIK)
    own = train(_tag(AUTHENTIK))
    if not to and (own == following or (not following and _numbers(own) > _numbers(version_))):
        return AUTHENTIK
    # Each train has a tag that names its newest release.
    tag = to or following
    name = present.partition("@")[0].rpartition(":")[0]
    return f"{name}:{tag}" if tag else name


def train(version_: str) -> str:
    """2026.8 for 2026.8.6; "" for no version."""
    return ".".join(version_.split(".")[:2])


def lost_files(found: str, train_: str) -> str:
    """What is said when files would be lost; "" when none are."""
    if not _numbers(found) < _DATA_SINCE <= _numbers(train_):
        return ""
    return (
        f"Authentik {found} has its files in /media, {train_} in /data: the volume auth-data is "
        f"mounted at /data only, so files in /media are in no volume and will be gone. Copy them "
        f"first, on the server: sudo docker cp fks-auth-server-1:/media ."
    )


def _tag(image: str) -> str:
    tag = image.rpartition(":")[2]
    return tag if _VERSION.fullmatch(tag) else ""


def _numbers(version_: str) -> list[int]:
    return [int(number) for number in version_.split(".")[:2]]
