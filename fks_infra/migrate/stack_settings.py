"""The settings of a stack that a move changes, and the runs of `pulumi up` for them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from fks_infra.config import stack_files
from fks_infra.config.plans import SERVER_NAMES, mode_of
from fks_infra.config.pulumi_cli import pulumi

# The resources of a server that fks:protect protects: components/machine.py, components/join.py
PROTECTED = ("machine-instance", "join-device")


@dataclass(frozen=True, kw_only=True)
class Modes:
    """fks:mode, fks:keep and the mode that serves."""

    mode: str
    keep: tuple[str, ...]
    serve: str


def read(stack: str) -> Modes:
    """OperatorError for invalid values."""
    mode, keep, serve = stack_files.read(stack, "mode", "keep", "serve")
    return Modes(mode=mode, keep=tuple(keep), serve=serve or mode)


def servers(mode: str) -> tuple[str, ...]:
    """The names of a mode's servers."""
    return tuple(name for name in SERVER_NAMES if mode_of(name) == mode)


def beside(stack: str, mode: str, other: str, serve: str) -> None:
    """The servers of `mode`, those of `other` beside them, and the records at `serve`."""
    if read(stack).keep != servers(other):
        # A longer list would keep its other entries.
        pulumi("config", "rm", "fks:keep", "--stack", stack)
    kept = [f"fks:keep[{index}]={name}" for index, name in enumerate(servers(other))]
    values = [f"fks:mode={mode}", f"fks:serve={serve}", *kept]
    options = [word for value in values for word in ("--plaintext", value)]
    pulumi("config", "set-all", "--path", *options, "--stack", stack)


def alone(stack: str, mode: str) -> None:
    """Only the servers of `mode`, in an order that never deletes one that serves."""
    pulumi("config", "set", "--plaintext", "fks:mode", mode, "--stack", stack)
    for key in ("fks:serve", "fks:keep"):
        pulumi("config", "rm", key, "--stack", stack)


def unprotect(stack: str, mode: str) -> None:
    """What is protected of a mode's servers may be deleted by the next `pulumi up`."""
    names = {f"{name}-{part}" for name in servers(mode) for part in PROTECTED}
    state = json.loads(pulumi("stack", "export", "--stack", stack)).get("deployment") or {}
    for resource in state.get("resources") or ():
        if resource.get("protect") and resource["urn"].split("::")[-1] in names:
            pulumi("state", "unprotect", resource["urn"], "--yes", "--stack", stack)


def up(stack: str, options: Sequence[str] = ()) -> list[str]:
    """The arguments of `pulumi up` without a prompt."""
    return ["pulumi", "up", "--stack", stack, "--yes", *options]
