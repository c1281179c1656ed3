"""Stand-in of the Tailscale provider."""

from rehearsal.plugins.tailscale.provider import provider

__all__ = ["provider"]
