"""The project's containers as the Docker engine reports them."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .compose import Service
from .shell import Shell

# The exit codes of a program that was stopped: it ended by itself, or by SIGTERM.
_STOPPED = (0, 143)
# The states in which `docker stop` has an effect.
ACTIVE = ("running", "paused", "restarting")
LINE_LIMIT = 300
TOTAL_LIMIT = 8000
_LOG_LINES_FAILING = 20
_LOG_LINES_HEALTHY = 5
_TIMEOUT = 30.0


@dataclass(frozen=True)
class Container:
    """One container; `document` is its entry in the output of `docker inspect`."""

    document: dict[str, Any]

    @property
    def service(self) -> str:
        return self._label("service")

    @property
    def id(self) -> str:
        return str(self.document["Id"])

    @property
    def name(self) -> str:
        return str(self.document["Name"]).removeprefix("/")

    @property
    def own_name(self) -> str:
        """The name that Compose gives it: while it replaces another, `name` differs."""
        number = self._label("container-number") or "1"
        return f"{self._label('project')}-{self.service}-{number}"

    @property
    def one_off(self) -> bool:
        """Whether `docker compose run` created it."""
        return self._label("oneoff") == "True"

    @property
    def config_hash(self) -> str:
        """Compose's hash of the configuration that it was created with."""
        return self._label("config-hash")

    @property
    def volumes(self) -> list[str]:
        """The full names of the volumes that it has."""
        mounts = self.document.get("Mounts") or []
        return [str(one["Name"]) for one in mounts if one["Type"] == "volume"]

    @property
    def status(self) -> str:
        return str(self.state["Status"])

    def connected(self, networks: Collection[str]) -> bool:
        """Whether it has a network, and all of its networks are among these ids."""
        own = self.document["NetworkSettings"]["Networks"].values()
        return bool(own) and all(one["NetworkID"] in networks for one in own)

    @property
    def serves(self) -> bool:
        """Running, and healthy as far as it is checked."""
        return self.status == "running" and not self.failing

    def label(self, name: str) -> str:
        """The value of a label; "" without it."""
        return str(self.document["Config"]["Labels"].get(name, ""))

    def _label(self, name: str) -> str:
        return self.label(f"com.docker.compose.{name}")

    @property
    def created(self) -> float:
        """When it was created, in seconds since the epoch."""
        return datetime.fromisoformat(self.document["Created"]).timestamp()

    @property
    def started(self) -> float:
        """When it was last started, in seconds since the epoch; far in the past if never."""
        return datetime.fromisoformat(self.state["StartedAt"]).timestamp()

    @property
    def restart_count(self) -> int:
        """How often the engine has restarted it by its restart policy."""
        return int(self.document["RestartCount"])

    @property
    def state(self) -> dict[str, Any]:
        return dict(self.document["State"])

    @property
    def health(self) -> dict[str, Any]:
        """The health record; empty when the container has no health check."""
        return dict(self.state.get("Health") or {})

    @property
    def restarts(self) -> bool:
        """Whether it is meant to run all the time."""
        return self.document["HostConfig"]["RestartPolicy"]["Name"] not in ("", "no")

    @property
    def killed(self) -> bool:
        """Whether it should run and does not, although nobody stopped it."""
        ended = self.status == "exited" and self.state["ExitCode"] not in _STOPPED
        return ended and self.restarts

    @property
    def failing(self) -> bool:
        """Not running or not healthy; a container that exited with 0 is not failing."""
        if self.status == "exited" and self.state["ExitCode"] == 0:
            return False
        healthy = self.health.get("Status", "healthy") == "healthy"
        return not (self.status == "running" and healthy)


def of_project(shell: Shell, project: str, timeout: float = _TIMEOUT) -> list[Container]:
    """All containers of a Compose project, including stopped ones. Error: CommandFailedError."""
    label = f"label=com.docker.compose.project={project}"
    ids = shell.run(["docker", "ps", "-aq", "--filter", label], timeout=timeout).split()
    if not ids:
        return []
    text = shell.run(["docker", "inspect", *ids], timeout=timeout)
    return [Container(document) for document in json.loads(text)]


def with_stale_secrets(containers: Iterable[Container], services: Iterable[Service]) -> list[str]:
    """The services whose container is older than one of its secrets: its mount still has the
    replaced file. Not those that change their password while they run."""
    created = {container.service: container.created for container in containers}
    return [
        service.name
        for service in services
        if service.name in created
        and not service.password
        and any(file.stat().st_mtime > created[service.name] for file in service.secret_files)
    ]


def describe(shell: Shell, container: Container, lines: int) -> Iterator[str]:
    """Its state, the last two results of a failing health check and its last `lines` log lines."""
    state = container.state
    status = f"{container.status}, exit code {state['ExitCode']}"
    if state.get("OOMKilled"):
        status += ", killed: out of memory"
    health = container.health.get("Status", "not checked")
    yield f"--- {container.service}: {status}, health {health}"
    checks = container.health.get("Log") or [] if container.failing else []
    for check in checks[-2:]:
        yield f"health check exited with {check['ExitCode']}: {check['Output'].strip()}"
    logs = ["docker", "logs", "--tail", str(lines), container.id]
    result = shell.attempt(logs, timeout=_TIMEOUT)
    yield from (result.out + result.err).splitlines()[-lines:]


def failure_report(shell: Shell, project: str) -> str:
    """The failing containers, or all of them briefly when none is failing. At most TOTAL_LIMIT
    bytes in lines of at most LINE_LIMIT characters."""
    present = of_project(shell, project)
    failing = [container for container in present if container.failing]
    count = _LOG_LINES_FAILING if failing else _LOG_LINES_HEALTHY
    lines = [line for one in failing or present for line in describe(shell, one, count)]
    # Redact before the cut: a secret that is cut in two would not match.
    text = shell.output.redact("\n".join(lines))
    cut = "\n".join(line[:LINE_LIMIT] for line in text.splitlines())
    return cut.encode()[:TOTAL_LIMIT].decode(errors="ignore")
