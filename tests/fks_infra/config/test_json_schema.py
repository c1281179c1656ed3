"""The JSON Schema accepts the shipped stack files and rejects what the program rejects."""

import json
import re
from typing import Any

import pytest
import yaml

from fks_infra.config.json_schema import Schema, bounds, stack_file_schema
from fks_infra.config.schema import declared_keys
from fks_infra.documents.configuration import EXAMPLE
from fks_infra.paths import PROJECT_ROOT

SCHEMA = stack_file_schema(declared_keys())
TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}


def valid(schema: Schema, value: Any) -> bool:
    """The part of JSON Schema that the schema uses."""
    if "anyOf" in schema and not any(valid(option, value) for option in schema["anyOf"]):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    expected = TYPES[schema["type"]] if "type" in schema else object
    if not isinstance(value, expected):
        return False
    if isinstance(value, dict):
        return valid_object(schema, value)
    if isinstance(value, list):
        return all(valid(schema["items"], item) for item in value)
    if isinstance(value, int):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    return re.search(schema.get("pattern", ""), str(value)) is not None


def valid_object(schema: Schema, value: dict[str, Any]) -> bool:
    if not set(schema.get("required", ())) <= value.keys():
        return False
    for name, item in value.items():
        patterns = schema.get("patternProperties", {}).items()
        matching = [found for pattern, found in patterns if re.search(pattern, name)]
        other = schema.get("additionalProperties", True)
        known = schema.get("properties", {}).get(name, (matching or [other])[0])
        if known is False or (known is not True and not valid(known, item)):
            return False
    return True


def accepts(**config: Any) -> bool:
    return valid(SCHEMA, {"config": {f"fks:{name}": value for name, value in config.items()}})


@pytest.mark.parametrize("name", ["Pulumi.prod.yaml", "Pulumi.dev.yaml"])
def test_the_shipped_stack_files_are_valid_and_name_the_schema(name: str) -> None:
    text = (PROJECT_ROOT / name).read_text()
    assert valid(SCHEMA, yaml.safe_load(text))
    comment, schema = text.splitlines()[0].split("=", 1)
    assert comment == "# yaml-language-server: $schema"
    assert json.loads((PROJECT_ROOT / schema).read_text()) == SCHEMA


def test_the_example_is_valid() -> None:
    assert valid(SCHEMA, yaml.safe_load(EXAMPLE))


def test_every_setting_is_in_the_schema_with_its_description() -> None:
    properties = SCHEMA["properties"]["config"]["properties"]
    for name, key in declared_keys().items():
        assert properties[f"fks:{name}"]["description"] == key.description
    assert len(properties) == len(declared_keys())


@pytest.mark.parametrize(
    "config",
    [
        {"mode": "double"},
        {"region": "mars-1"},
        {"deployVia": "carrier"},
        {"plan": {"api": "Linode 4GB"}},
        {"plan": {"database": "g6-standard-2"}},
        {"generation": {"web": -1}},
        {"services": {"api": {"memory": 15}}},
        {"services": {"api": {"port": 80}}},
        {"services": {"web": {"memory": 96}}},
        {"services": {"api": {"root": "/app"}}},
        {"services": {"api-worker": {"port": 8000}}},
        {"services": {"web": {"digest": "sha256:1"}}},
        {"joinTimeout": 59},
        {"joinTimeout": 3601},
        {"deployKey": "in clear"},
        {"registryPassword": "in clear"},
        {"domian": "example.org"},
        {"protect": "yes"},
    ],
)
def test_a_wrong_value_is_rejected(config: dict[str, Any]) -> None:
    assert not accepts(**config)


def test_what_pulumi_config_set_writes_is_accepted() -> None:
    assert accepts(protect="false", joinTimeout="900", generation={"web": 1})
    assert accepts(deployKey={"secure": "v1:abc"})
    assert valid(SCHEMA, {"config": {"linode:url": "https://example.org"}, "encryptionsalt": "v1:"})


def test_bounds_are_found_from_what_is_accepted() -> None:
    assert bounds(lambda number: 60 <= number <= 3600) == {"minimum": 60, "maximum": 3600}
    assert bounds(lambda number: number >= 16) == {"minimum": 16}
    assert bounds(lambda _: True) == {}
