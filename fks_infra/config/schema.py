"""The settings that `Pulumi.yaml` declares."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from fks_infra.paths import PROJECT_ROOT

NAMESPACE = "fks"

# An optional secret cannot be declared `secret: true`; see the head of Pulumi.yaml.
OPTIONAL_SECRETS = frozenset(
    {"acmeEabHmacKey", "alertWebhook", "backupS3Key", "backupSshKey", "registryPassword"}
)

_SHAPES: dict[str, type] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "array": list,
    "object": dict,
}


@dataclass(frozen=True, kw_only=True)
class Key:
    """One declared key, its name without the namespace; without a default a value is required."""

    name: str
    type: str
    description: str
    default: Any
    secret: bool

    @property
    def required(self) -> bool:
        return self.default is None


def declared_keys(project_file: Path | None = None) -> dict[str, Key]:
    """Every `fks:` key of the project file, in its order."""
    text = (project_file or PROJECT_ROOT / "Pulumi.yaml").read_text(encoding="utf-8")
    prefix = f"{NAMESPACE}:"
    return {
        full.removeprefix(prefix): Key(
            name=full.removeprefix(prefix),
            type=entry["type"],
            description=entry["description"],
            default=entry.get("default"),
            secret=entry.get("secret", False) or full.removeprefix(prefix) in OPTIONAL_SECRETS,
        )
        for full, entry in yaml.safe_load(text)["config"].items()
        if full.startswith(prefix)
    }


def did_you_mean(text: str, known: Mapping[str, Any] | list[str]) -> str:
    """A half sentence with the nearest known value, or all of them."""
    near = get_close_matches(text, list(known), n=1)
    return f"did you mean {near[0]}?" if near else f"it is one of: {', '.join(known)}."


def decode(key: Key, raw: str) -> Any:
    """The value of `key` from the engine's text; ValueError says what was expected."""
    if key.type == "string":
        return raw
    try:
        value = json.loads(raw)
    except json.JSONDecodeError:
        raise ValueError(f"expected {_named(key.type)}") from None
    if not isinstance(value, _SHAPES[key.type]) or (
        key.type == "integer" and isinstance(value, bool)
    ):
        raise ValueError(f"expected {_named(key.type)}")
    return value


def _named(shape: str) -> str:
    return f"{'an' if shape[0] in 'aeiou' else 'a'} {shape}"
