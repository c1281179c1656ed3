"""What the real engine replaces and deletes when a commit's stack gets the files of this checkout.

The base is created in the stand-in clouds without servers, then the head is previewed. Its secrets
are replaced by new ones: those of the stack file cannot be read, and none is needed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from fks_infra.config.plans import SERVER_NAMES
from fks_infra.impact import git
from fks_infra.preflight.orphans import INSTANCE
from fks_infra.preflight.record_conflicts import RECORD
from rehearsal.local import LocalWorkspace, copy_program, local_workspace
from rehearsal.local_stack import LocalStack
from rehearsal.plugins.command.recorded import VARIABLE
from rehearsal.world.engine_events import Event
from rehearsal.world.names import ROOT, WORK
from rehearsal.world.operator import Outcome
from rehearsal.world.requirements import requirements_of

TYPES = (INSTANCE, RECORD)
_OPERATIONS = {
    "delete": "delete",
    "replace": "replace",
    "create-replacement": "replace",
    "delete-replaced": "replace",
}
# Valid values of the secrets that `fks init` does not make.
_PLACEHOLDERS = {
    "fks:acmeEabHmacKey": "cmVoZWFyc2Fs",
    "fks:alertWebhook": "https://hooks.example.org/rehearsal",
    "fks:registryPassword": "rehearsal",
}
_MADE_BY_INIT = ("fks:deployKey", "fks:deployPublicKey", "fks:acmeDnsToken")
_SALT = "encryptionsalt"
_SHOWN_LINES = 20

Document = dict[str, Any]


class EngineError(RuntimeError):
    """An operation of the engine failed; the message has the end of its display."""


def engine_operations(ref: str, stack: str) -> dict[str, str]:
    """Return resource name -> "replace" or "delete", of the servers and records of a stack."""
    name = f"impact-{os.getpid()}"
    try:
        with (
            git.tree(ROOT, git.commit(ROOT, ref)) as base,
            local_workspace(name, base, requirements_of(ROOT).zones) as workspace,
        ):
            recording = {**workspace.environment, VARIABLE: "1"}
            recorded = LocalWorkspace(workspace.program, recording)
            return _base_then_head(LocalStack(recorded, stack))
    finally:
        shutil.rmtree(WORK / "local" / name, ignore_errors=True)


def _base_then_head(stack: LocalStack) -> dict[str, str]:
    program, file = stack.workspace.program, f"Pulumi.{stack.stack}.yaml"
    _prepare(stack, _read(program / file), {})
    _check("pulumi up of the base", stack.up())
    made = _read(program / file)
    shutil.rmtree(program)
    copy_program(program)
    _prepare(stack, _read(program / file), made)
    _check("pulumi preview of the work tree", stack.preview())
    return operations(stack.events())


def operations(events: Sequence[Event]) -> dict[str, str]:
    """Return resource name -> "replace" or "delete", of servers and records."""
    found = {}
    for event in events:
        metadata = event.get("resourcePreEvent", {}).get("metadata", {})
        if metadata.get("type") in TYPES and metadata["op"] in _OPERATIONS:
            found[metadata["urn"].rpartition("::")[2]] = _OPERATIONS[metadata["op"]]
    return found


def stack_document(document: Document, made: Document) -> Document:
    """Return a stack file's plain settings, with the key and the secrets that ``made`` has.

    Without protection, which would end the preview before it shows what it protects, and with the
    loss of data accepted: servers that do not exist have no backup.
    """
    plain = {
        name: value
        for name, value in (document.get("config") or {}).items()
        if not _is_secret(value) and name not in _MADE_BY_INIT
    }
    config = {**plain, "fks:protect": False}
    if not made:
        # The program of the base may not know the setting.
        return {"config": config}
    accepted = {"fks:acceptDataLoss": list(SERVER_NAMES)}
    secrets = {name: made["config"][name] for name in _MADE_BY_INIT}
    return {_SALT: made[_SALT], "config": {**config, **accepted, **secrets}}


def _prepare(stack: LocalStack, document: Document, made: Document) -> None:
    """Write the stack file with new secrets, or with those that ``made`` has."""
    file = stack.workspace.program / f"Pulumi.{stack.stack}.yaml"
    file.write_text(yaml.safe_dump(stack_document(document, made)))
    if not made:
        stack.workspace.select_stack(stack.stack)
    for name, value in (document.get("config") or {}).items():
        if _is_secret(value) and name in _PLACEHOLDERS:
            stack.workspace.pulumi("config", "set", "--secret", name, stdin=_PLACEHOLDERS[name])


def _is_secret(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"secure"}


def _read(path: Path) -> Document:
    return dict(yaml.safe_load(path.read_text()) or {})


def _check(what: str, outcome: Outcome) -> None:
    if outcome.code != 0:
        shown = "\n".join(outcome.display.strip().splitlines()[-_SHOWN_LINES:])
        raise EngineError(f"{what} failed in the stand-in clouds:\n{shown}")
