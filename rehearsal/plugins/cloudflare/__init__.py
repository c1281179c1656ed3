"""Stand-in of the Cloudflare provider."""

from rehearsal.plugins.cloudflare.provider import provider

__all__ = ["provider"]
