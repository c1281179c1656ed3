"""A server with Authentik and its database, whose commands are answered by a test."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from host.fks_deploy.stack.session import Session
from tests.host.upgrade import engine
from tests.host.upgrade.engine import Engine

NAME = "ghcr.io/goauthentik/server"
SERVICE, SECRET = "auth-postgres", "AUTH_POSTGRES_PASSWORD"


@dataclass
class AuthentikEngine(Engine):
    """`version` is in the database, `migrated` in a copy that a new Authentik has had; `states` are
    those of its container, the last one stays. `made` are its container and network."""

    version: str = "2026.5.6"
    migrated: str = "2026.8.6"
    states: list[dict[str, Any]] = field(default_factory=lambda: [{"Running": True}])
    healthy: bool = True
    made: set[str] = field(default_factory=set)

    def document(self, env: Mapping[str, str]) -> dict[str, Any]:
        """As compose/auth/compose.yaml, without what no test needs."""
        names = {"IMAGE_DB": "IMAGE_AUTH_POSTGRES", "DB_VOLUME": "AUTH_POSTGRES_VOLUME"}
        plain = engine.document({old: env[new] for old, new in names.items() if new in env})
        server = {
            "image": f"{NAME}:2026.5.6",
            "user": "1000:1000",
            "command": ["server"],
            "mem_limit": str(560 << 20),
            "environment": {"AUTHENTIK_POSTGRESQL__HOST": SERVICE, "AUTHENTIK_LOG_LEVEL": "info"},
            "secrets": [{"source": SECRET}],
            "depends_on": {SERVICE: {}},
        }
        return {
            "services": {SERVICE: plain["services"]["db"], "auth-server": server},
            "volumes": plain["volumes"],
            "secrets": {SECRET: {"file": f"/etc/fks/secrets/auth/{SECRET}"}},
        }

    def _answer(self, line: str, command: Sequence[str], env: Mapping[str, str]) -> tuple[int, str]:
        if "authentik_version_history" in line:
            return 0, f"{self.migrated if 'fks-upgrade' in line else self.version}\n"
        if command[1] == "network":
            return self._made(command[2], "network")
        if "fks-upgrade-auth-server" in line:
            if command[1] == "exec":
                return (0 if self.healthy else 1), ""
            if command[1] == "logs":
                return 0, "Traceback\nProgrammingError: no such column\n"
            return self._made(command[1], "container")
        return super()._answer(line, command, env)

    def _made(self, command: str, what: str) -> tuple[int, str]:
        """Also the state of the container."""
        if command in ("create", "run"):
            self.made.add(what)
        if command == "rm":
            self.made.remove(what)
        if command != "inspect":
            return 0, ""
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        return (0, json.dumps([{"State": state}])) if what in self.made else (1, "")


def started(root: Path) -> AuthentikEngine:
    """A server with data of PostgreSQL 17 and two GiB of memory."""
    (root / "PG_VERSION").write_text("17\n")
    (root / "var/lib/fks").mkdir(parents=True)
    (root / "proc").mkdir()
    (root / "proc/meminfo").write_text(f"MemAvailable: {2 << 20} kB\n")
    return AuthentikEngine(
        root, containers=[SERVICE, "auth-server"], volumes={"fks_db-data": str(root)}
    )


def session(found: AuthentikEngine) -> Session:
    """With the image of Authentik in the release's variables."""
    plain = engine.session(found)
    release = replace(plain.compose.release, env={"IMAGE_AUTH_SERVER": f"{NAME}:2026.5.6"})
    return replace(plain, compose=replace(plain.compose, release=release))
