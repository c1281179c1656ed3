"""What the stack's state held when the run began, which the engine does not tell its program."""

import json
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi

from fks_infra.errors import OperatorError

_SECONDS = 120
# Seconds before each further try.
_PAUSES = (0.2, 0.5, 1.0, 2.0)


@dataclass(frozen=True, kw_only=True)
class StateSnapshot:
    """What there is as (type, id); DNS records as (type, name, record's type); the id behind (type,
    label); what a resource, by its name, was last replaced for; and the names of resources that
    were deleted to be replaced and whose successor was never recorded.
    """

    ids: frozenset[tuple[str, str]] = frozenset()
    records: frozenset[tuple[str, str, str]] = frozenset()
    labels: Mapping[tuple[str, str], str] = field(default_factory=dict)
    triggers: Mapping[str, Any] = field(default_factory=dict)
    unreplaced: frozenset[str] = frozenset()

    def has(self, kind: str, identifier: str) -> bool:
        """Whether this very thing is in the state, to be kept or to be deleted."""
        return (kind, identifier) in self.ids

    def has_record(self, kind: str, name: str, record_type: str) -> bool:
        """Whether the state has a DNS record of this name, as A or CAA or whatever it is."""
        return (kind, name, record_type) in self.records

    def has_resource(self, name: str) -> bool:
        """Whether the state has a resource of this name."""
        return name in self.triggers


def read() -> StateSnapshot:
    """Ask the engine's command for the state; it takes no lock and opens no secret."""
    name = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    command = ["pulumi", "stack", "export", "--stack", name]
    for pause in (*_PAUSES, None):
        try:
            return held(json.loads(_run(command)))
        except subprocess.CalledProcessError as error:
            if pause is None or not _half_written(error):
                raise OperatorError(_unreadable(name, command, error)) from None
            time.sleep(pause)
    raise AssertionError("the last try returns or raises")


def _run(command: Sequence[str]) -> str:
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        return subprocess.run(
            command, capture_output=True, text=True, timeout=_SECONDS, check=True, env=environment
        ).stdout
    except FileNotFoundError:
        raise OperatorError(
            "The program asks `pulumi stack export` what an interrupted run may have left, and "
            "pulumi is not on the PATH. Add the directory it is in to PATH."
        ) from None
    except subprocess.TimeoutExpired:
        raise OperatorError(
            f"`{' '.join(command)}` did not end within {_SECONDS} s. Check the state's backend."
        ) from None


def _half_written(error: subprocess.CalledProcessError) -> bool:
    """Whether a state in a directory was read while this very run wrote it."""
    return "failed to load checkpoint: EOF" in error.stderr


def _unreadable(name: str, command: Sequence[str], error: subprocess.CalledProcessError) -> str:
    said = error.stderr.strip().splitlines()
    return (
        f"The state of {name} could not be read ({said[-1] if said else error}). Check that "
        f"`{' '.join(command)}` works here."
    )


def held(export: Mapping[str, Any]) -> StateSnapshot:
    """The relevant part of an exported state."""
    resources = (export.get("deployment") or {}).get("resources") or []
    real = [entry for entry in resources if entry.get("custom") and entry.get("id")]
    kept = [entry for entry in real if not entry.get("pendingReplacement")]
    gone = [entry for entry in real if entry.get("pendingReplacement")]
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
        unreplaced=frozenset(_name(entry) for entry in gone),
    )


def _output(entry: Mapping[str, Any], key: str) -> str:
    return str((entry.get("outputs") or {}).get(key))


def _name(entry: Mapping[str, Any]) -> str:
    return str(entry["urn"]).split("::")[-1]
