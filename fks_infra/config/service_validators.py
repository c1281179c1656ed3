"""Formats of `fks:services` and `fks:registries`."""

import re
from collections.abc import Callable
from typing import Any

from fks_infra.config.schema import did_you_mean
from fks_infra.roles import BUILDS, SERVICES

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_REGISTRY = re.compile(rf"(?P<host>{_LABEL}(?:\.{_LABEL})*)(?::(?P<port>[0-9]+))?")
_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_PATH = rf"{_COMPONENT}(?:/{_COMPONENT})*"
_IMAGE = re.compile(rf"(?P<name>(?:{_REGISTRY.pattern}/)?{_PATH})(?::[A-Za-z0-9_][A-Za-z0-9_.-]*)?")
_ROOT = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._-]+)+")
_VOLUME = re.compile(r"[a-z][a-z0-9-]{0,31}")
_REFRESH = re.compile(r"[A-Za-z0-9._:+-]{1,64}")
_NAME_LENGTH, _TAG_LENGTH = 255, 128


def registries(value: Any) -> str | None:
    """Host, perhaps with a port, to user name, which has no colon (RFC 7617, section 2)."""
    for server, user in value.items():
        if not is_registry(server):
            return f"{server!r} is not a registry; write its host, as ghcr.io."
        if not isinstance(user, str) or not user:
            return f"{server!r} has no user name; write it as {{{server}: NAME}}."
        if ":" in user:
            return f"{server!r} has the user name {user!r}, and none has a colon; write it alone."
    return None


def is_registry(text: str) -> bool:
    """Whether it is the host of a registry, with or without a port."""
    found = _REGISTRY.fullmatch(text)
    return found is not None and 0 < int(found["port"] or 1) <= 65535


def is_image(text: str) -> bool:
    """Whether it is an image's name with or without a tag, and without a digest.

    Grammar: https://pkg.go.dev/github.com/distribution/reference
    """
    found = _IMAGE.fullmatch(text)
    if found is None or not 0 < int(found["port"] or 1) <= 65535:
        return False
    tag = text[len(found["name"]) :].lstrip(":")
    return len(found["name"]) <= _NAME_LENGTH and len(tag) <= _TAG_LENGTH


def image_error(value: Any) -> str | None:
    """Why it is not an image, with what to write; None if it is one."""
    if isinstance(value, str) and is_image(value):
        return None
    image, _, digest = str(value).partition("@")
    if is_image(image) and _DIGEST.fullmatch(digest):
        return f"write {{image: {image!r}, digest: {digest!r}}}."
    return "write an image, as ghcr.io/name/image:tag."


def services(value: Any) -> str | None:
    """Known services and static builds with known fields of the right kind."""
    names = [*(service.name for service in SERVICES), *(build.name for build in BUILDS)]
    for name, fields in value.items():
        if name not in names:
            return f"{name!r} is not a service; {did_you_mean(name, names)}"
        if not isinstance(fields, dict):
            return f"{name!r} is {fields!r}; write an object, as {{memory: 512}}."
        for field, content in fields.items():
            if field not in _FIELDS:
                return f"{name}.{field} is not known; {did_you_mean(field, [*_FIELDS])}"
            if error := _FIELDS[field](content):
                return f"{name}.{field} is {content!r}; {error}"
            if error := _without_effect(name, field):
                return f"{name}.{field} has no effect, {error}; leave it out."
    return None


def _without_effect(name: str, field: str) -> str | None:
    """Why the part has no such field; None if it has."""
    services = {service.name: service for service in SERVICES}
    if name not in services:
        return "nginx serves its files without a container" if field in _CONTAINER_FIELDS else None
    if (original := services[name].replica_of) and field != "port":
        return f"it has that of {original}"
    if (original := services[name].image_of) and field != "memory":
        return f"it has that of {original}"
    if field == "root":
        return "the service is a container"
    if field == "volume" and not services[name].database:
        return "the service is no database"
    if field == "port" and not services[name].port:
        return "the service publishes no port"
    return None


def is_integer(value: Any) -> bool:
    """Whether it is an integer; a boolean is not."""
    return isinstance(value, int) and not isinstance(value, bool)


def _otherwise(error: str, accepts: Callable[[Any], bool]) -> Callable[[Any], str | None]:
    return lambda value: None if accepts(value) else error


_CONTAINER_FIELDS = ("memory", "port", "volume")
_FIELDS: dict[str, Callable[[Any], str | None]] = {
    "image": image_error,
    "digest": _otherwise(
        "write sha256: and 64 hex digits.",
        lambda value: isinstance(value, str) and _DIGEST.fullmatch(value) is not None,
    ),
    "memory": _otherwise(
        "write whole MiB, 16 or more.", lambda value: is_integer(value) and value >= 16
    ),
    "port": _otherwise(
        "write a port from 1024 to 65535.",
        lambda value: is_integer(value) and 1024 <= value <= 65535,
    ),
    "root": _otherwise(
        "write an absolute directory of the image, as /usr/share/nginx/html.",
        lambda value: isinstance(value, str) and _ROOT.fullmatch(value) is not None,
    ),
    "refresh": _otherwise(
        "write a date or a number, as 2026-12-01.",
        lambda value: not isinstance(value, bool) and _REFRESH.fullmatch(str(value)) is not None,
    ),
    "volume": _otherwise(
        "write a lower-case letter, then letters, digits and dashes, as pg18.",
        lambda value: isinstance(value, str) and _VOLUME.fullmatch(value) is not None,
    ),
}
