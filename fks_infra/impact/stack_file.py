"""A stack's settings from its file alone: no engine, no passphrase, no environment."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from fks_infra.config.config_errors import misplaced_keys, unencrypted_secrets
from fks_infra.config.cross_errors import cross_errors
from fks_infra.config.schema import NAMESPACE, Key, declared_keys
from fks_infra.config.settings import Settings, decode_all, settings_of, value_errors
from fks_infra.errors import OperatorError, raise_operator_errors
from fks_infra.impact.digests import digest
from fks_infra.paths import PROJECT_ROOT

# Stands for a secret's value, which is encrypted.
_ENCRYPTED = "(encrypted)"
_PUBLIC_KEY = "deployPublicKey"


@dataclass(frozen=True, kw_only=True)
class StackFile:
    """values: plain setting to value, defaults included. secrets: secret setting to a digest of
    its ciphertext. missing: settings that `pulumi up` needs and the file does not have.
    """

    settings: Settings
    values: Mapping[str, Any]
    secrets: Mapping[str, str]
    missing: tuple[str, ...]


def stack_file(stack: str, root: Path = PROJECT_ROOT) -> StackFile:
    """Read Pulumi.<stack>.yaml; OperatorError with everything that is wrong with it."""
    config = _config(root, stack)
    keys = declared_keys(root / "Pulumi.yaml")
    secrets = {name: _secure(value) for name, value in config.items() if _is_secure(value)}
    texts = {name: _text(value) for name, value in config.items() if name not in secrets}
    raise_operator_errors(
        [*misplaced_keys(dict.fromkeys(config, ""), keys), *_encrypted_settings(secrets, keys)]
    )
    missing = _not_needed_here(texts, secrets, keys)
    values = _values(stack, texts, keys, frozenset(secrets), missing)
    return StackFile(
        settings=settings_of(stack, values),
        values={name: values[name] for name, key in keys.items() if not key.secret},
        secrets={name.partition(":")[2]: digest(text.encode()) for name, text in secrets.items()},
        missing=missing,
    )


def stacks(root: Path = PROJECT_ROOT) -> list[str]:
    """The stacks that have a file."""
    names = (path.name for path in root.glob("Pulumi.*.yaml"))
    return sorted(name.removeprefix("Pulumi.").removesuffix(".yaml") for name in names)


def _config(root: Path, stack: str) -> dict[str, Any]:
    path = root / f"Pulumi.{stack}.yaml"
    if stack not in stacks(root):
        known = ", ".join(stacks(root)) or "none"
        raise OperatorError(f"The stack {stack!r} has no file {path.name}. Stacks: {known}.")
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise OperatorError(f"{path.name} is not valid YAML{_position(error)}.") from None
    config = document.get("config", {}) if isinstance(document, dict) else None
    if not isinstance(config, dict):
        raise OperatorError(f"{path.name} has no object `config`: write `config:` and keys in it.")
    return {str(name): value for name, value in config.items()}


def _position(error: Exception) -> str:
    """Where it is, without an excerpt, which could be a secret."""
    mark = getattr(error, "problem_mark", None)
    return f": {getattr(error, 'problem', '')} in line {mark.line + 1}" if mark else ""


def _is_secure(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"secure"}


def _secure(value: Any) -> str:
    return str(value["secure"])


def _text(value: Any) -> str:
    """The value as the engine passes it to a program."""
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _encrypted_settings(secrets: Mapping[str, str], keys: Mapping[str, Key]) -> Iterator[str]:
    for full in secrets:
        namespace, _, name = full.partition(":")
        if namespace == NAMESPACE and name in keys and not keys[name].secret:
            yield (
                f"{full} is encrypted in the stack file, and it is no secret. Store it "
                f"unencrypted: pulumi config set --plaintext {full} VALUE"
            )


def _not_needed_here(
    texts: Mapping[str, str], secrets: Mapping[str, str], keys: Mapping[str, Key]
) -> tuple[str, ...]:
    """Required settings that the file lacks and the comparison does without: those for access."""
    return tuple(
        name
        for name, key in keys.items()
        if key.required
        and (key.secret or name == _PUBLIC_KEY)
        and f"{NAMESPACE}:{name}" not in {*texts, *secrets}
    )


def _values(
    stack: str,
    texts: Mapping[str, str],
    keys: Mapping[str, Key],
    secrets: frozenset[str],
    missing: tuple[str, ...],
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    given = {**texts, **dict.fromkeys(secrets, _ENCRYPTED)}
    known = {name: key for name, key in keys.items() if name not in missing}
    raise_operator_errors([*decode_all(given, known, values), *value_errors(values)])
    values |= dict.fromkeys(missing, "")
    raise_operator_errors(
        [*cross_errors(stack, values), *unencrypted_secrets(values, keys, secrets)]
    )
    return values
