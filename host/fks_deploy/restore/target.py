"""The database of one data set of this server, as the release in service has it."""

from dataclasses import dataclass

from .. import postgres
from ..backup.data_set import SETS
from ..compose import Compose
from ..errors import InputError
from ..postgres import Postgres

_SUFFIXES = ("_restoring", "_before")
# Bytes of a name: https://www.postgresql.org/docs/current/limits.html
_LONGEST = 63


@dataclass(frozen=True, kw_only=True)
class Target(Postgres):
    """`job` is the Compose service that runs pg_restore, `writers` are the services that depend on
    PostgreSQL, `caches` those that have copies of its rows."""

    job: str
    writers: tuple[str, ...]
    caches: tuple[str, ...] = ()

    @property
    def restoring(self) -> str:
        """The database that a dump is restored into."""
        return f"{self.database}_restoring"

    @property
    def before(self) -> str:
        """The database that was in service before an exchange."""
        return f"{self.database}_before"


def find(compose: Compose, name: str) -> Target:
    """The data set `api` or `auth`. Error: InputError when this server has no such database."""
    (own,) = postgres.find(compose, [name])
    found = Target(
        **vars(own),
        job=SETS[name].restore,
        writers=_writers(compose, own),
        caches=SETS[name].caches,
    )
    _check(found)
    return found


def _writers(compose: Compose, found: Postgres) -> tuple[str, ...]:
    own = compose.release.placement.services.get(found.name, ())
    return tuple(
        one.name for one in compose.all_services() if one.name in own and found.service in one.needs
    )


def _check(found: Target) -> None:
    if not found.writers:
        raise InputError(f"the release does not list the services of {found.name}: run pulumi up")
    longest = _LONGEST - max(map(len, _SUFFIXES))
    if len(found.database.encode()) > longest:
        raise InputError(
            f"the name of the database {found.database} has more than {longest} bytes, so that no "
            f"second one can be beside it"
        )
