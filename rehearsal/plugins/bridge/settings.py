"""A provider's own inputs."""

from __future__ import annotations

from collections.abc import Collection

from rehearsal.plugins.values import Secret, Values, plain


def with_secrets(settings: Values, names: Collection[str]) -> Values:
    """The settings with these marked as secret, however they were configured."""
    return {n: Secret(plain(v)) if n in names else v for n, v in settings.items()}
