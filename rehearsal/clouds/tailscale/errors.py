"""Tailscale's error shape, `{"message"}`, with the texts of the real API."""

from rehearsal.clouds.errors import CloudError, unsupported


def failed(status: int, message: str) -> CloudError:
    """An error with Tailscale's text."""
    return CloudError(status, {"message": message})


def not_modelled(what: str) -> CloudError:
    """501: the real API accepts this parameter, the stand-in does not; fails the run."""
    return unsupported({"message": f"not modelled: {what}"})
