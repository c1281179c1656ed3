"""Settings of which only a few are chosen; all others have their defaults."""

from dataclasses import fields
from typing import Any

from fks_infra.config.plans import DEFAULT_PLANS
from fks_infra.config.schema import declared_keys
from fks_infra.config.settings import Settings


def default_settings(**chosen: Any) -> Settings:
    """The settings, by the names of `Pulumi.yaml`, such as `lowMemory`; not validated."""
    values: dict[str, Any] = {name: key.default for name, key in declared_keys().items()}
    values |= {"plan": DEFAULT_PLANS, "deployPublicKey": "", **chosen}
    values["serve"] = values["serve"] or values["mode"]
    return Settings(
        **{field.name: _frozen(values[_setting(field.name)]) for field in fields(Settings)}
    )


def _setting(field: str) -> str:
    """The setting's name: `low_memory` is `lowMemory`."""
    first, *others = field.split("_")
    return first + "".join(word.title() for word in others)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
