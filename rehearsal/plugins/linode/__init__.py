"""Stand-in of the Linode provider."""

from rehearsal.plugins.linode.provider import provider

__all__ = ["provider"]
