"""A session on a server whose commands are answered by a test instead of Docker."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from host.fks_deploy.acme import Authority
from host.fks_deploy.compose import Compose
from host.fks_deploy.output import Output
from host.fks_deploy.paths import Paths
from host.fks_deploy.redact import Redactor
from host.fks_deploy.release import Release
from host.fks_deploy.shell import Result, Shell
from host.fks_deploy.stack.session import Session
from host.fks_deploy.timeouts import Timeouts

FOUND = {"tables": 3, "rows": 7, "bytes": 9, "collation": ["2.41", "2.43"]}
DATA = "/var/lib/postgresql/data"


@dataclass
class Engine:
    """`commands` are those that were run, each in one line; `failing` is a word of the one that
    fails, `containers` are the services that have one, `volumes` maps names to directories."""

    root: Path
    commands: list[str] = field(default_factory=list)
    failing: str = "nothing"
    containers: list[str] = field(default_factory=lambda: ["api", "db"])
    volumes: dict[str, str] = field(default_factory=dict)
    throwaway: bool = False

    def answer(self, command: Sequence[str], env: Mapping[str, str]) -> Result:
        line = " ".join(command)
        self.commands.append(line)
        if self.failing in line:
            return Result(1, "", f"{self.failing} failed")
        return Result(*self._answer(line, command, env), "")

    def document(self, env: Mapping[str, str]) -> dict[str, Any]:
        return document(env)

    def _answer(self, line: str, command: Sequence[str], env: Mapping[str, str]) -> tuple[int, str]:
        if "config --format json" in line:
            return 0, json.dumps(self.document(env))
        if "pg_database_size" in line:
            return 0, "1000\n"
        if "restore.sh" in line:
            return 0, json.dumps(FOUND)
        if "volume rm" in line:
            del self.volumes[command[-1]]
        if "rm --stop --force" in line:
            self.containers.remove(command[-1])
        if "volume inspect" in line:
            found = self.volumes.get(command[-1])
            return (0, json.dumps([{"Mountpoint": found}])) if found else (1, "")
        if "image inspect" in line:
            major = command[-1].partition(":")[2].partition(".")[0]
            return 0, json.dumps([{"Config": {"Env": [f"PG_MAJOR={major}"]}}])
        if "run --detach" in line:
            volume = next(value for name, value in env.items() if name.endswith("_VOLUME"))
            self.throwaway, self.volumes[f"fks_{volume}"] = True, str(self.root)
        if "docker rm --force" in line:
            self.throwaway = False
        if "docker ps" in line:
            return 0, "\n".join(self.containers)
        if line.startswith("docker inspect fks-upgrade"):
            return (0 if self.throwaway else 1), ""
        if line.startswith("docker inspect"):
            return 0, json.dumps([container(name) for name in command[2:]])
        return 0, ""


def document(env: Mapping[str, str]) -> dict[str, Any]:
    """What Compose prints of a release: api uses the database, api-worker uses api."""
    database = {
        "image": env.get("IMAGE_DB", "postgres:17.12"),
        "user": "0:0",
        "environment": {"PGDATA": DATA, "POSTGRES_USER": "fks", "POSTGRES_DB": "fks"},
        "volumes": [{"type": "volume", "source": "data", "target": DATA}],
    }
    volume = f"fks_{env.get('DB_VOLUME', 'db-data')}"
    return {
        "services": {
            "db": database,
            "api": {"image": "fks", "depends_on": {"db": {}}},
            "api-worker": {"image": "fks", "depends_on": {"api": {}}},
            "edge": {"image": "nginx"},
        },
        "volumes": {"data": {"name": volume}},
    }


def container(service: str) -> dict[str, Any]:
    labels = {"com.docker.compose.service": service, "com.docker.compose.oneoff": "False"}
    return {"Id": service, "Name": f"/fks-{service}-1", "Config": {"Labels": labels}}


class EngineShell(Shell):
    """Asks the engine of `answers`."""

    answers: Engine

    def attempt(
        self,
        command: Sequence[str],
        *,
        name: str = "",
        timeout: float,
        stdin: str = "",
        env: Mapping[str, str] | None = None,
    ) -> Result:
        del name, timeout, stdin
        return self.answers.answer(command, env or {})


def session(engine: Engine) -> Session:
    """A session whose release has the document above."""
    paths = Paths(engine.root)
    shell = EngineShell(Output(paths.log, Redactor(())))
    object.__setattr__(shell, "answers", engine)
    release = Release(
        digest="a" * 64,
        directory=engine.root,
        server="api",
        project="fks",
        compose_file="compose.yaml",
        env={},
        authority=Authority("", "", 0),
        certificates=(),
        callers={},
        probes=(),
    )
    compose = Compose(shell, paths, release, "127.0.0.1", {})
    return Session(compose, ("api",), "ann", "", Timeouts())
