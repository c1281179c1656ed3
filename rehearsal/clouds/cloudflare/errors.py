"""Cloudflare's envelope for errors."""

from typing import Any

from rehearsal.clouds.errors import CloudError, unsupported


def envelope(code: int, message: str) -> dict[str, Any]:
    """The body of any error."""
    errors = [{"code": code, "message": message}]
    return {"result": None, "success": False, "errors": errors, "messages": []}


def failed(status: int, code: int, message: str) -> CloudError:
    """An error with Cloudflare's code and text."""
    return CloudError(status, envelope(code, message))


def not_modelled(what: str) -> CloudError:
    """501: the real API accepts this parameter or value, the stand-in does not; fails the run."""
    return unsupported(envelope(501, f"not modelled: {what}"))
