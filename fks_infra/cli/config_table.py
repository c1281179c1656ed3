"""`fks config-table`: the table of configuration keys in the README."""

import json

from fks_infra.config.schema import Key, declared_keys

_HEAD = "| key | type | default | what it is |\n|---|---|---|---|\n"


def markdown() -> str:
    """A Markdown table with one row for each key, in the order of Pulumi.yaml."""
    return _HEAD + "".join(_row(key) for key in declared_keys().values())


def _row(key: Key) -> str:
    kind = f"{key.type}, secret" if key.secret else key.type
    return f"| `fks:{key.name}` | {kind} | {_default(key)} | {key.description} |\n"


def _default(key: Key) -> str:
    if key.required:
        return "required"
    return "empty" if key.default == "" else f"`{_plain(key.default)}`"


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
