"""The stack's state when the run began, which the engine does not pass to its program."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi

from fks_infra.config import pulumi_cli
from fks_infra.config.pulumi_cli import CommandError
from fks_infra.errors import OperatorError

# Seconds before each further attempt.
_PAUSES = (0.2, 0.5, 1.0, 2.0)


@dataclass(frozen=True, kw_only=True)
class StateSnapshot:
    """`ids` are (type, id), and `protected` those with protection, whose names are
    `protected_names`; `records` are DNS records as (type, name, record type); `labels` maps (type,
    label) to id. `triggers` maps a resource's name to its last replacement trigger, `stdout` a
    command's name to its output, `machines` an instance's name to its plan and region. `unreplaced`
    are the names of deleted resources whose replacement is not recorded, `deleting` of those whose
    deletion an interrupted run began.
    """

    ids: frozenset[tuple[str, str]] = frozenset()
    records: frozenset[tuple[str, str, str]] = frozenset()
    labels: Mapping[tuple[str, str], str] = field(default_factory=dict)
    triggers: Mapping[str, Any] = field(default_factory=dict)
    stdout: Mapping[str, str] = field(default_factory=dict)
    machines: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    protected: frozenset[tuple[str, str]] = frozenset()
    protected_names: frozenset[str] = frozenset()
    unreplaced: frozenset[str] = frozenset()
    deleting: frozenset[str] = frozenset()

    def has(self, kind: str, identifier: str) -> bool:
        """Whether the state has this type and id, also where it is to be deleted."""
        return (kind, identifier) in self.ids

    def has_record(self, kind: str, name: str, record_type: str) -> bool:
        """Whether the state has a DNS record of this name and record type."""
        return (kind, name, record_type) in self.records

    def has_resource(self, name: str) -> bool:
        """Whether the state has a resource of this name."""
        return name in self.triggers


def stack_reference() -> str:
    """The running stack's full name. Pulumi knows it only in the program's main thread."""
    return f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"


def read(stack: str) -> StateSnapshot:
    """Read the state with `pulumi stack export`, which takes no lock and decrypts no secret."""
    for pause in (*_PAUSES, None):
        try:
            return snapshot(json.loads(pulumi_cli.pulumi("stack", "export", "--stack", stack)))
        except CommandError as error:
            if pause is None or not _is_half_written(error):
                raise OperatorError(_unreadable(stack, error)) from None
            time.sleep(pause)
    raise AssertionError("the last attempt returns or raises")


def _is_half_written(error: CommandError) -> bool:
    """Whether a state in a directory was read while this run was writing it."""
    return "failed to load checkpoint: EOF" in error.stderr


def _unreadable(stack: str, error: CommandError) -> str:
    reason = (error.stderr.strip().splitlines() or [str(error)])[-1]
    return (
        f"The state of {stack} could not be read ({reason}). Check that `pulumi stack export "
        f"--stack {stack}` works here."
    )


def snapshot(export: Mapping[str, Any]) -> StateSnapshot:
    """The relevant part of an exported state."""
    deployment = export.get("deployment") or {}
    resources, pending = (deployment.get(key) or [] for key in ("resources", "pending_operations"))
    real = [entry for entry in resources if entry.get("custom") and entry.get("id")]
    kept = [entry for entry in real if not entry.get("pendingReplacement")]
    deleted = [entry for entry in real if entry.get("pendingReplacement")]
    return StateSnapshot(
        ids=frozenset((entry["type"], entry["id"]) for entry in kept),
        records=frozenset(
            (entry["type"], _output(entry, "name"), _output(entry, "type")) for entry in kept
        ),
        labels={(entry["type"], _output(entry, "label")): entry["id"] for entry in kept},
        triggers={
            _name(entry): entry.get("replacementTrigger")
            for entry in kept
            if not entry.get("delete")
        },
        stdout={
            _name(entry): _output(entry, "stdout")
            for entry in kept
            if isinstance((entry.get("outputs") or {}).get("stdout"), str)
        },
        machines={
            _name(entry): (_output(entry, "type"), _output(entry, "region"))
            for entry in kept
            if "region" in (entry.get("outputs") or {}) and not entry.get("delete")
        },
        protected=frozenset((entry["type"], entry["id"]) for entry in kept if entry.get("protect")),
        protected_names=frozenset(_name(entry) for entry in kept if entry.get("protect")),
        unreplaced=frozenset(_name(entry) for entry in deleted),
        deleting=frozenset(
            _name(operation["resource"]) for operation in pending if operation["type"] == "deleting"
        ),
    )


def _output(entry: Mapping[str, Any], key: str) -> str:
    return str((entry.get("outputs") or {}).get(key))


def _name(entry: Mapping[str, Any]) -> str:
    return str(entry["urn"]).split("::")[-1]
