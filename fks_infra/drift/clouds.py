"""The drift of the clouds, by a preview of Pulumi with a refresh."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from fks_infra.config.pulumi_cli import pulumi
from fks_infra.delivery.drift import Outcome, is_busy
from fks_infra.delivery.preview import Change
from fks_infra.delivery.preview import read as read_preview
from fks_infra.drift.findings import CLOUDS, Deviation, Unknown
from fks_infra.errors import OperatorError

# Seconds; it reads every resource from its cloud.
_SECONDS = 600.0
_PROVIDERS = ("linode:", "cloudflare:", "tailscale:")
# Types without secrets, whose values may be shown.
_PUBLIC = ("cloudflare:index/dnsRecord:DnsRecord", "linode:index/firewall:Firewall")
# Everything else may take a server away, or create one.
_REPAIRED = ("create", "update")
_PART = "refresh preview"
_BUSY = "an update of the stack is in progress, or one was interrupted: pulumi up repairs that"


def read(stack: str) -> tuple[list[Deviation | Unknown], list[str]]:
    """The findings, and notes about changes of the checkout that are not deployed."""
    try:
        before = pulumi("stack", "export", "--stack", stack)
        text = pulumi("preview", "--refresh", "--json", "--stack", stack, seconds=_SECONDS)
        if is_busy(before, pulumi("stack", "export", "--stack", stack)):
            return [Unknown(place=CLOUDS, part=_PART, reason=_BUSY, command="fks drift")], []
    except OperatorError as error:
        return [_failed(str(error))], []
    return findings(text, stack)


def findings(text: str, stack: str) -> tuple[list[Deviation | Unknown], list[str]]:
    """From what `pulumi preview --refresh --json` prints."""
    preview = read_preview(text)
    if preview.outcome is Outcome.UNKNOWN:
        return [_failed("its output is no preview")], []
    steps = {row["urn"]: row for row in json.loads(text)["steps"]}
    cloud = [one for one in preview.changes if one.type.startswith(_PROVIDERS)]
    others = [one.name for one in preview.changes if one not in cloud]
    note = f"the checkout is not deployed ({', '.join(others)}): pulumi up --stack {stack}"
    return [_deviation(one, steps[one.urn]) for one in cloud], [note] if others else []


def _failed(reason: str) -> Unknown:
    """The last lines of an error of pulumi say why."""
    lines = [line.strip() for line in reason.splitlines() if line.strip()]
    shown = "; ".join(lines[-3:])
    return Unknown(place=CLOUDS, part=_PART, reason=shown, command="pulumi preview --refresh")


def _deviation(change: Change, step: Mapping[str, Any]) -> Deviation:
    simple = change.operation in _REPAIRED and change.type in _PUBLIC
    expected, found = _values(change, step)
    return Deviation(
        place=CLOUDS,
        kind=change.type.rpartition(":")[2],
        name=change.name,
        expected=expected,
        found=found,
        repair=change.urn if simple else "",
    )


def _values(change: Change, step: Mapping[str, Any]) -> tuple[str, str]:
    """What the program says, and what the cloud has."""
    new, old = _inputs(step, "newState"), _inputs(step, "oldState")
    if change.operation == "create":
        return "present", "missing"
    if change.operation == "delete":
        return "not in the program", "present"
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    if change.type not in _PUBLIC or not names:
        reasons = ", ".join(step.get("diffReasons") or names)
        return f"as in the program ({change.operation})", f"other values: {reasons}"
    return _shown(new, names), _shown(old, names)


def _inputs(step: Mapping[str, Any], state: str) -> Mapping[str, Any]:
    found = step.get(state) or {}
    return {key: value for key, value in (found.get("inputs") or {}).items() if key[:2] != "__"}


def _shown(inputs: Mapping[str, Any], names: list[str]) -> str:
    return "; ".join(_pairs(inputs, names))


def _pairs(inputs: Mapping[str, Any], names: list[str]) -> Iterator[str]:
    for name in names:
        value = inputs.get(name)
        yield f"{name} {value if isinstance(value, str) else json.dumps(value)}"
