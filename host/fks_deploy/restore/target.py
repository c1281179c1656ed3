"""The database of one data set of this server, as the release in service has it."""

from dataclasses import dataclass

from ..compose import Compose
from ..errors import InputError

# The Compose job of each data set that runs pg_restore.
_JOBS = {"api": "db-restore", "auth": "auth-db-restore"}
# What has copies of rows, all in memory.
_CACHES = {"api": ("api-cache",)}
_SUFFIXES = ("_restoring", "_before")
# Bytes of a name: https://www.postgresql.org/docs/current/limits.html
_LONGEST = 63


@dataclass(frozen=True)
class Target:
    """`service` is the container of PostgreSQL, `writers` are the services that depend on it,
    `caches` those that have copies of its rows."""

    name: str
    service: str
    job: str
    database: str
    user: str
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
    document = compose.document()["services"]
    service = f"{name}-postgres"
    if name not in _JOBS or service not in document:
        known = [one for one in _JOBS if f"{one}-postgres" in document]
        text = ", ".join(known) or "none"
        raise InputError(f"this server has no data set {name!r}: it has {text}")
    environment = document[service]["environment"]
    found = Target(
        name=name,
        service=service,
        job=_JOBS[name],
        database=environment["POSTGRES_DB"],
        user=environment["POSTGRES_USER"],
        writers=_writers(compose, name, service),
        caches=_CACHES.get(name, ()),
    )
    _check(found)
    return found


def _writers(compose: Compose, name: str, service: str) -> tuple[str, ...]:
    own = compose.release.placement.services.get(name, ())
    return tuple(
        one.name for one in compose.all_services() if one.name in own and service in one.needs
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
