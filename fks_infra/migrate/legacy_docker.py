"""The containers and volumes of a legacy server, from what Docker's client prints as JSON.

Nothing is assumed about names: databases are known by their images and variables, projects by the
labels that both versions of Compose set.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fks_infra.errors import OperatorError
from fks_infra.migrate.legacy_host import LegacyHost

_PROJECT, _SERVICE = "com.docker.compose.project", "com.docker.compose.service"
_POSTGRES = re.compile(r"(^|/)(postgres|postgis|pgvector|timescaledb)[^/]*$")
_REDIS = re.compile(r"(^|/)(redis|valkey|keydb)[^/]*$")
# What runs a server; other containers of the same images are their clients, such as backups.
_POSTGRES_RUNS = re.compile(
    r"^(\S*docker-entrypoint\.sh ?(postgres\b|-|$)|(\S*/)?postgres\b)|postgresql"
)
_REDIS_RUNS = re.compile(r"(redis|valkey|keydb)(-stack)?-server")
_UNITS = {"B": 1, "kB": 10**3, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
# The networks that Docker has anyway
_NO_NETWORK = ("bridge", "host", "none")
_TRIES = 5
# Seconds: Docker reads all files of all volumes.
_MEASURE = 900.0


@dataclass(frozen=True, kw_only=True)
class Mount:
    """`name` is a volume's, or the directory of the host for another mount."""

    name: str
    path: str


@dataclass(frozen=True, kw_only=True)
class Container:
    """`variables` have secrets: they are never printed, but for their names."""

    name: str
    image: str
    running: bool
    project: str
    service: str
    variables: Mapping[str, str]
    command: str
    networks: tuple[str, ...]
    mounts: tuple[Mount, ...]
    restart: str

    @property
    def is_postgres(self) -> bool:
        known = "PG_MAJOR" in self.variables or _POSTGRES.search(_base(self.image))
        return bool(known and _POSTGRES_RUNS.search(self.command))

    @property
    def is_redis(self) -> bool:
        base = _base(self.image)
        return bool(_REDIS.search(base) and _REDIS_RUNS.search(f"{base} {self.command}"))

    @property
    def is_worker(self) -> bool:
        """Whether it takes tasks from the queue, so that it is stopped after the others."""
        kind = self.variables.get("SERVICE_TYPE", "")
        return "worker" in f"{kind} {self.service or self.name} {self.command}"


def containers(host: LegacyHost) -> tuple[Container, ...]:
    """All, also those that do not run. OperatorError."""
    for left in reversed(range(_TRIES)):
        names = host.run("ps", "--all", "--no-trunc", "--quiet").split()
        try:
            return parse(host.run("inspect", *names)) if names else ()
        except OperatorError as error:
            # One that was removed in between
            if not left or "No such object" not in str(error):
                raise
    return ()


def parse(text: str) -> tuple[Container, ...]:
    """Of the document of `docker inspect`, by name. OperatorError for another document."""
    try:
        return tuple(sorted(map(_container, json.loads(text)), key=lambda one: one.name))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise OperatorError(f"docker inspect printed another document: {error!r}") from None


def _container(found: Mapping[str, Any]) -> Container:
    config, labels = found["Config"], found["Config"].get("Labels") or {}
    words = [*(config.get("Entrypoint") or ()), *(config.get("Cmd") or ())]
    pairs = (text.partition("=") for text in config.get("Env") or ())
    networks = found["NetworkSettings"].get("Networks") or {}
    return Container(
        name=found["Name"].lstrip("/"),
        image=config["Image"],
        running=bool(found["State"]["Running"]),
        project=labels.get(_PROJECT, ""),
        service=labels.get(_SERVICE, ""),
        variables={name: value for name, _, value in pairs},
        command=" ".join(words),
        networks=tuple(sorted({*networks} - {*_NO_NETWORK})),
        mounts=tuple(
            Mount(name=one.get("Name") or one["Source"], path=one["Destination"])
            for one in found.get("Mounts") or ()
        ),
        restart=(found.get("HostConfig", {}).get("RestartPolicy") or {}).get("Name", ""),
    )


def volumes(host: LegacyHost) -> Mapping[str, int]:
    """Name to bytes of each volume. OperatorError."""
    text = host.run("system", "df", "--verbose", "--format", "{{json .Volumes}}", seconds=_MEASURE)
    return sizes(text)


def sizes(text: str) -> Mapping[str, int]:
    """Of the list of volumes, whose sizes Docker writes as `48.05MB`. OperatorError."""
    try:
        return {one["Name"]: _bytes(str(one["Size"])) for one in json.loads(text) or ()}
    except (ValueError, LookupError, TypeError) as error:
        raise OperatorError(f"docker system df printed another document: {error!r}") from None


def _bytes(text: str) -> int:
    found = re.fullmatch(r"([\d.]+)\s*([a-zA-Z]+)", text)
    return round(float(found[1]) * _UNITS[found[2]]) if found and found[2] in _UNITS else 0


def beside(found: Iterable[Container], one: Container) -> tuple[Container, ...]:
    """The others of its Compose project; without a project those that share a network with it."""
    others = [other for other in found if other.name != one.name]
    if one.project:
        return tuple(other for other in others if other.project == one.project)
    return tuple(other for other in others if {*other.networks} & {*one.networks})


def names(found: Sequence[Container]) -> str:
    return ", ".join(one.name for one in found)


def _base(image: str) -> str:
    """Without tag and digest; a port of a registry is no tag."""
    path = image.partition("@")[0]
    head, _, last = path.rpartition("/")
    return f"{head}/{last.partition(':')[0]}" if head else last.partition(":")[0]
