"""Tailscale's error shape, `{"message"}`, and its real texts."""

from rehearsal.clouds.errors import CloudError


def failed(status: int, message: str) -> CloudError:
    """Any failure."""
    return CloudError(status, {"message": message})


def invalid_token() -> CloudError:
    """401: no credentials, or some that are not a rehearsal's."""
    return failed(401, "API token invalid")


def key_not_found() -> CloudError:
    """404: no such auth key, or a deleted one."""
    return failed(404, "key not found")


def device_not_found() -> CloudError:
    """404: no such device."""
    return failed(404, "device not found")


def bad_tags(tags: list[str]) -> CloudError:
    """400: a tag nobody owns."""
    return failed(400, f"requested tags [{' '.join(tags)}] are invalid or not permitted")


def bad_key(why: str) -> CloudError:
    """What a device is told when its auth key does not let it in."""
    return failed(400, f"invalid key: {why}")
