"""PostgreSQL and Redis in containers of a legacy server, asked by their own clients there."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fks_infra.errors import OperatorError
from fks_infra.migrate.legacy_docker import Container
from fks_infra.migrate.legacy_host import LegacyHost

_OWN = "fks_migrate"
# The password stays in the container: its variables are those of the client.
_WITH_PASSWORD = (
    f"export PGAPPNAME={_OWN}; "
    'p=${POSTGRES_PASSWORD:-}; if [ -z "$p" ] && [ -n "${POSTGRES_PASSWORD_FILE:-}" ]; then '
    'p=$(cat "$POSTGRES_PASSWORD_FILE"); fi; [ -z "$p" ] || export PGPASSWORD="$p"; exec "$@"'
)
_WITH_REDIS_PASSWORD = (
    'if [ -n "${REDIS_PASSWORD:-}" ]; then export REDISCLI_AUTH="$REDIS_PASSWORD"; fi; exec "$@"'
)
_PSQL = ("psql", "--no-psqlrc", "-qtAX", "-v", "ON_ERROR_STOP=1")
_SERVER = """\
SELECT json_build_object('version', current_setting('server_version'), 'databases', (
    SELECT coalesce(json_agg(json_build_object(
        'name', datname, 'bytes', pg_database_size(oid), 'encoding', pg_encoding_to_char(encoding),
        'collation', datcollate)), '[]')
    FROM pg_database WHERE datallowconn AND NOT datistemplate));
"""
_DATABASE = """\
SELECT json_build_object(
    'extensions', (SELECT coalesce(json_agg(extname ORDER BY extname), '[]') FROM pg_extension),
    'tables', (SELECT count(*) FROM pg_tables
        WHERE schemaname NOT IN ('pg_catalog', 'information_schema')),
    'settings', (SELECT coalesce(json_agg(DISTINCT split_part(one, '=', 1)), '[]')
        FROM pg_db_role_setting AS s, unnest(setconfig) AS one
        JOIN pg_database AS d ON d.datname = current_database()
        WHERE s.setdatabase IN (d.oid, 0)),
    'roles', (SELECT coalesce(json_agg(rolname ORDER BY rolname), '[]') FROM pg_roles
        WHERE rolname <> current_user AND rolname !~ '^pg_'),
    'authentik', to_regclass('public.authentik_core_user') IS NOT NULL
        OR to_regclass('public.authentik_version_history') IS NOT NULL);
"""
# Rows of sessions that write, or may, and what was written to all tables so far.
_USE = """\
SELECT json_build_object(
    'sessions', (SELECT coalesce(json_agg(DISTINCT concat_ws(' ', usename, application_name,
            coalesce(client_addr::text, 'socket'))), '[]') FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND backend_type = 'client backend'),
    'written', (
        SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_user_tables));
