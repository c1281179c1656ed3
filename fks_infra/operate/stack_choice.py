"""Which stacks the options of `fks start` and `fks stop` mean, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass

from fks_infra.errors import OperatorError
from fks_infra.operate.stack_host import Fleet, StackHost

# As in config.plans, which servers do not have.
MULTI, SINGLE = "multi", "single"


@dataclass(frozen=True, kw_only=True)
class Target:
    """A server, and the roles whose stacks are meant; all of them if empty."""

    host: StackHost
    roles: tuple[str, ...]


def targets(
    fleet: Fleet, roles: Sequence[str], mode: str, *, callers_first: bool
) -> tuple[Target, ...]:
    """The servers that carry one of `roles`, all without roles; `mode` is multi, single or empty.

    Callers first: web, api, auth; otherwise auth, api, web. OperatorError for options that do not
    fit the stack.
    """
    _check_mode(fleet, roles, mode)
    _check_roles(fleet, roles)
    found = [_target(host, roles) for host in fleet.hosts]
    chosen = [target for target in found if target]
    return _ordered(chosen, callers_first=callers_first) if fleet.stack else tuple(chosen)


def _target(host: StackHost, roles: Sequence[str]) -> Target | None:
    own = tuple(role for role in host.server.roles if role in roles)
    if roles and not own:
        return None
    return Target(host=host, roles=() if set(own) == set(host.server.roles) else own)


def _ordered(targets: Sequence[Target], *, callers_first: bool) -> tuple[Target, ...]:
    # Servers do not have them.
    from fks_infra.roles import ROLE_NAMES

    def position(target: Target) -> int:
        return min(ROLE_NAMES.index(role) for role in target.host.server.roles)

    return tuple(sorted(targets, key=position, reverse=callers_first))


def _check_mode(fleet: Fleet, roles: Sequence[str], mode: str) -> None:
    if mode and roles:
        given = " ".join(f"--{role}" for role in roles)
        raise OperatorError(f"--{mode} means all servers: leave out --{mode} or {given}")
    names = [host.name for host in fleet.hosts]
    found = SINGLE if SINGLE in names else MULTI
    if mode in ("", found):
        return
    where = f"stack {fleet.stack} has" if fleet.stack else "this server is of a stack with"
    raise OperatorError(
        f"--{mode}: {where} fks:mode {found} (servers: {', '.join(names)}). Leave out --{mode}, or "
        f"name a stack with fks:mode {mode} by --stack; pulumi stack ls lists them"
    )


def _check_roles(fleet: Fleet, roles: Sequence[str]) -> None:
    known = {role for host in fleet.hosts for role in host.server.roles}
    for role in roles:
        if role not in known:
            where = (
                f"stack {fleet.stack}" if fleet.stack else f"this server ({fleet.hosts[0].name})"
            )
            raise OperatorError(
                f"--{role}: {where} has no role {role}; it has {', '.join(sorted(known))}"
            )
