"""Property values as the engine knows them: JSON, secrets, unknowns, assets and archives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

SIGNATURE_KEY: Final = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE: Final = "1b47061264138c4ac30d75fd1eb44270"
ASSET_SIGNATURE: Final = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE_SIGNATURE: Final = "0def7320c3a5731c473e5ecbe6d01bc7"


class Unknown:
    """A value the engine will know only after the real run; `UNKNOWN` is the one instance."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


@dataclass(frozen=True)
class Secret:
    """A value the engine stores encrypted and never shows."""

    value: Value

    def __repr__(self) -> str:
        return "Secret(...)"


@dataclass(frozen=True)
class Asset:
    """One file: `fields` holds `hash` and one of `path`, `text`, `uri`."""

    fields: Mapping[str, Value]


@dataclass(frozen=True)
class Archive:
    """A tree of files: `fields` holds `hash` and one of `path`, `assets`, `uri`."""

    fields: Mapping[str, Value]


# Any stands for the JSON below it: mypy can say no more of documents whose shape the schemas hold.
JsonValue = None | bool | int | float | str | list[Any] | dict[str, Any]
Value = JsonValue | Unknown | Secret | Asset | Archive
Values = dict[str, Any]


def plain(value: Any) -> Any:
    """The same value with every secret opened, at any depth."""
    match value:
        case Secret():
            return plain(value.value)
        case dict():
            return {name: plain(item) for name, item in value.items()}
        case list():
            return [plain(item) for item in value]
    return value


def _any(value: Any, wanted: Callable[[Any], bool]) -> bool:
    match value:
        case _ if wanted(value):
            return True
        case Secret():
            return _any(value.value, wanted)
        case Asset() | Archive():
            return _any(dict(value.fields), wanted)
        case dict():
            return any(_any(item, wanted) for item in value.values())
        case list():
            return any(_any(item, wanted) for item in value)
    return False


def has_unknown(value: Any) -> bool:
    """Whether any part of the value is not known yet."""
    return _any(value, lambda item: isinstance(item, Unknown))


def has_secret(value: Any) -> bool:
    """Whether any part of the value is a secret."""
    return _any(value, lambda item: isinstance(item, Secret))


def secret(value: Any) -> Any:
    """The value as a secret; one that is absent or already secret stays as it is."""
    return value if value is None or isinstance(value, Secret) else Secret(value)
