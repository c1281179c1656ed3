"""Lists where a step went otherwise than recorded."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.contract.harness import PROJECT, STACK, Result, Stack
from tests.contract.recorded_api import Call, without_repeated_looks

UNCHANGED = "<unchanged>"
# Written by the bridge for itself.
NOT_OURS = frozenset({"__meta", "__pulumi_raw_state_delta"})
# The engine's own words, and the file and line a message comes from in the real plugin's log.
NOT_COMPARED = ("update failed", "  sdk-v2/")

Step = dict[str, Any]
Shape = Callable[[dict[str, Any]], dict[str, Any]]


def resource_names(step: Step) -> list[str]:
    """The resources a step is about, once each."""
    return list(dict.fromkeys(event["name"] for event in step["engine"]))


def operations(step: Step, result: Result) -> list[str]:
    """Operations are compared in order resource by resource: independent ones run in any order."""
    problems = []
    if bool(step.get("failed")) != result.failed:
        problems.append(f"failed is {result.failed}")
    for name in {*resource_names(step), *(event["name"] for event in result.engine)}:
        wanted = [_event(event) for event in step["engine"] if event["name"] == name]
        got = [_event(event) for event in result.engine if event["name"] == name]
        if wanted != got:
            problems.append(f"operations on {name}:\n  recorded {wanted}\n  ours     {got}")
    return problems


def _event(event: Mapping[str, Any]) -> dict[str, Any]:
    kinds = {
        path: kind.get("kind") or kind.get("diffKind")
        for path, kind in (event.get("detailedDiff") or {}).items()
    }
    lists = {name: sorted(event[name]) for name in ("diffs", "replaces") if event.get(name)}
    return {"op": event["op"], **lists, **({"detailedDiff": kinds} if kinds else {})}


def calls(step: Step, wanted: Sequence[Call], heard: Sequence[Call]) -> list[str]:
    """Calls in order; those of several resources of one type, which run side by side, in any."""
    types = [event["type"] for event in step["engine"] if event["op"] not in ("same", "replace")]
    several = len(set(types)) < len(types) and len(resource_names(step)) > 1
    problems = []
    for part in sorted({_part(call) for call in [*wanted, *heard]}):
        left = without_repeated_looks([call for call in wanted if _part(call) == part])
        right = without_repeated_looks([call for call in heard if _part(call) == part])
        if several or not step["engine"]:
            left, right = sorted(left), sorted(right)
        if left != right:
            texts = ["\n    ".join(["", *keys]) for keys in (left, right)]
            problems.append(f"calls:\n  recorded{texts[0]}\n  ours{texts[1]}")
    return problems


def _part(call: Call) -> str:
    """Linode's firewalls and instances are made side by side."""
    return "firewalls" if call.path.startswith("/v4/networking/") else ""


def diagnostics(step: Step, result: Result, address: str) -> list[str]:
    """Each recorded message must have been shown for the same resource."""
    shown = [(item["urn"], item["message"]) for item in result.diagnostics]
    missing = []
    for item in step.get("diagnostics", []):
        text = item["message"].replace("<FAKE>", address).strip("\n")
        text = re.sub(r"urn:pulumi:\w+::\w+::", f"urn:pulumi:{STACK}::{PROJECT}::", text)
        if item["message"].startswith(NOT_COMPARED) or item["severity"] == "info":
            continue
        if "is deprecated" in text:
            continue
        if not any(urn.endswith(item["urn"]) and text in message for urn, message in shown):
            missing.append(f"message for {item['urn'] or 'the stack'}: {text!r} not in {shown}")
    return missing


def state(step: Step, stack: Stack, before: dict[str, Any], address: str) -> list[str]:
    """The stored resources; a secret must be one in both."""
    wanted = step.get("state")
    if wanted is None:
        return []
    text = json.dumps(before if wanted == UNCHANGED else wanted).replace("<FAKE>", address)
    text = re.sub(r"urn:pulumi:dev::p::", f"urn:pulumi:{STACK}::{PROJECT}::", text)
    return list(differences("state", _ours(json.loads(text)), _ours(stack.state())))


def _ours(stored: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {
            "inputs": {},
            **item,
            "outputs": {k: v for k, v in item["outputs"].items() if k not in NOT_OURS},
        }
        for name, item in stored.items()
        if not item["type"].startswith("command:")
    }


def exports(
    step: Step, stack: Stack, shaped: Callable[[dict[str, Any]], dict[str, Any]]
) -> list[str]:
    """The stack outputs, put into the recorded shape."""
    if "stackOutputs" not in step:
        return []
    outputs = next(
        item["outputs"]
        for item in stack.checkpoint()["checkpoint"]["latest"]["resources"]
        if item["type"] == "pulumi:pulumi:Stack"
    )
    wanted, got = _without_nulls(step["stackOutputs"]), _without_nulls(shaped(outputs))
    return differences("exports", wanted, got)


def _without_nulls(value: Any) -> Any:
    """The SDK leaves them out of what a function returns."""
    match value:
        case dict():
            return {n: _without_nulls(item) for n, item in value.items() if item is not None}
        case list():
            return [_without_nulls(item) for item in value]
    return value


def credentials(wanted: Mapping[str, str], heard: Sequence[Call]) -> list[str]:
    """Every call must carry the credentials, and no others."""
    names = ("Authorization", "X-Auth-Key", "X-Auth-Email")
    return [
        f"credentials of {call.key}: {got}, not {wanted}"
        for call in heard
        if (got := {n: call.headers[n] for n in names if n in call.headers}) != wanted
        and "/oauth/" not in call.path
    ]


def differences(path: str, wanted: Any, got: Any) -> list[str]:
    """Where two documents differ."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        return [
            line
            for key in sorted(wanted.keys() | got.keys())
            for line in (
                differences(f"{path}.{key}", wanted[key], got[key])
                if key in wanted and key in got
                else [f"{path}.{key} {'is missing' if key in wanted else f'is {got[key]!r}'}"]
            )
        ]
    if isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        pairs = enumerate(zip(wanted, got, strict=True))
        return [line for i, pair in pairs for line in differences(f"{path}[{i}]", *pair)]
    return [] if wanted == got else [f"{path}: recorded {wanted!r}, ours {got!r}"]