"""
# A killed move may have left a pg_dump, which goes on without a reader.
_END = f"""\
SELECT json_build_object('ended', count(pg_terminate_backend(pid))) FROM pg_stat_activity
WHERE application_name = '{_OWN}' AND datname = current_database() AND pid <> pg_backend_pid();
"""
# Lists are queues, in which tasks wait; those that a worker has taken are in the hash `unacked`.
_QUEUES = """\
local found, cursor = {}, '0'
repeat
  local page = redis.call('SCAN', cursor, 'COUNT', 1000)
  cursor = page[1]
  for _, key in ipairs(page[2]) do
    local kind = redis.call('TYPE', key).ok
    if kind == 'list' then found[#found + 1] = redis.call('LLEN', key) .. ' ' .. key end
    if kind == 'hash' and key == 'unacked' then
      found[#found + 1] = redis.call('HLEN', key) .. ' ' .. key
    end
  end
until cursor == '0'
return found
"""
# Versions before it have no hashtextextended, which the comparison of all rows needs.
_OLDEST = 11


@dataclass(frozen=True, kw_only=True)
class Database:
    """One of a container; `version` is that of PostgreSQL, `settings` are names of what was set for
    it or for a role, `roles` the other roles of the container."""

    container: str
    project: str
    user: str
    name: str
    version: str
    bytes: int
    encoding: str
    collation: str
    extensions: tuple[str, ...]
    settings: tuple[str, ...]
    roles: tuple[str, ...]
    tables: int
    authentik: bool


def of(host: LegacyHost, container: Container) -> tuple[Database, ...]:
    """All databases of a running container. OperatorError."""
    user = user_of(container)
    server = query(host, container.name, user, "template1", _SERVER)
    return tuple(_database(host, container, server["version"], one) for one in server["databases"])


def user_of(container: Container) -> str:
    return container.variables.get("POSTGRES_USER") or "postgres"


def _database(
    host: LegacyHost, container: Container, version: str, found: Mapping[str, Any]
) -> Database:
    user = user_of(container)
    facts = query(host, container.name, user, found["name"], _DATABASE)
    return Database(
        container=container.name,
        project=container.project,
        user=user,
        version=version,
        name=found["name"],
        bytes=found["bytes"],
        encoding=found["encoding"],
        collation=found["collation"],
        extensions=tuple(one for one in facts["extensions"] if one != "plpgsql"),
        settings=tuple(facts["settings"]),
        roles=tuple(facts["roles"]),
        tables=facts["tables"],
        authentik=facts["authentik"],
    )


def too_old(database: Database) -> bool:
    """Whether its rows cannot be compared."""
    return int(re.match(r"\d+", database.version)[0]) < _OLDEST  # type: ignore[index]


def query(host: LegacyHost, container: str, user: str, database: str, sql: str) -> dict[str, Any]:
    """The JSON document that a statement returns. OperatorError."""
    text = host.run(*in_container(container, *psql(user, database)), stdin=sql)
    try:
        return dict(json.loads(text))
    except (ValueError, TypeError):
        raise OperatorError(f"{host.name}: psql in {container} printed no document") from None


def use(host: LegacyHost, container: str, user: str, database: str) -> dict[str, Any]:
    """{"sessions": [who has the database open], "written": rows that were ever written}.
    OperatorError."""
    return query(host, container, user, database, _USE)


def end_own(host: LegacyHost, container: str, user: str, database: str) -> None:
    """End the sessions of a move that was killed. OperatorError."""
    query(host, container, user, database, _END)


def psql(user: str, database: str) -> tuple[str, ...]:
    """psql with a script from standard input; in its own container it uses the socket."""
    return (*_PSQL, "-U", user, "-d", database, "-f", "-")


def in_container(container: str, *words: str) -> tuple[str, ...]:
    """Docker's arguments for a client of PostgreSQL, which gets the password of the container."""
    return ("exec", "-i", container, "sh", "-c", _WITH_PASSWORD, "sh", *words)


@dataclass(frozen=True, kw_only=True)
class Redis:
    """`queues` is list to waiting tasks, of all its databases; `error` says why it is not known."""

    container: str
    bytes: int = 0
    keys: int = 0
    queues: Mapping[str, int]
    error: str = ""


def redis(host: LegacyHost, container: str) -> Redis:
    """What a running container of Redis has; it changes nothing."""
    try:
        info = _redis(host, container, "INFO")
        if "used_memory:" not in info:
            return Redis(container=container, queues={}, error=info.strip() or "no answer")
        numbers = {int(db): int(keys) for db, keys in re.findall(r"db(\d+):keys=(\d+)", info)}
        queues = dict(one for db in numbers for one in _queues(host, container, db))
    except OperatorError as error:
        return Redis(container=container, queues={}, error=str(error))
    (used,) = re.findall(r"used_memory:(\d+)", info)
    return Redis(container=container, bytes=int(used), keys=sum(numbers.values()), queues=queues)


def _queues(host: LegacyHost, container: str, database: int) -> list[tuple[str, int]]:
    """OperatorError for an answer that is not counts and names."""
    text = _redis(host, container, "-n", str(database), "EVAL", _QUEUES, "0")
    rows = [line.partition(" ") for line in text.splitlines() if line.strip()]
    try:
        return [(name, int(count)) for count, _, name in rows]
    except ValueError:
        raise OperatorError(f"{container} did not list its queues: {text.strip()}") from None


def _redis(host: LegacyHost, container: str, *words: str) -> str:
    command = ("sh", "-c", _WITH_REDIS_PASSWORD, "sh", "redis-cli", *words)
    return host.run("exec", "-i", container, *command)
