"""A JSON Schema of the stack files, so that an editor completes and checks their keys.

https://json-schema.org/draft-07/schema
"""

from collections.abc import Callable, Mapping
from typing import Any

from fks_infra.config.backup_errors import KEYS as BACKUP_KEYS
from fks_infra.config.plans import MODES, PLANS, SERVER_NAMES
from fks_infra.config.regions import REGIONS
from fks_infra.config.rotation_validators import ROTATED_NAMES
from fks_infra.config.schema import NAMESPACE, Key
from fks_infra.config.service_validators import services
from fks_infra.config.validators import PLAN_ID, ROUTES, VALIDATORS
from fks_infra.roles import BUILDS, SERVICES
from fks_infra.roles.role import Service

Schema = dict[str, Any]

# Above every port; a bound is not searched for beyond it.
_LARGEST = 70_000
_ENCRYPTED: Schema = {
    "type": "object",
    "properties": {"secure": {"type": "string"}},
    "required": ["secure"],
    "additionalProperties": False,
}


def stack_file_schema(keys: Mapping[str, Key]) -> Schema:
    """The schema of Pulumi.<stack>.yaml; keys of other namespaces than `fks` are not checked."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Settings of a stack of the FKS infrastructure",
        "type": "object",
        "properties": {
            "config": {
                "type": "object",
                "properties": {f"{NAMESPACE}:{key.name}": key_schema(key) for key in keys.values()},
                "patternProperties": {f"^(?!{NAMESPACE}:)": {}},
                "additionalProperties": False,
            }
        },
    }


def key_schema(key: Key) -> Schema:
    """The schema of one setting. A default is not repeated for a secret."""
    if key.secret:
        return {"description": key.description, **_ENCRYPTED}
    schema = {"description": key.description, **_value(key)}
    return schema if key.required else {**schema, "default": key.default}


def bounds(accepts: Callable[[int], bool]) -> dict[str, int]:
    """`minimum` and `maximum` of the integers that are accepted, as far as there are any."""
    accepted = [number for number in range(-1, _LARGEST + 1) if accepts(number)]
    found = {"minimum": accepted[0]} if accepted[0] >= 0 else {}
    return {**found, "maximum": accepted[-1]} if accepted[-1] < _LARGEST else found


def _value(key: Key) -> Schema:
    if key.name in _EXACT:
        return _EXACT[key.name]
    if key.type == "integer":
        validator = VALIDATORS.get(key.name)
        return _integer(bounds(lambda number: validator is None or validator(number) is None))
    if key.type == "boolean":
        # `pulumi config set` writes every value as text.
        return {"enum": [True, False, "true", "false"]}
    if key.type == "array":
        return {"type": "array", "items": {"type": "string"}, "uniqueItems": True}
    return {"type": key.type}


def _integer(limits: dict[str, int]) -> Schema:
    return {"anyOf": [{"type": "integer", **limits}, {"type": "string", "pattern": "^[0-9]+$"}]}


def _by_name(schemas: Mapping[str, Schema]) -> Schema:
    return {"type": "object", "properties": dict(schemas), "additionalProperties": False}


# The fields of services and static builds.
_IMAGE_FIELDS: dict[str, Schema] = {
    "image": {"type": "string"},
    "digest": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
    "refresh": {"type": ["string", "integer"]},
}


def _service(service: Service) -> Schema:
    fields: dict[str, Schema] = {}
    if not service.replica_of:
        fields = {
            **({} if service.image_of else _IMAGE_FIELDS),
            "memory": {"type": "integer", **_field_bounds(service, "memory")},
        }
    if service.port:
        fields["port"] = {"type": "integer", **_field_bounds(service, "port")}
    return _by_name(fields)


def _field_bounds(service: Service, field: str) -> dict[str, int]:
    return bounds(lambda number: services({service.name: {field: number}}) is None)


# The known plans for completion; Linode sells more.
_PLAN: Schema = {
    "anyOf": [{"enum": list(PLANS)}, {"type": "string", "pattern": f"^{PLAN_ID}$"}],
}
_PIN: Schema = {
    **_by_name(
        {"digest": {"type": "string", "pattern": "^[0-9a-f]{64}$"}, "since": {"type": "string"}}
    ),
    "required": ["digest", "since"],
}
# Settings whose values are known more exactly than by the type in Pulumi.yaml.
_EXACT: dict[str, Schema] = {
    "mode": {"enum": list(MODES)},
    "keep": {"type": "array", "items": {"enum": list(SERVER_NAMES)}, "uniqueItems": True},
    "serve": {"enum": ["", *MODES]},
    "region": {"enum": list(REGIONS)},
    "deployVia": {"enum": list(ROUTES)},
    "plan": _by_name(dict.fromkeys(SERVER_NAMES, _PLAN)),
    "generation": _by_name({server: {"type": "integer", "minimum": 0} for server in SERVER_NAMES}),
    "pin": _by_name(dict.fromkeys(SERVER_NAMES, _PIN)),
    "rotation": _by_name({name: {"type": "integer", "minimum": 1} for name in ROTATED_NAMES}),
    "services": _by_name(
        {service.name: _service(service) for service in SERVICES}
        | {build.name: _by_name({**_IMAGE_FIELDS, "root": {"type": "string"}}) for build in BUILDS}
    ),
    "backup": _by_name(
        {key: {"type": "boolean" if key == "pitr" else "string"} for key in BACKUP_KEYS}
    ),
    "registries": {"type": "object", "additionalProperties": {"type": "string"}},
}
