"""Pulumi programs as data: resources and functions by type token, values as in the recordings.

In values, `{"__secret__": v}` is a secret, `ref("x", "stdout")` an output of an earlier resource,
and assets and archives are written as the engine stores them: the signature, and `path`, `text` or
`assets`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi.runtime

from rehearsal.plugins.install import sdk_version
from rehearsal.plugins.values import ARCHIVE_SIGNATURE, ASSET_SIGNATURE, SIGNATURE_KEY

PROVIDER = "pulumi:providers:"


@dataclass(frozen=True)
class Resource:
    """A custom resource, or with a type `pulumi:providers:NAME` an explicit provider.

    `opts` are those of `ResourceOptions`, where `depends_on` and `provider` give names.
    """

    name: str
    type: str
    inputs: Mapping[str, Any]
    opts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Invoke:
    """A call of a function, whose result becomes the stack output `name`."""

    name: str
    token: str
    inputs: Mapping[str, Any]
    opts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Code:
    """A part of a program that is written with an SDK, for what the SDK itself does."""

    name: str
    make: Callable[[], Any]
    inputs: Mapping[str, Any] = field(default_factory=dict)


Declared = Resource | Invoke | Code


def ref(name: str, output: str) -> dict[str, Any]:
    """An output of a resource declared before; `id` and `urn` too."""
    return {"__ref__": (name, output)}


def concat(*parts: Any) -> dict[str, Any]:
    """Texts and references as one text."""
    return {"__concat__": list(parts)}


class _Custom(pulumi.CustomResource):
    """A custom resource of any type, whose outputs are those that somebody refers to."""


def program(declared: Sequence[Declared]) -> Callable[[], None]:
    """The program that declares these, in order."""
    wanted = list(_references([item.inputs for item in declared]))

    def run() -> None:
        made: dict[str, Any] = {}
        for item in declared:
            outputs = {output: None for name, output in wanted if name == item.name}
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
    opts = dict(item.opts)
    if provider := opts.pop("provider", None):
        opts["provider"] = made[provider]
    if isinstance(item, Invoke):
        opts.setdefault("version", sdk_version(item.token.split(":")[0]))
        result = pulumi.runtime.invoke_output(
            item.token, inputs, pulumi.InvokeOutputOptions(**opts)
        )
        pulumi.export(item.name, result)
        return result
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
        case {"4dabf18193072939515e22adb298388d": signature, **fields}:
            return _asset(signature, fields)
        case Mapping():
            return {name: _value(item, made) for name, item in value.items()}
        case list():
            return [_value(item, made) for item in value]
    return value


def _asset(signature: Any, fields: dict[Any, Any]) -> pulumi.Asset | pulumi.Archive:
    match signature, fields:
        case _, {"path": path}:
            file, archive = pulumi.FileAsset, pulumi.FileArchive
            return file(path) if signature == ASSET_SIGNATURE else archive(path)
        case _, {"text": text}:
            return pulumi.StringAsset(text)
        case _, {"assets": assets} if signature == ARCHIVE_SIGNATURE:
            parts = {name: _asset(part[SIGNATURE_KEY], part) for name, part in assets.items()}
            return pulumi.AssetArchive(parts)
    raise ValueError(f"an asset of {sorted(fields)}: give path, text or assets")
