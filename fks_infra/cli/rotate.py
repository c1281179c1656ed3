"""`fks rotate`: replaces a secret of a deployed stack, and proves that the old one is refused."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from fks_infra.cli import rotate_backup_key, rotate_deploy_key, rotate_generated, rotate_given
from fks_infra.cli.ready import require_ready
from fks_infra.cli.servers import Servers, connected
from fks_infra.config.rotation_validators import BUCKET_KEY
from fks_infra.errors import OperatorError
from fks_infra.roles import ROLE_NAMES
from fks_infra.rotate import generated
from fks_infra.rotate.given import GIVEN

Confirm = Callable[[str], bool]
Rotate = Callable[[Servers, Confirm], int]
# The others are generated.
_ROTATIONS: Mapping[str, Rotate] = {
    "deploy-key": rotate_deploy_key.run,
    BUCKET_KEY: rotate_backup_key.run,
    **{name: partial(rotate_given.run, given) for name, given in GIVEN.items()},
}


def run(stack: str, name: str, role: str, confirm: Confirm) -> int:
    """Rotate a secret, with `role` only that of one role.

    Returns 0, 1 if it is not complete, 2 if nothing was changed.
    """
    roles, rotate = _chosen(name, role)
    with connected(stack, []) as servers:
        require_ready(servers, roles)
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
