"""Converts rich values from and to the protobufs of the engine's protocol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from google.protobuf import struct_pb2  # type: ignore[import-untyped]

from rehearsal.plugins.base import ProviderError, not_modelled
from rehearsal.plugins.values import (
    ARCHIVE_SIGNATURE,
    ASSET_SIGNATURE,
    SECRET_SIGNATURE,
    SIGNATURE_KEY,
    UNKNOWN,
    Asset,
    Secret,
    Unknown,
    Values,
)

# The engine's marks for an unknown value, one for each kind of value
# (sdk/go/common/resource/plugin/rpc.go).
UNKNOWN_MARKS: Final = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
UNKNOWN_STRING: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def decode(struct: struct_pb2.Struct) -> Values:
    """The properties of a request as rich values; integral numbers become `int`."""
    return {name: _decode(value) for name, value in struct.fields.items()}


def _decode(value: struct_pb2.Value) -> Any:
    match value.WhichOneof("kind"):
        case "string_value":
            return UNKNOWN if value.string_value in UNKNOWN_MARKS else value.string_value
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
        case "list_value":
            return [_decode(item) for item in value.list_value.values]
        case "struct_value":
            return _decode_object(decode(value.struct_value))
    return None


def _decode_object(fields: Values) -> Any:
    match fields.pop(SIGNATURE_KEY, None):
        case None:
            return fields
        case signature if signature == SECRET_SIGNATURE:
            return Secret(fields["value"])
        case signature if signature == ASSET_SIGNATURE:
            return Asset(fields)
        case signature if signature == ARCHIVE_SIGNATURE:
            raise ProviderError(not_modelled("an archive"))
        case signature:
            raise ValueError(f"unknown property signature {signature!r}")


def encode(values: Mapping[str, Any]) -> struct_pb2.Struct:
    """Rich values as the protobuf of a response."""
    return struct_pb2.Struct(fields={name: _encode(value) for name, value in values.items()})


def _encode(value: Any) -> struct_pb2.Value:
    match value:
        case None:
            return struct_pb2.Value(null_value=struct_pb2.NULL_VALUE)
        case bool():
            return struct_pb2.Value(bool_value=value)
        case int() | float():
            return struct_pb2.Value(number_value=value)
        case str():
            return struct_pb2.Value(string_value=value)
        case list() | tuple():
            items = struct_pb2.ListValue(values=[_encode(item) for item in value])
            return struct_pb2.Value(list_value=items)
        case Unknown():
            return struct_pb2.Value(string_value=UNKNOWN_STRING)
        case Secret():
            return _encode({SIGNATURE_KEY: SECRET_SIGNATURE, "value": value.value})
        case Asset():
            return _encode({SIGNATURE_KEY: ASSET_SIGNATURE, **value.fields})
        case Mapping():
            return struct_pb2.Value(struct_value=encode(value))
    raise TypeError(f"{value!r} of type {type(value).__name__} is not a property value")
