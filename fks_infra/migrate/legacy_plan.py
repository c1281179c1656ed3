"""What is moved of a legacy server, as the journal of the move keeps it."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from fks_infra.errors import OperatorError
from fks_infra.migrate import legacy_docker
from fks_infra.migrate.legacy_database import Database, too_old
from fks_infra.migrate.legacy_docker import Container
from fks_infra.migrate.legacy_look import Found

# Where the containers of the API have the files of each volume of the data set `api`.
VOLUMES = {"/app/data": "api-data", "/app/models": "api-models"}


@dataclass(frozen=True, kw_only=True)
class Files:
    """The directory `path` of a container becomes the volume `volume` of the data set."""

    volume: str
    container: str
    path: str
    bytes: int


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The database `database` of the container `postgres` becomes that of the data set `api`.
    `writers` are stopped first, `workers` when the queues of the containers `redis` are empty, and
    `stores` (all databases) at the end."""

    project: str
    postgres: str
    user: str
    database: str
    bytes: int
    volumes: tuple[Files, ...]
    writers: tuple[str, ...]
    workers: tuple[str, ...]
    redis: tuple[str, ...]
    stores: tuple[str, ...]

    @property
    def closed(self) -> tuple[str, ...]:
        """What is stopped before the last copy."""
        return (*self.writers, *self.workers)


def to_journal(plan: Plan) -> dict[str, Any]:
    return asdict(plan)


def from_journal(found: dict[str, Any]) -> Plan:
    """JSON has lists."""
    lists = {name: tuple(one) for name, one in found.items() if isinstance(one, list)}
    volumes = tuple(Files(**one) for one in found["volumes"])
    return Plan(**{**found, **lists, "volumes": volumes})


def make(found: Found, project: str, database: str) -> Plan:
    """What the options choose; OperatorError with the candidates where that is not one."""
    chosen = _chosen(found, project, database)
    postgres = found.container(chosen.container)
    others = legacy_docker.beside(found.containers, postgres)
    running = [one for one in others if one.running]
    stores = [one for one in running if one.is_postgres or one.is_redis]
    closed = [one for one in running if one not in stores]
    return Plan(
        project=postgres.project,
        postgres=postgres.name,
        user=chosen.user,
        database=chosen.name,
        bytes=chosen.bytes,
        volumes=tuple(_volumes(found, others)),
        writers=_names(one for one in closed if not one.is_worker),
        workers=_names(one for one in closed if one.is_worker),
        redis=_names(one for one in stores if one.is_redis),
        stores=_names([postgres, *stores]),
    )


def candidates(found: Found) -> list[Database]:
    """The databases that may be the API's."""
    return [one for one in found.databases if one.tables and not one.authentik]


def _chosen(found: Found, project: str, database: str) -> Database:
    all_ = candidates(found)
    fit = [one for one in all_ if project in ("", one.project) and _named(one, database)]
    if len(fit) != 1:
        raise OperatorError("\n".join(_not_one(found, all_, fit, project, database)))
    (chosen,) = fit
    if too_old(chosen):
        raise OperatorError(
            f"{chosen.container} is PostgreSQL {chosen.version}, whose rows cannot be compared "
            f"with those of the copy: 11 is the oldest. Nothing was changed"
        )
    return chosen


def _named(one: Database, name: str) -> bool:
    return name in ("", one.name, f"{one.container}/{one.name}")


def _not_one(
    found: Found, all_: Sequence[Database], fit: Sequence[Database], project: str, database: str
) -> Iterator[str]:
    options = [("--project", project), ("--database", database)]
    given = " ".join(f"{name} {value}" for name, value in options if value)
    several = f"{len(fit)} databases on {found.host} may be the API's"
    none = f"no database on {found.host} with a table is the API's" + (given and f" by {given}")
    yield f"{several if fit else none}. Nothing was changed"
    for one in fit or all_:
        where = f"project {one.project}" if one.project else "no project"
        yield f"  {one.container}/{one.name}: {where}, {one.tables} tables, {one.bytes} bytes"
    for name, reason in found.unread.items():
        yield f"  {name} was not read: {reason}"
    if fit or all_:
        yield "Next: choose one by --project PROJECT or --database CONTAINER/DATABASE"


def _volumes(found: Found, containers: Sequence[Container]) -> Iterator[Files]:
    """Of the first container that has the directory, the API's before others; docker cp reads those
    that do not run too."""
    ordered = sorted(containers, key=lambda one: "api" not in (one.service or one.name))
    for path, volume in VOLUMES.items():
        for one in ordered:
            mount = next((mount for mount in one.mounts if mount.path == path), None)
            if mount:
                size = found.volumes.get(mount.name, 0)
                yield Files(volume=volume, container=one.name, path=path, bytes=size)
                break


def _names(found: Any) -> tuple[str, ...]:
    return tuple(one.name for one in found)
