"""Formats of `fks:services` and `fks:registries`."""

import re
from collections.abc import Callable
from typing import Any

from fks_infra.config.schema import did_you_mean
from fks_infra.roles import SERVICES

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_IMAGE = re.compile(r"[a-z0-9][a-z0-9._/:-]*[a-zA-Z0-9._-]*")


def registries(value: Any) -> str | None:
    for server, user in value.items():
        if not re.fullmatch(r"[a-z0-9.-]+(?::\d+)?", server):
            return f"{server!r} is not a registry; write its host, as ghcr.io."
        if not isinstance(user, str) or not user:
            return f"{server!r} has no user name; write it as {{{server}: NAME}}."
    return None


def services(value: Any) -> str | None:
    """Known services with known fields of the right kind."""
    names = [service.name for service in SERVICES]
    with_port = {service.name for service in SERVICES if service.port}
    for name, fields in value.items():
        if name not in names:
            return f"{name!r} is not a service; {did_you_mean(name, names)}"
        if not isinstance(fields, dict):
            return f"{name!r} is {fields!r}; write an object, as {{memory: 512}}."
        for field, content in fields.items():
            if field not in _FIELDS:
                return f"{name}.{field} is not known; {did_you_mean(field, _FIELDS)}"
            if not _FIELDS[field][0](content):
                return f"{name}.{field} is {content!r}; {_FIELDS[field][1]}"
        if "port" in fields and name not in with_port:
            return f"{name}.port has no effect, the service publishes no port; leave it out."
    return None


def is_integer(value: Any) -> bool:
    """Whether it is an integer; a boolean is not."""
    return isinstance(value, int) and not isinstance(value, bool)


def _matches(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


_FIELDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "image": (_matches(_IMAGE), "write an image, as ghcr.io/name/image:tag."),
    "digest": (_matches(_DIGEST), "write sha256: and 64 hex digits."),
    "memory": (lambda v: is_integer(v) and v >= 16, "write whole MiB, 16 or more."),
    "port": (lambda v: is_integer(v) and 1024 <= v <= 65535, "write a port from 1024 to 65535."),
}
