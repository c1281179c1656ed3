"""What must be true of servers before a command changes their data or secrets."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fks_infra.cli import lock
from fks_infra.cli.servers import Servers, unreached_errors
from fks_infra.config import stack_files
from fks_infra.errors import raise_operator_errors
from fks_infra.operate import stops
from fks_infra.operate.unreachable import Unreachable

_STATE = ("server", "stopped", "release")
_UNCHANGED = "Nothing was changed"


def require_ready(servers: Servers, roles: Sequence[str]) -> None:
    """OperatorError for a lock, a server that is not reached, and a stack that is stopped or not
    deployed. Only of the servers that are changed, but for the lock."""
    chosen = [one.name for one in servers.servers if {*one.roles} & {*roles}]
    found = servers.run(lock.KEYS, "stack-lock", "show")
    raise_operator_errors(unreached_errors({name: found[name] for name in chosen}, _UNCHANGED))
    lock.require_unlocked([one for one in found.values() if not isinstance(one, Unreachable)])
    states = servers.run(_STATE, "stack", "state")
    raise_operator_errors(unreached_errors({name: states[name] for name in chosen}, _UNCHANGED))
    raise_operator_errors(
        error
        for name, state in states.items()
        if name in chosen and not isinstance(state, Unreachable)
        for error in _unready(name, state, roles)
    )


def _unready(name: str, state: Mapping[str, Any], roles: Sequence[str]) -> Iterator[str]:
    stopped = {role: one for role, one in state["stopped"].items() if role in roles}
    for _, text in stops.sentences(stopped):
        yield f"{name}: {text}. Nothing was changed.\nNext: fks start, then the same again"
    if not state["release"]:
        yield f"{name}: nothing is deployed. Nothing was changed.\nNext: pulumi up"


def require_not_pinned(servers: Servers, roles: Sequence[str]) -> None:
    """OperatorError for a pinned server: its release may not know what to do."""
    (pins,) = stack_files.read(servers.stack, "pin")
    raise_operator_errors(
        f"{one.name} is pinned to an earlier release. Nothing was changed.\nNext: fks rollback "
        f"{one.name} --unpin, then the same again"
        for one in servers.servers
        if one.name in pins and {*one.roles} & {*roles}
    )
