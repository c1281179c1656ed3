"""Settings of an example stack, from which drawings are made."""

from dataclasses import fields
from typing import Any

from fks_infra.config.plans import DEFAULT_PLANS
from fks_infra.config.schema import declared_keys
from fks_infra.config.settings import Settings

DOMAIN = "example.org"


def example_settings(mode: str) -> Settings:
    """Every setting's default, on the domain example.org, which is reserved for examples."""
    values: dict[str, Any] = {name: key.default for name, key in declared_keys().items()}
    values |= {"mode": mode, "stack": "prod", "domain": DOMAIN, "zone": DOMAIN}
    values |= {"plan": DEFAULT_PLANS, "deployPublicKey": ""}
    return Settings(
        **{field.name: _frozen(values[_setting(field.name)]) for field in fields(Settings)}
    )


def _setting(field: str) -> str:
    """The setting's name: `low_memory` is `lowMemory`."""
    first, *others = field.split("_")
    return first + "".join(word.title() for word in others)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
