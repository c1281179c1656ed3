"""The data sets: what the roles with a database keep (docs/decisions/0029-backups.md)."""

from dataclasses import dataclass
from pathlib import Path

from .. import env_file
from ..errors import InputError
from ..paths import Paths

# The dumps of servers that have no fks (host/fks_deploy/transfer) begin with it: they are no
# backups.
FOREIGN = "foreign_"


@dataclass(frozen=True, kw_only=True)
class DataSet:
    """One role's data.

    dump, restore, proof: the Compose services that dump its database, restore a dump into it, and
    restore one to prove it.
    database: its name; empty for any but those of other sets (POSTGRES_DB).
    volumes: those that a snapshot has as they are.
    queue: the service whose append-only file is copied, and its volume; empty for none.
    caches: the services that have copies of its rows, all in memory.
    """

    name: str
    dump: str
    restore: str
    proof: str
    database: str
    volumes: tuple[str, ...]
    queue: tuple[str, str] | tuple[()] = ()
    caches: tuple[str, ...] = ()


SETS = {
    one.name: one
    for one in (
        DataSet(
            name="auth",
            dump="auth-db-backup",
            restore="auth-db-restore",
            proof="auth-db-proof",
            database="authentik",
            volumes=("auth-data", "auth-certs"),
        ),
        DataSet(
            name="api",
            dump="db-backup",
            restore="db-restore",
            proof="db-proof",
            database="",
            volumes=("api-data", "api-models"),
            queue=("api-queue", "api-queue-data"),
            caches=("api-cache",),
        ),
    )
}


def of_server(paths: Paths) -> tuple[DataSet, ...]:
    """Those of this server's roles."""
    role = env_file.parse(paths.role.read_text()) if paths.role.exists() else {}
    roles = role.get("ROLES", "").split(",")
    return tuple(one for one in SETS.values() if one.name in roles)


def chosen(paths: Paths, names: list[str]) -> tuple[DataSet, ...]:
    """Those of `names`, all without. Error: InputError for one that this server does not have."""
    own = of_server(paths)
    known = [one.name for one in own]
    for name in names:
        if name not in known:
            raise InputError(f"there is no data set {name} here; this server has {known or 'none'}")
    return tuple(one for one in own if not names or one.name in names)


def dumps(paths: Paths, data: DataSet) -> list[Path]:
    """Its dumps on this server, the oldest first: the names sort by time."""
    others = {one.database for one in SETS.values() if one.database} - {data.database}
    found = sorted(paths.dumps.glob(f"{data.database or '*'}-*.dump"))
    return [
        file
        for file in found
        if file.name.rpartition("-")[0] not in others and not file.name.startswith(FOREIGN)
    ]
