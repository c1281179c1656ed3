"""The data sets of a server: where the database of each is, and what makes a dump of it."""

import json
from dataclasses import dataclass

from ..backup.data_set import SETS
from ..compose import Compose
from ..errors import InputError

# Seconds
_TIMEOUT = 60.0


@dataclass(frozen=True)
class DataSet:
    """`service` is the container of PostgreSQL, `job` what dumps it, `volumes` have its files."""

    name: str
    service: str
    job: str
    database: str
    user: str
    volumes: tuple[str, ...]


def find(compose: Compose, names: list[str]) -> list[DataSet]:
    """The data sets of these names, all of this server without names. Error: InputError for one
    that it does not have."""
    services = compose.document()["services"]
    known = [name for name in SETS if f"{name}-postgres" in services]
    for name in names:
        if name not in known:
            raise InputError(f"this server has no data set {name!r}: it has {known or 'none'}")
    return [_data_set(compose, name) for name in names or known]


def _data_set(compose: Compose, name: str) -> DataSet:
    service, document = f"{name}-postgres", compose.document()
    environment = document["services"][service]["environment"]
    return DataSet(
        name=name,
        service=service,
        job=SETS[name].dump,
        database=environment["POSTGRES_DB"],
        user=environment["POSTGRES_USER"],
        volumes=tuple(one for one in SETS[name].volumes if one in document.get("volumes", {})),
    )


def query(compose: Compose, data: DataSet, sql: str) -> str:
    """Run statements in the database `postgres` of its container, where `:"name"` is the set's own.

    Returns the rows as text. Error: CommandFailedError.
    """
    psql = ["psql", "--no-psqlrc", "-qtAX", "-v", "ON_ERROR_STOP=1", "-U", data.user]
    words = [*psql, "-d", "postgres", "-v", f"name={data.database}", "-f", "-"]
    return compose.shell.run(
        compose.command_line("exec", "-T", data.service, *words),
        name=f"psql in {data.service}",
        timeout=_TIMEOUT,
        stdin=sql,
        env=compose.env(),
    )


def facts(compose: Compose, data: DataSet) -> dict[str, object]:
    """{"bytes": of the database, "closed": whether it refuses writes by default, "postgres":
    version, "encoding", "extensions": those that it may have}."""
    text = query(compose, data, _FACTS)
    return dict(json.loads(text))


_FACTS = """\
SELECT json_build_object(
    'bytes', pg_database_size(oid), 'closed', EXISTS (
        SELECT FROM pg_db_role_setting WHERE setdatabase = pg_database.oid AND setrole = 0
        AND 'default_transaction_read_only=on' = ANY (setconfig)),
    'postgres', current_setting('server_version'), 'encoding', pg_encoding_to_char(encoding),
    'extensions', (SELECT coalesce(json_agg(name), '[]') FROM pg_available_extensions))
FROM pg_database WHERE datname = :'name';
"""
