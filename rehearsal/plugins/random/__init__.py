"""Stand-in of pulumi-random: `RandomPassword`, the one type the program declares."""

from __future__ import annotations

from rehearsal.plugins.base import Provider
from rehearsal.plugins.random.password import RandomPassword


def provider() -> Provider:
    """The provider that the launcher serves."""
    return Provider(
        name="random", resources={"random:index/randomPassword:RandomPassword": RandomPassword()}
    )
