"""Settings: declaration, value, who reads them, and what another value does."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from fks_infra.config.plans import MODES, PLANS
from fks_infra.config.schema import NAMESPACE, Key, declared_keys
from fks_infra.config.settings import settings_of
from fks_infra.errors import OperatorError
from fks_infra.explain import effects, sources
from fks_infra.explain.context import Context
from fks_infra.explain.explanation import Explanation
from fks_infra.impact.inventory import inventory_of
from fks_infra.topology.planning import declared_servers

_PREFIX = f"{NAMESPACE}:"


def known(context: Context) -> Iterable[str]:
    """`fks:NAME` of all settings."""
    return [f"{_PREFIX}{name}" for name in declared_keys(context.root / "Pulumi.yaml")]


def explain(context: Context, text: str) -> Explanation | None:
    """A setting as `fks:NAME`, or an entry of one as `fks:plan.api`."""
    name, _, entry = text.removeprefix(_PREFIX).partition(".")
    key = declared_keys(context.root / "Pulumi.yaml").get(name)
    if key is None or not text.startswith(_PREFIX):
        return None
    project = [context.root / "Pulumi.yaml"]
    return Explanation(
        subject=text,
        kind="setting",
        what=f"{key.description} {_value(context, key)}",
        made_by=f"Pulumi.{context.file.settings.stack}.yaml, or the default in Pulumi.yaml",
        defined=tuple(sources.lines_with(context.root, rf"^  {_PREFIX}{name}:", project)),
        depends=tuple(_readers(context, name)),
        change=tuple(_change(context, key, entry)),
    )


def _value(context: Context, key: Key) -> str:
    stack = context.file.settings.stack
    if key.secret:
        state = "set" if key.name in context.file.secrets else "not set"
        return f"A secret, {state} in stack {stack}."
    return f"In stack {stack}: {context.file.values[key.name]!r}."


def _readers(context: Context, name: str) -> list[str]:
    """The files of the program that read it."""
    field = re.sub(r"([A-Z])", r"_\1", name).lower()
    read = rf'values\["{name}"\]|read\([^)]*"{name}"'
    files = sources.python_files(context.root, "fks_infra")
    return sources.lines_with(context.root, rf"(ettings|entials)\.{field}\b|{read}", files)


def _change(context: Context, key: Key, entry: str) -> list[str]:
    if key.secret:
        head = {**context.inventory, "request": effects.CHANGED}
        if key.name == "deployKey":
            head = {**context.inventory, "connection": effects.CHANGED}
        return effects.of_inventory(context, head)
    trial = _trial(context, key, entry)
    if trial is None:
        return [f"depends on the entry: fks explain {_PREFIX}{key.name}.NAME, or fks impact"]
    values = {**context.file.values, **_secrets(context), key.name: trial}
    try:
        settings = settings_of(context.file.settings.stack, values)
        head = inventory_of(replace(context.file, settings=settings, values=values))
    except (OperatorError, LookupError, ValueError) as error:
        return [f"{trial!r} is not possible here: {error}"]
    head = {**head, "settings": context.inventory["settings"]}
    shown = trial[entry] if entry and isinstance(trial, dict) and "." not in entry else trial
    return [f"as an example, with {shown!r}:", *effects.of_inventory(context, head)]


def _secrets(context: Context) -> dict[str, str]:
    keys = declared_keys(context.root / "Pulumi.yaml").values()
    return {key.name: "" for key in keys if key.secret}


def _trial(context: Context, key: Key, entry: str) -> Any:
    """Another value; None for an object where only its entries have one."""
    value = context.file.values[key.name]
    if key.type == "boolean":
        return not value
    if key.type == "integer":
        return value + 1
    if key.type == "array":
        return [*value, "example"]
    if key.type == "object":
        return _entry(context, key.name, value, entry)
    if key.name == "mode":
        return next(mode for mode in MODES if mode != value)
    return f"example{value}"


def _entry(context: Context, name: str, value: dict[str, Any], entry: str) -> Any:
    """Of plan, generation and services.NAME.memory."""
    settings = context.file.settings
    if name == "plan" and entry in declared_servers(settings):
        present = PLANS[settings.plan[entry]]
        larger = (one.id for one in PLANS.values() if one.memory > present.memory)
        return {**value, entry: next(larger, present.id)}
    if name == "generation" and entry in declared_servers(settings):
        return {**value, entry: settings.generation.get(entry, 0) + 1}
    service, _, field = entry.partition(".")
    limits = {one.name: one.memory for spec in context.topology.servers for one in spec.services}
    if name == "services" and field in ("", "memory") and service in limits:
        return {**value, service: {**value.get(service, {}), "memory": limits[service] + 16}}
    return None
