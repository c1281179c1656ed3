"""Pulumi programs as data: resources by type token, values as in the recordings.

In values, `{"__secret__": v}` is a secret, `ref("x", "stdout")` an output of an earlier resource,
and a file asset has the engine's form: the signature and `path`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi.runtime

from rehearsal.plugins.discovery import sdk_version
from rehearsal.plugins.values import ASSET_SIGNATURE

PROVIDER = "pulumi:providers:"
# What the SDK of the command provider adds to the options of its resources.
COMMAND_OPTIONS: Mapping[str, Any] = {"replace_on_changes": ["triggers[*]"]}


@dataclass(frozen=True)
class Resource:
    """A custom resource, or with a type `pulumi:providers:NAME` an explicit provider.

    `opts` are those of `ResourceOptions`; `depends_on` and `provider` have names.
    """

    name: str
    type: str
    inputs: Mapping[str, Any]
    opts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Code:
    """A part of a program that uses an SDK, to test the SDK itself."""

    name: str
    make: Callable[[], Any]
    inputs: Mapping[str, Any] = field(default_factory=dict)


Declared = Resource | Code


def ref(name: str, output: str) -> dict[str, Any]:
    """An output, `id` or `urn` of an earlier resource."""
    return {"__ref__": (name, output)}


def concat(*parts: Any) -> dict[str, Any]:
    """Texts and references as one text."""
    return {"__concat__": list(parts)}


class _Custom(pulumi.CustomResource):
    """A custom resource of any type, with the outputs to which others refer."""


def program(declared: Sequence[Declared]) -> Callable[[], None]:
    """The program that declares these, in order."""
    references = list(_references([item.inputs for item in declared]))

    def run() -> None:
        made: dict[str, Any] = {}
        for item in declared:
            outputs = {output: None for name, output in references if name == item.name}
            made[item.name] = _make(item, outputs, made)

    return run


def _references(value: Any) -> list[tuple[str, str]]:
    match value:
        case {"__ref__": reference}:
            return [reference]
        case Mapping():
            return [found for item in value.values() for found in _references(item)]
        case list() | tuple():
            return [found for item in value for found in _references(item)]
    return []


def _make(item: Declared, outputs: dict[str, None], made: dict[str, Any]) -> Any:
    if isinstance(item, Code):
        return item.make()
    inputs = {name: _value(value, made) for name, value in item.inputs.items()}
    opts = {**(COMMAND_OPTIONS if item.type.startswith("command:") else {}), **item.opts}
    if provider := opts.pop("provider", None):
        opts["provider"] = made[provider]
    if item.type.startswith(PROVIDER):
        package = item.type.removeprefix(PROVIDER)
        opts.setdefault("version", sdk_version(package))
        return pulumi.ProviderResource(package, item.name, inputs, pulumi.ResourceOptions(**opts))
    if "provider" not in opts:
        opts.setdefault("version", sdk_version(item.type.split(":")[0]))
    opts["depends_on"] = [made[name] for name in opts.get("depends_on", ())]
    if timeouts := opts.get("custom_timeouts"):
        opts["custom_timeouts"] = pulumi.CustomTimeouts(**timeouts)
    unknown = {name: None for name in outputs if name not in {*inputs, "id", "urn"}}
    props = {**inputs, **unknown}
    return _Custom(item.type, item.name, props, pulumi.ResourceOptions(**opts))


def _value(value: Any, made: dict[str, Any]) -> Any:
    match value:
        case {"__secret__": inner}:
            return pulumi.Output.secret(_value(inner, made))
        case {"__ref__": (name, output)}:
            return getattr(made[name], output)
        case {"__concat__": parts}:
            return pulumi.Output.concat(*(_value(part, made) for part in parts))
        case {"4dabf18193072939515e22adb298388d": signature, "path": path}:
            return (
                pulumi.FileAsset(path) if signature == ASSET_SIGNATURE else pulumi.FileArchive(path)
            )
        case {"4dabf18193072939515e22adb298388d": _, "text": text}:
            return pulumi.StringAsset(text)
        case Mapping():
            return {name: _value(item, made) for name, item in value.items()}
        case list():
            return [_value(item, made) for item in value]
    return value
