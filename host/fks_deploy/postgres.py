"""The PostgreSQL of a data set: where the release in service has it, and psql in its container."""

from collections.abc import Sequence
from dataclasses import dataclass

from .backup.data_set import SETS
from .compose import COMMAND_TIMEOUT, Compose
from .errors import InputError

# The database that every server has, to work on the others.
OTHER = "postgres"


@dataclass(frozen=True, kw_only=True)
class Postgres:
    """`name` is that of the data set, `service` the container's; the application uses `database`
    as `user`."""

    name: str
    service: str
    database: str
    user: str

    def psql(
        self,
        compose: Compose,
        words: Sequence[str],
        *,
        stdin: str = "",
        database: str = OTHER,
        timeout: float = COMMAND_TIMEOUT,
        options: Sequence[str] = (),
    ) -> str:
        """Run psql by the container's socket, which needs no password. `options` are some of
        `docker compose exec`, `timeout` is in seconds. Returns the rows as text. Error:
        CommandFailedError with PostgreSQL's last line."""
        psql = ["psql", "--no-psqlrc", "-qtAX", "-v", "ON_ERROR_STOP=1", "-U", self.user]
        line = compose.command_line("exec", "-T", *options, self.service, *psql)
        return compose.shell.run(
            [*line, "-d", database, *words],
            name=f"psql in {self.service}",
            timeout=timeout,
            stdin=stdin,
            env=compose.env(),
        )


def find(compose: Compose, names: Sequence[str] = ()) -> list[Postgres]:
    """Those of the data sets of these names, all of this server without names. Error: InputError
    for one that it does not have."""
    services = compose.document()["services"]
    known = [name for name in SETS if service_of(name) in services]
    for name in names:
        if name not in known:
            text = ", ".join(known) or "none"
            raise InputError(f"this server has no data set {name!r}: it has {text}")
    return [_postgres(name, services[service_of(name)]["environment"]) for name in names or known]


def service_of(name: str) -> str:
    """The Compose service of a data set's PostgreSQL."""
    return f"{name}-postgres"


def _postgres(name: str, environment: dict[str, str]) -> Postgres:
    return Postgres(
        name=name,
        service=service_of(name),
        database=environment["POSTGRES_DB"],
        user=environment["POSTGRES_USER"],
    )
