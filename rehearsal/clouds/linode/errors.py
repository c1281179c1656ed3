"""Linode's error shape, `{"errors": [{"field", "reason"}]}`, with the texts of the real API."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from rehearsal.clouds.errors import CloudError, unsupported


def bad(field: str, reason: str) -> CloudError:
    """400: one field of the request is wrong."""
    return CloudError(400, {"errors": [{"field": field, "reason": reason}]})


def rejected(reason: str, status: int = 400) -> CloudError:
    """The request is well formed and cannot be fulfilled."""
    return CloudError(status, {"errors": [{"reason": reason}]})


def not_found() -> CloudError:
    """404 for any kind of object."""
    return rejected("Not found", 404)


def not_modelled(field: str) -> CloudError:
    """501: the real API accepts this field or value, the stand-in does not; fails the run."""
    return unsupported({"errors": [{"field": field, "reason": f"not modelled: {field}"}]})


def check_modelled(
    body: Mapping[str, Any],
    modelled: Collection[str],
    defaults: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Reject a field outside `modelled`, unless it has its value in `defaults` or is empty."""
    for field in sorted(body.keys() - set(modelled)):
        accepted: tuple[Any, ...] = (None, False, "", [], {})
        if field in defaults:
            accepted = (None, defaults[field])
        if body[field] not in accepted:
            raise not_modelled(field)
