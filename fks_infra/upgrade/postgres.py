"""The next image and the next volume of a PostgreSQL."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from fks_infra.config.settings import ServiceOverride
from fks_infra.errors import OperatorError
from fks_infra.roles import roles_named
from fks_infra.roles.role import Service

_TAG = re.compile(r"(?P<version>(?P<major>\d+)(?:\.\d+)*)(?P<rest>-[a-z0-9.-]+)?")
_FIRST = "-data-"


@dataclass(frozen=True, kw_only=True)
class Target:
    """The settings that an upgrade writes: an image, with its major version, and `volume`."""

    image: str
    major: int
    volume: str


def database_of(role: str) -> Service:
    """The PostgreSQL of a role that has one."""
    (stack,) = roles_named((role,))
    return next(service for service in stack.services if service.database)


def image(service: Service, override: ServiceOverride, to: str) -> tuple[str, int]:
    """The image with the version `to`, the checkout's own without it, and its major version.

    The rest of the present tag, as -trixie, stays unless `to` has one. OperatorError for a `to`
    that is no version, and for an image without one.
    """
    if override.digest:
        raise OperatorError(
            f"fks:services.{service.name}.digest pins the present image. Nothing was changed.\n"
            f"Next: pulumi config rm --path fks:services.{service.name}.digest, then the same again"
        )
    present = override.image or service.image
    name, _, tag = (present if to else service.image).rpartition(":")
    chosen, known = _TAG.fullmatch(to or tag), _TAG.fullmatch(tag)
    if chosen is None or known is None:
        what = f"--to is {to!r}" if to else f"the tag of {service.image} is {tag!r}"
        raise OperatorError(
            f"{what}, which is no version of PostgreSQL. Nothing was changed.\nNext: write it as "
            f"--to 18.1"
        )
    rest = chosen["rest"] or known["rest"] or ""
    return f"{name}:{chosen['version']}{rest}", int(chosen["major"])


def also(image_: str, present: str) -> str:
    """What is said when a copy is made with an image of another major version than `present`; ""
    when it is not. An image whose tag is no version is known on the server only."""
    known = _TAG.fullmatch(image_.partition("@")[0].rpartition(":")[2])
    if known is None or known["major"] == present.partition(".")[0]:
        return ""
    return f"PostgreSQL {present} -> {known['major']} too: {image_} is configured."


def target(
    service: Service, override: ServiceOverride, to: str, status: Mapping[str, Any]
) -> Target:
    """`status` is what `upgrade-data status` prints. An upgrade that was begun keeps its volume."""
    name, major = image(service, override, to)
    begun = status["upgrade"] or {}
    if begun.get("state") in ("copying", "copied") and begun["target"]["image"] == name:
        return Target(image=name, major=major, volume=suffix(begun["target"]["volume"]))
    volume = free(f"pg{major}", suffix(status["data"]["volume"]))
    return Target(image=name, major=major, volume=volume)


def suffix(volume: str) -> str:
    """What `fks:services.NAME.volume` is for a volume's full name; empty for the first one."""
    return volume.partition(_FIRST)[2]


def full(service: str, volume: str) -> str:
    """The volume of a setting, as compose.yaml calls it: without the name of the project."""
    return f"{service}{_FIRST}{volume}"


def free(name: str, present: str) -> str:
    """The setting for another volume than the present one."""
    names = (name if number == 1 else f"{name}-{number}" for number in count(1))
    return next(one for one in names if one != present)
