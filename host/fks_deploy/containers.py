"""The project's containers as the engine sees them, and what is wrong with one."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .compose import Service
from .shell import Shell

LINE_LIMIT = 300
TOTAL_LIMIT = 8000
_LOG_LINES = 20
_LOG_LINES_HEALTHY = 5
_QUICK = 30.0


@dataclass(frozen=True)
class Container:
    """One container, by its inspected document."""

    document: dict[str, Any]

    @property
    def service(self) -> str:
        return str(self.document["Config"]["Labels"]["com.docker.compose.service"])

    @property
    def id(self) -> str:
        return str(self.document["Id"])

    @property
    def created(self) -> float:
        """When it was made, in seconds of the epoch."""
        return datetime.fromisoformat(self.document["Created"]).timestamp()

    @property
    def state(self) -> dict[str, Any]:
        return dict(self.document["State"])

    @property
    def health(self) -> dict[str, Any]:
        """The health record; empty when the container has no health check."""
        return dict(self.state.get("Health") or {})

    @property
    def failing(self) -> bool:
        """Not running, or not healthy; one that did its work and ended well is fine."""
        state = self.state
        if state["Status"] == "exited" and state["ExitCode"] == 0:
            return False
        healthy = self.health.get("Status", "healthy") == "healthy"
        return not (state["Status"] == "running" and healthy)


def of_project(shell: Shell, project: str) -> list[Container]:
    """All containers of a Compose project, also stopped ones."""
    label = f"label=com.docker.compose.project={project}"
    ids = shell.run(["docker", "ps", "-aq", "--filter", label], timeout=_QUICK).split()
    if not ids:
        return []
    text = shell.run(["docker", "inspect", *ids], timeout=_QUICK)
    return [Container(document) for document in json.loads(text)]


def with_stale_secrets(containers: Iterable[Container], services: Iterable[Service]) -> list[str]:
    """The services whose container is older than one of its secrets, and so sees the old value."""
    created = {container.service: container.created for container in containers}
    return [
        service.name
        for service in services
        if service.name in created
        and any(file.stat().st_mtime > created[service.name] for file in service.secret_files)
    ]


def describe(shell: Shell, container: Container, lines: int) -> Iterator[str]:
    """Its state, the last words of its health check and its last `lines` lines."""
    state = container.state
    status = f"{state['Status']}, exit code {state['ExitCode']}"
    if state.get("OOMKilled"):
        status += ", killed for lack of memory"
    health = container.health.get("Status", "not checked")
    yield f"--- {container.service}: {status}, health {health}"
    checks = container.health.get("Log") or [] if container.failing else []
    for check in checks[-2:]:
        yield f"health check ended with {check['ExitCode']}: {check['Output'].strip()}"
    logs = ["docker", "logs", "--tail", str(lines), container.id]
    result = shell.attempt(logs, timeout=_QUICK)
    yield from (result.out + result.err).splitlines()[-lines:]


def failure_report(shell: Shell, project: str) -> str:
    """Every failing container, cut to what an operator's screen can hold; a little of each one
    when all call themselves healthy."""
    present = of_project(shell, project)
    failing = [container for container in present if container.failing]
    count = _LOG_LINES if failing else _LOG_LINES_HEALTHY
    lines = [line for one in failing or present for line in describe(shell, one, count)]
    # Redacted before it is cut: half a secret would slip through.
    text = shell.output.redact("\n".join(lines))
    cut = "\n".join(line[:LINE_LIMIT] for line in text.splitlines())
    return cut.encode()[:TOTAL_LIMIT].decode(errors="ignore")
