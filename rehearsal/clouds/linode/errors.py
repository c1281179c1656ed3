"""Linode's error shape, `{"errors": [{"field", "reason"}]}`, and its real texts."""

from rehearsal.clouds.errors import CloudError


def bad(field: str, reason: str) -> CloudError:
    """400: the request is wrong in one field."""
    return CloudError(400, {"errors": [{"field": field, "reason": reason}]})


def refused(reason: str, status: int = 400) -> CloudError:
    """The request is well formed and still not possible."""
    return CloudError(status, {"errors": [{"reason": reason}]})


def not_found() -> CloudError:
    """404, whatever was looked for."""
    return refused("Not found", 404)


def invalid_token() -> CloudError:
    """401: no token, or one that is not a rehearsal's."""
    return refused("Invalid Token", 401)
