"""What the system is made of: one module for each role, found by its `ROLE`."""

from collections.abc import Iterable
from graphlib import TopologicalSorter
from importlib import import_module
from pkgutil import iter_modules

from fks_infra.roles.edge import EDGE
from fks_infra.roles.role import Role, Secret, Service, Stack, StaticBuild


def _declared() -> Iterable[Role]:
    for module in sorted(found.name for found in iter_modules(__path__)):
        role = getattr(import_module(f"{__name__}.{module}"), "ROLE", None)
        if isinstance(role, Role):
            yield role


def in_order(roles: Iterable[Role]) -> tuple[Role, ...]:
    """The roles, each after those that it calls."""
    by_name = {role.name: role for role in roles}
    calls = {name: by_name[name].calls for name in sorted(by_name)}
    return tuple(by_name[name] for name in TopologicalSorter(calls).static_order())


ROLES: tuple[Role, ...] = in_order(_declared())
ROLE_NAMES: tuple[str, ...] = tuple(role.name for role in ROLES)
STACKS: tuple[Stack, ...] = (*(role for role in ROLES if role.services), EDGE)
SERVICES: tuple[Service, ...] = tuple(service for stack in STACKS for service in stack.services)
BUILDS: tuple[StaticBuild, ...] = tuple(role.build for role in ROLES if role.build)
# The secrets that `fks rotate` replaces, each with its role.
ROTATED: tuple[tuple[Role, Secret], ...] = tuple(
    (role, secret) for role in ROLES for secret in role.secrets if secret.rotation
)


def roles_named(names: Iterable[str]) -> tuple[Role, ...]:
    """The roles of these names, in the order of `ROLES`."""
    chosen = set(names)
    return tuple(role for role in ROLES if role.name in chosen)


def data_sets(names: Iterable[str]) -> tuple[str, ...]:
    """Of these roles the ones whose server has data that is kept nowhere else."""
    return tuple(role.name for role in roles_named(names) if role.stateful)


def apex_role() -> Role:
    """The role that answers on the domain itself."""
    (apex,) = (role for role in ROLES if not role.label)
    return apex
