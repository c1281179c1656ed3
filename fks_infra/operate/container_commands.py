"""The commands of `fks exec`, `fks psql` and `fks redis`, as the shell of a server runs them."""

import shlex
from collections.abc import Sequence

from fks_infra.remote.host_scripts import host_program

COMPOSE = host_program("compose")


def _login(variable: str, live: str, mounted: str) -> str:
    """Shell text that exports the password. It comes from a file in the container, so that no
    command line has it; after a rotation the mounted one, that of the container's start, is out of
    date (host/fks_deploy/rotation)."""
    choose = f'file={live}; [ -f "$file" ] || file={mounted}'
    return f'{choose}; {variable}=$(cat "$file"); export {variable}; '


# Over the network with the password, as the services do.
_PSQL = (
    _login("PGPASSWORD", "/var/run/postgresql/.fks-password", "$POSTGRES_PASSWORD_FILE")
    + 'export PSQL_HISTORY=/dev/null; exec psql --no-psqlrc -h "$(hostname)" '
    '-U "$POSTGRES_USER" -d "$POSTGRES_DB" "$@"'
)
_READ_ONLY = "export PGOPTIONS='-c default_transaction_read_only=on'; "
_REDIS = (
    _login("REDISCLI_AUTH", "/run/redis/.fks-password", "/run/secrets/REDIS_PASSWORD")
    + 'export REDISCLI_HISTFILE=/dev/null; exec redis-cli "$@"'
)
DATABASES = {"auth": "auth-postgres", "api": "api-postgres"}
REDIS = {"queue": "api-queue", "cache": "api-cache"}


def in_container(service: str, command: Sequence[str], *, terminal: bool) -> str:
    """A command in the running container of a service; it has a terminal, or standard input."""
    options = [] if terminal else ["-T"]
    return f"{COMPOSE} exec {shlex.join([*options, service, *command])}"


def psql(options: Sequence[str], *, write: bool, terminal: bool) -> list[str]:
    """psql in a database's container. Without a terminal it ends at the first error, with 3."""
    stop = () if terminal else ("-v", "ON_ERROR_STOP=1")
    return ["sh", "-c", ("" if write else _READ_ONLY) + _PSQL, "psql", *stop, *options]


def redis(arguments: Sequence[str]) -> list[str]:
    """redis-cli in the container of the queue or the cache."""
    return ["sh", "-c", _REDIS, "redis-cli", *arguments]
