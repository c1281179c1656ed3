"""The project file and the stack files agree with each other and with the program."""

from typing import Any

import pytest
import yaml

from fks_infra.config.schema import declared_keys, decode
from fks_infra.config.validators import VALIDATORS
from fks_infra.paths import PROJECT_ROOT

STACKS = sorted(PROJECT_ROOT.glob("Pulumi.*.yaml"))


def test_there_is_a_stack_for_each_mode() -> None:
    modes = {path.name: config(path)["fks:mode"] for path in STACKS}
    assert modes.items() >= {"Pulumi.prod.yaml": "multi", "Pulumi.dev.yaml": "single"}.items()


@pytest.mark.parametrize("path", STACKS, ids=lambda path: path.name)
def test_a_stack_file_has_declared_and_valid_settings_only(path: Any) -> None:
    keys = declared_keys()
    for full, value in config(path).items():
        name = full.removeprefix("fks:")
        assert name in keys
        if isinstance(value, str):
            assert (
                VALIDATORS[name](decode(keys[name], value)) if name in VALIDATORS else None
            ) is None


def test_every_default_is_valid() -> None:
    for name, key in declared_keys().items():
        if name in VALIDATORS and not key.required:
            assert VALIDATORS[name](key.default) is None, name


def test_every_description_is_a_sentence() -> None:
    for name, key in declared_keys().items():
        assert key.description.endswith("."), name
        assert key.type in {"string", "integer", "boolean", "array", "object"}, name


def config(path: Any) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(path.read_text())["config"]
    return loaded
