"""Rehearses Authentik's migration of a copied database: one container of the new image, like that
of auth-server, in a network of its own without a way out, and with no files."""

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

from ..compose import COMMAND_TIMEOUT
from ..errors import DeployError
from ..shell import Shell
from ..stack.session import Session
from . import throwaway, trains
from .databases import Database

SERVICE = "auth-server"
_NETWORK = "fks-upgrade"
_POLL = 1.0
# Attributes of a service in Compose's document, each with the option of `docker run`.
_LIMITS = {"mem_limit": "--memory", "pids_limit": "--pids-limit", "shm_size": "--shm-size"}


def run(session: Session, database: Database, image: str) -> str:
    """Migrate what `throwaway.start` has started, until Authentik is healthy; returns the version
    in the database then. Error: DeployError with what it logged last."""
    shell, document = session.compose.shell, session.compose.document()
    shell.run(["docker", "network", "create", "--internal", _NETWORK], timeout=COMMAND_TIMEOUT)
    connect = ["docker", "network", "connect", _NETWORK, throwaway.name(database.service)]
    shell.run(connect, timeout=COMMAND_TIMEOUT)
    options = list(_options(document, throwaway.name(database.service)))
    line = ["docker", "run", "--detach", "--name", throwaway.name(SERVICE), *options, image]
    command = document["services"][SERVICE]["command"]
    shell.run([*line, *command], name="docker run", timeout=session.timeouts.healthy)
    _wait(shell, session.timeouts.healthy)
    psql = ("psql", "--no-psqlrc", "-qtAX", "-U", database.user, "-d", database.name)
    command = (*psql, "-c", trains.SQL)
    found = throwaway.execute(shell, database.service, command, COMMAND_TIMEOUT, "psql").strip()
    if trains.train(found) != trains.train(trains.version_of(image)):
        raise DeployError(f"Authentik is healthy, but its database is of {found or 'no version'}")
    return found


def remove(shell: Shell) -> None:
    """Remove what `run` has made; repeated it does nothing. Error: CommandFailedError."""
    throwaway.remove(shell, SERVICE)
    network = ["docker", "network"]
    if shell.attempt([*network, "inspect", _NETWORK], timeout=COMMAND_TIMEOUT).ok:
        shell.run([*network, "rm", _NETWORK], timeout=COMMAND_TIMEOUT)


def _options(document: Mapping[str, Any], host: str) -> Iterator[str]:
    """`docker run` of Authentik with the limits and secrets of its service, and the database at
    `host`. Its values are none: AUTHENTIK_* name the files of secrets."""
    service = document["services"][SERVICE]
    yield from ("--network", _NETWORK, "--init", "--read-only", "--user", service["user"])
    yield from ("--cap-drop", "ALL", "--security-opt", "no-new-privileges:true")
    for name, option in _LIMITS.items():
        yield from (option, str(service[name])) if name in service else ()
    for place in ("/tmp", "/data"):
        yield from ("--tmpfs", f"{place}:mode=1777,size=32m")
    for name, value in {**service["environment"], "AUTHENTIK_POSTGRESQL__HOST": host}.items():
        yield from ("--env", f"{name}={value}")
    for secret in service["secrets"]:
        name = secret["source"]
        file = document["secrets"][name]["file"]
        yield from ("--volume", f"{file}:/run/secrets/{name}:ro")


def _wait(shell: Shell, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    name = throwaway.name(SERVICE)
    while not shell.attempt(["docker", "exec", name, "ak", "healthcheck"], timeout=60.0).ok:
        text = shell.run(["docker", "inspect", name], timeout=COMMAND_TIMEOUT)
        state = json.loads(text)[0]["State"]
        if state.get("OOMKilled"):
            raise DeployError("the new Authentik was ended: it needs more memory than its limit")
        last = throwaway.last_lines(shell, SERVICE)
        if not state["Running"]:
            raise DeployError(f"the new Authentik ends: {last}")
        if time.monotonic() >= deadline:
            raise DeployError(f"the new Authentik is not healthy after {seconds:.0f} s: {last}")
        time.sleep(_POLL)
