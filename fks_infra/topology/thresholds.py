"""From which use of CPU and memory on a server reports it as a problem."""

from collections.abc import Iterable

from fks_infra.roles import roles_named
from fks_infra.roles.role import Thresholds


def thresholds(role_names: Iterable[str]) -> Thresholds:
    """Of a server with these roles: the highest of each, because any of the roles may be busy."""
    found = [role.thresholds for role in roles_named(role_names)]
    return Thresholds(cpu=max(one.cpu for one in found), memory=max(one.memory for one in found))
