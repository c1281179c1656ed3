"""The generated secrets that `fks rotate` replaces, and what that does to the servers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fks_infra.errors import OperatorError
from fks_infra.roles import ROTATED


@dataclass(frozen=True, kw_only=True)
class Announced:
    """`seconds` in which requests may fail, 0 for none (tests/world/test_rotate.py)."""

    seconds: int
    what: str


# By the secret's name in fks_infra/roles.
ANNOUNCED: Mapping[str, Announced] = {
    "postgres-password": Announced(
        seconds=30,
        what="The database changes its password at once; connections that are open stay. New ones "
        "are refused until the API (in turn), the workers and the scheduler are replaced.",
    ),
    "auth-postgres-password": Announced(
        seconds=60,
        what="The database changes its password at once, then Authentik's server and worker are "
        "replaced. Meanwhile nobody can log in, and pages that check a login do not answer.",
    ),
    "redis-password": Announced(
        seconds=0,
        what="Queue and cache accept both passwords until the API (in turn), the workers and the "
        "scheduler are replaced.",
    ),
    "jwt-secret": Announced(
        seconds=0,
        what="The API is replaced in turn, then the workers. Every token that the API has signed "
        "ends: users log in again.",
    ),
    "authentik-bootstrap-token": Announced(
        seconds=0, what="Authentik's worker is replaced. Only deploys use this token."
    ),
}


@dataclass(frozen=True, kw_only=True)
class Secret:
    """A secret of `role` in the state: `number` of its last rotation, 0 for none."""

    name: str
    role: str
    urn: str
    number: int
    protected: bool

    @property
    def announced(self) -> Announced:
        return ANNOUNCED[self.name]

    def next(self, configured: int) -> int:
        """The number to configure; one that is ahead of the state is of an interrupted rotation."""
        return max(configured, self.number + 1)


def names() -> list[str]:
    """What `fks rotate` calls them."""
    return sorted({secret.rotation for _, secret in ROTATED})


def roles_of(rotation: str) -> list[str]:
    """The roles that have a secret of this name."""
    found = (role.name for role, secret in ROTATED if secret.rotation == rotation)
    return list(dict.fromkeys(found))


def find(rotation: str, roles: Sequence[str], export: str) -> list[Secret]:
    """Those of these roles in a `pulumi stack export`; OperatorError if one is missing."""
    rows = (json.loads(export).get("deployment") or {}).get("resources") or []
    by_name = {row["urn"].rpartition("::")[2]: row for row in rows if not row.get("delete")}
    wanted = [
        (role.name, secret.name)
        for role, secret in ROTATED
        if secret.rotation == rotation and role.name in roles
    ]
    return [_secret(role, name, by_name.get(f"secrets-{name}")) for role, name in wanted]


def _secret(role: str, name: str, row: Mapping[str, object] | None) -> Secret:
    trigger = row.get("replacementTrigger") if row else None
    if row is None or not isinstance(trigger, int | float):
        raise OperatorError(
            f"The secret {name} is not in the stack's state, or an earlier version of this program "
            f"made it. Nothing was changed.\nNext: pulumi up, then the same again"
        )
    return Secret(
        name=name,
        role=role,
        urn=str(row["urn"]),
        number=int(trigger),
        protected=bool(row.get("protect")),
    )
