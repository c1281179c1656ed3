"""The data sets of a server: where the database of each is, and what makes a dump of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from .. import postgres
from ..backup.data_set import SETS
from ..compose import Compose
from ..postgres import Postgres


@dataclass(frozen=True, kw_only=True)
class DataSet(Postgres):
    """`job` is the Compose service that dumps the database, `volumes` have the set's files."""

    job: str
    volumes: tuple[str, ...]


def find(compose: Compose, names: Sequence[str] = ()) -> list[DataSet]:
    """As postgres.find."""
    volumes = compose.document().get("volumes", {})
    return [
        DataSet(
            **vars(found),
            job=SETS[found.name].dump,
            volumes=tuple(one for one in SETS[found.name].volumes if one in volumes),
        )
        for found in postgres.find(compose, names)
    ]


def query(compose: Compose, data: DataSet, sql: str) -> str:
    """Run statements in the database `postgres`, where `:"name"` is the set's own."""
    return data.psql(compose, ["-v", f"name={data.database}", "-f", "-"], stdin=sql)


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
