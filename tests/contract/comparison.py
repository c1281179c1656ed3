"""Lists the differences between a step and its recording."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tests.contract.harness import PROJECT, STACK, Result, Stack
from tests.contract.recorded_api import Call, without_repeated_gets

UNCHANGED = "<unchanged>"
# The bridge's own notes.
NOT_COMPARED_OUTPUTS = frozenset({"__meta", "__pulumi_raw_state_delta"})
# The engine's summary, and messages with file and line of the real plugin's source.
NOT_COMPARED = ("update failed", "  sdk-v2/")

Step = dict[str, Any]


def resource_names(step: Step) -> list[str]:
    """The resources of a step, once each."""
    return list(dict.fromkeys(event["name"] for event in step["engine"]))


def operations(step: Step, result: Result) -> list[str]:
    """Compare operations in order for each resource: independent resources run in any order."""
    problems = []
    if bool(step.get("failed")) != result.failed:
        problems.append(f"failed is {result.failed}")
    for name in {*resource_names(step), *(event["name"] for event in result.engine)}:
        recorded = [_event(event) for event in step["engine"] if event["name"] == name]
        ours = [_event(event) for event in result.engine if event["name"] == name]
        if recorded != ours:
            problems.append(f"operations on {name}:\n  recorded {recorded}\n  ours     {ours}")
    return problems


def _event(event: Mapping[str, Any]) -> dict[str, Any]:
    kinds = {
        path: kind.get("kind") or kind.get("diffKind")
        for path, kind in (event.get("detailedDiff") or {}).items()
    }
    lists = {name: sorted(event[name]) for name in ("diffs", "replaces") if event.get(name)}
    return {"op": event["op"], **lists, **({"detailedDiff": kinds} if kinds else {})}


def calls(step: Step, recorded: Sequence[Call], received: Sequence[Call]) -> list[str]:
    """Compare calls in order; in any order where several resources of one type run in parallel."""
    types = [event["type"] for event in step["engine"] if event["op"] not in ("same", "replace")]
    several = len(set(types)) < len(types) and len(resource_names(step)) > 1
    problems = []
    for part in sorted({_part(call) for call in [*recorded, *received]}):
        left = without_repeated_gets([call for call in recorded if _part(call) == part])
        right = without_repeated_gets([call for call in received if _part(call) == part])
        if several or not step["engine"]:
            left, right = sorted(left), sorted(right)
        if left != right:
            texts = ["\n    ".join(["", *keys]) for keys in (left, right)]
            problems.append(f"calls:\n  recorded{texts[0]}\n  ours{texts[1]}")
    return problems


def _part(call: Call) -> str:
    """Linode's firewalls and instances are created in parallel."""
    return "firewalls" if call.path.startswith("/v4/networking/") else ""


def diagnostics(step: Step, result: Result, address: str) -> list[str]:
    """Each recorded message must appear for the same resource."""
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
    """Compare the stored resources; a secret must be one in both."""
    recorded = step.get("state")
    if recorded is None:
        return []
    text = json.dumps(before if recorded == UNCHANGED else recorded).replace("<FAKE>", address)
    text = re.sub(r"urn:pulumi:dev::p::", f"urn:pulumi:{STACK}::{PROJECT}::", text)
    return list(differences("state", _ours(json.loads(text)), _ours(stack.state())))


def _ours(stored: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {
            "inputs": {},
            **item,
            "outputs": {k: v for k, v in item["outputs"].items() if k not in NOT_COMPARED_OUTPUTS},
        }
        for name, item in stored.items()
        if not item["type"].startswith("command:")
    }


def credentials(expected: Mapping[str, str], received: Sequence[Call]) -> list[str]:
    """Every call must carry these credentials and no others."""
    names = ("Authorization", "X-Auth-Key", "X-Auth-Email")
    return [
        f"credentials of {call.key}: {got}, not {expected}"
        for call in received
        if (got := {n: call.headers[n] for n in names if n in call.headers}) != expected
        and "/oauth/" not in call.path
    ]


def differences(path: str, recorded: Any, ours: Any) -> list[str]:
    """The differences between two documents, by path."""
    if isinstance(recorded, dict) and isinstance(ours, dict):
        return [
            line
            for key in sorted(recorded.keys() | ours.keys())
            for line in (
                differences(f"{path}.{key}", recorded[key], ours[key])
                if key in recorded and key in ours
                else [f"{path}.{key} {'is missing' if key in recorded else f'is {ours[key]!r}'}"]
            )
        ]
    if isinstance(recorded, list) and isinstance(ours, list) and len(recorded) == len(ours):
        pairs = enumerate(zip(recorded, ours, strict=True))
        return [line for i, pair in pairs for line in differences(f"{path}[{i}]", *pair)]
    return [] if recorded == ours else [f"{path}: recorded {recorded!r}, ours {ours!r}"]
