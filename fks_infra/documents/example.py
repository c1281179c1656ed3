"""Settings of an example stack, from which drawings are made."""

from fks_infra.config.default_settings import default_settings
from fks_infra.config.settings import Settings

DOMAIN = "example.org"


def example_settings(mode: str) -> Settings:
    """Every setting's default, on the domain example.org, which is reserved for examples."""
    return default_settings(mode=mode, stack="prod", domain=DOMAIN, zone=DOMAIN)
