"""What a legacy server has, found by reading only."""

from collections.abc import Mapping
from dataclasses import dataclass

from fks_infra.errors import OperatorError
from fks_infra.migrate import legacy_database, legacy_docker
from fks_infra.migrate.legacy_database import Database, Redis
from fks_infra.migrate.legacy_docker import Container
from fks_infra.migrate.legacy_host import LegacyHost


@dataclass(frozen=True, kw_only=True)
class Found:
    """`volumes` is name to bytes; `free` the bytes that are free beside Docker's data, None if the
    user may not ask; `unread` are containers of databases, with the reason why they were not read.
    """

    host: str
    docker: str
    containers: tuple[Container, ...]
    databases: tuple[Database, ...]
    redis: tuple[Redis, ...]
    volumes: Mapping[str, int]
    free: int | None
    unread: Mapping[str, str]

    def database(self, container: str, name: str) -> Database:
        return next(one for one in self.databases if (one.container, one.name) == (container, name))

    def container(self, name: str) -> Container:
        return next(one for one in self.containers if one.name == name)


def look(host: LegacyHost) -> Found:
    """OperatorError for a server without containers, or one that does not answer."""
    containers = legacy_docker.containers(host)
    if not containers:
        raise OperatorError(
            f"{host.name} has no containers, so there is nothing to move. Nothing was changed"
        )
    databases: list[Database] = []
    unread: dict[str, str] = {}
    for one in containers:
        if one.is_postgres and not one.running:
            unread[one.name] = "it does not run"
        elif one.is_postgres:
            try:
                databases += legacy_database.of(host, one)
            except OperatorError as error:
                unread[one.name] = str(error)
    return Found(
        host=host.name,
        docker=host.run("version", "--format", "{{.Server.Version}}").strip(),
        containers=containers,
        databases=tuple(databases),
        redis=tuple(
            legacy_database.redis(host, one.name)
            for one in containers
            if one.is_redis and one.running
        ),
        volumes=_volumes(host),
        free=_free(host),
        unread=unread,
    )


def _volumes(host: LegacyHost) -> Mapping[str, int]:
    """Without sizes where Docker cannot measure them: nothing else depends on them."""
    try:
        return legacy_docker.volumes(host)
    except OperatorError:
        return {}


def _free(host: LegacyHost) -> int | None:
    root = host.run("info", "--format", "{{.DockerRootDir}}").strip()
    for directory in (root, "/"):
        try:
            return int(host.shell(["df", "-Pk", directory]).splitlines()[-1].split()[3]) << 10
        except (OperatorError, IndexError, ValueError):
            continue
    return None
