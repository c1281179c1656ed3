"""`fks rotate`: replaces a secret of a deployed stack, and proves that the old one is refused."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from fks_infra.cli import lock, rotate_deploy_key, rotate_generated, rotate_given
from fks_infra.cli.servers import Servers, connected, unreached_errors
from fks_infra.errors import OperatorError, raise_operator_errors
from fks_infra.operate import stops
from fks_infra.operate.unreachable import Unreachable
from fks_infra.roles import ROLE_NAMES
from fks_infra.rotate import generated
from fks_infra.rotate.given import GIVEN

Confirm = Callable[[str], bool]
Rotate = Callable[[Servers, Confirm], int]
# The others are generated.
_ROTATIONS: Mapping[str, Rotate] = {
    "deploy-key": rotate_deploy_key.run,
    **{name: partial(rotate_given.run, given) for name, given in GIVEN.items()},
}
_STATE = ("server", "stopped", "release")
_UNCHANGED = "Nothing was changed"


def run(stack: str, name: str, role: str, confirm: Confirm) -> int:
    """Rotate a secret, with `role` only that of one role.

    Returns 0, 1 if it is not complete, 2 if nothing was changed.
    """
    roles, rotate = _chosen(name, role)
    with connected(stack, []) as servers:
        _require_ready(servers, roles)
        return rotate(servers, confirm)


def _chosen(name: str, role: str) -> tuple[Sequence[str], Rotate]:
    """The roles whose servers are changed, and the function that does it."""
    if name not in (names := [*_ROTATIONS, *generated.names()]):
        raise OperatorError(
            f"{name!r} is no secret that fks rotate replaces. Nothing was changed.\nNext: write "
            f"one of {', '.join(names)}"
        )
    if name in _ROTATIONS:
        return _of_all(name, role)
    roles = generated.roles_of(name)
    if role and role not in roles:
        raise OperatorError(
            f"--role is {role!r}, and {name} is a secret of {' and '.join(roles)}. Nothing was "
            f"changed."
        )
    roles = [role] if role else roles
    return roles, lambda servers, confirm: rotate_generated.run(servers, name, roles, confirm)


def _of_all(name: str, role: str) -> tuple[Sequence[str], Rotate]:
    if role:
        raise OperatorError(
            f"--role is {role!r}, and {name} is one of all servers. Nothing was changed.\nNext: "
            f"fks rotate {name}"
        )
    return ROLE_NAMES, _ROTATIONS[name]


def _require_ready(servers: Servers, roles: Sequence[str]) -> None:
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
