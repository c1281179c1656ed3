"""Property values of the engine: JSON, secrets, unknowns and file assets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

SIGNATURE_KEY: Final = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE: Final = "1b47061264138c4ac30d75fd1eb44270"
ASSET_SIGNATURE: Final = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE_SIGNATURE: Final = "0def7320c3a5731c473e5ecbe6d01bc7"


class Unknown:
    """A value known only after the real run; `UNKNOWN` is the one instance."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


@dataclass(frozen=True)
class Secret:
    """A value that the engine encrypts in the state and does not show."""

    value: Value

    def __repr__(self) -> str:
        return "Secret(...)"


@dataclass(frozen=True)
class Asset:
    """One file: `fields` has `hash` and one of `path`, `text`, `uri`."""

    fields: Mapping[str, Value]


JsonValue = None | bool | int | float | str | list[Any] | dict[str, Any]
Value = JsonValue | Unknown | Secret | Asset
Values = dict[str, Any]


def plain(value: Any) -> Any:
    """The same value with all secrets decrypted, at any depth."""
    match value:
        case Secret():
            return plain(value.value)
        case dict():
            return {name: plain(item) for name, item in value.items()}
        case list():
            return [plain(item) for item in value]
    return value


def has_unknown(value: Any) -> bool:
    """Whether any part of the value is not known yet."""
    match value:
        case Unknown():
            return True
        case Secret():
            return has_unknown(value.value)
        case dict():
            return any(map(has_unknown, value.values()))
        case list():
            return any(map(has_unknown, value))
    return False


def secret(value: Any) -> Any:
    """The value as a secret; `None` and secrets stay as they are."""
    return value if value is None or isinstance(value, Secret) else Secret(value)
