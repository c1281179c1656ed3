"""Every resource the program declares, held to the providers' own schemas."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import pulumi
import pytest

from fks_infra.config.cross_errors import cross_errors
from fks_infra.config.plans import SINGLE
from fks_infra.config.schema import declared_keys
from fks_infra.roles import ROLE_NAMES
from fks_infra.topology.names import server_label
from rehearsal.plugins.linode import firewall_rules, instance_fields
from tests.conftest import DeclaredProgram
from tests.contract.recordings_dir import recordings

# Not among the recorded ones: RandomPassword of pulumi-random 4.21, the inputs that matter.
RANDOM_PASSWORD: dict[str, Any] = {
    "inputProperties": {
        "length": {"type": "integer"},
        "special": {"type": "boolean"},
        "overrideSpecial": {"type": "string"},
        "lower": {"type": "boolean"},
        "upper": {"type": "boolean"},
        "numeric": {"type": "boolean"},
        "keepers": {"type": "object", "additionalProperties": {"type": "string"}},
    },
    "requiredInputs": ["length"],
}

SHAPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int, float),
    "number": (int, float),
    "boolean": (bool,),
}


@cache
def package(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((recordings() / "schemas" / f"{name}.json").read_text())
    return loaded


def resource_schema(token: str) -> Mapping[str, Any]:
    if token == "random:index/randomPassword:RandomPassword":
        return RANDOM_PASSWORD
    found: Mapping[str, Any] = package(token.split(":")[0])["resources"][token]
    return found


def complaints(value: Any, schema: Mapping[str, Any], where: str, types: Any) -> Iterator[str]:
    """How a value departs from a property's schema."""
    reference = schema.get("$ref", "")
    if reference.startswith("pulumi.json#/A"):
        if reference.endswith("Asset") and not isinstance(value, pulumi.FileAsset):
            yield f"{where} is {value!r}, not an asset"
    elif reference.startswith("#/types/"):
        yield from reference_complaints(
            value, types[reference.removeprefix("#/types/")], where, types
        )
    elif "oneOf" in schema:
        found = [list(complaints(value, option, where, types)) for option in schema["oneOf"]]
        yield from min(found, key=len)
    elif schema.get("type") == "array":
        for index, item in enumerate(value):
            yield from complaints(item, schema["items"], f"{where}[{index}]", types)
    elif schema.get("type") in SHAPES:
        right = isinstance(value, SHAPES[schema["type"]])
        if not right or (isinstance(value, bool) and schema["type"] != "boolean"):
            yield f"{where} is {value!r}, not {schema['type']}"


def reference_complaints(value: Any, named: Any, where: str, types: Any) -> Iterator[str]:
    if "enum" in named:
        if value not in [option["value"] for option in named["enum"]]:
            yield f"{where} is {value!r}, not one of the enum"
        return
    known = named.get("properties", {})
    for key in named.get("required", []):
        if key not in value:
            yield f"{where}.{key} is missing"
    for key, item in value.items():
        if key not in known:
            yield f"{where}.{key} is not known"
        else:
            yield from complaints(item, known[key], f"{where}.{key}", types)


def declared_complaints(token: str, name: str, inputs: Mapping[str, Any]) -> Iterator[str]:
    schema = resource_schema(token)
    types = {} if token.startswith("random:") else package(token.split(":")[0])["types"]
    shape = {
        "properties": schema["inputProperties"],
        "required": schema.get("requiredInputs", []),
    }
    yield from reference_complaints(inputs, shape, name, types)


@pytest.mark.parametrize("mode", ["multi", "single"])
@pytest.mark.parametrize("ssh_from", [[], ["198.51.100.7/32", "2001:db8::/48"]])
def test_every_declared_resource_fits_its_providers_schema(
    declare: Callable[..., DeclaredProgram], mode: str, ssh_from: list[str]
) -> None:
    resources = [r for r in declare(mode=mode, sshFrom=ssh_from).resources if r.request.custom]
    assert len({r.type for r in resources}) == 8
    for resource in resources:
        found = list(declared_complaints(resource.type, resource.name, resource.inputs))
        assert found == []


def test_ignored_properties_exist(declare: Callable[..., DeclaredProgram]) -> None:
    for resource in declare().resources:
        if resource.request.custom:
            known = set(resource_schema(resource.type)["inputProperties"])
            assert set(resource.request.ignoreChanges) <= known, resource.name


LONGEST_STACK = "s" * 20
ACCEPTED = {name: key.default for name, key in declared_keys().items()} | {"domain": "shop.example"}


def test_a_longer_stack_name_is_an_error() -> None:
    assert list(cross_errors(LONGEST_STACK, ACCEPTED)) == []
    (error,) = cross_errors(f"{LONGEST_STACK}s", ACCEPTED)
    assert f"The stack is called '{LONGEST_STACK}s'" in error
    assert "at most 20 letters" in error


@pytest.mark.parametrize("server", [*ROLE_NAMES, SINGLE])
@pytest.mark.parametrize("stack", ["s", LONGEST_STACK])
def test_the_labels_of_every_stack_have_a_length_the_providers_accept(
    stack: str, server: str
) -> None:
    for shortest, longest in (instance_fields.LABEL, firewall_rules.LABEL):
        assert shortest <= len(server_label(stack, server)) <= longest


def test_the_check_sees_a_wrong_name_and_a_wrong_type() -> None:
    token = "cloudflare:index/dnsRecord:DnsRecord"
    good = {"name": "a.example", "ttl": 1, "type": "A", "zoneId": "z"}
    assert list(declared_complaints(token, "r", good)) == []
    bad = {**good, "zone_id": "z", "ttl": "1"}
    assert list(declared_complaints(token, "r", bad)) == [
        "r.ttl is '1', not number",
        "r.zone_id is not known",
    ]
