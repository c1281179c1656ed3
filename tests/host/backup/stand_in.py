"""Stand-ins of restic and Docker for the tests of backups: what they were asked for is recorded."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from host.fks_deploy.acme import Authority
from host.fks_deploy.backup import settings
from host.fks_deploy.backup.data_set import SETS
from host.fks_deploy.backup.run import Run
from host.fks_deploy.compose import Compose
from host.fks_deploy.output import Output
from host.fks_deploy.paths import Paths
from host.fks_deploy.redact import Redactor
from host.fks_deploy.release import Release
from host.fks_deploy.shell import Result, Shell

DUMP = "fks-20260101T000000Z.dump"
SNAPSHOT = "1a2b3c4d"
REQUEST = {"stack": "dev", "password": "canary-password"}
PROOF = {"file": DUMP, "verdict": "ok", "text": "9 rows", "tables": 2, "rows": 9, "authentik": ""}
DAMAGED = Result(1, "", '{"message_type":"error","message":"pack ab: does not exist"}')


@dataclass(frozen=True)
class StandIn(Shell):
    """`answers`: a command of restic to its result, instead of the usual one. `commands`: those of
    restic that ran, in order, with `environments`; `lines` everything."""

    root: Path = Path("/")
    answers: dict[str, Result] = field(default_factory=dict)
    proof: dict[str, Any] = field(default_factory=lambda: dict(PROOF))
    commands: list[str] = field(default_factory=list)
    lines: list[list[str]] = field(default_factory=list)
    snapshots: list[dict[str, Any]] = field(default_factory=list)
    environments: list[dict[str, str]] = field(default_factory=list)

    def attempt(
        self,
        command: Sequence[str],
        *,
        name: str = "",
        env: Mapping[str, str] | None = None,
        **_limits: Any,
    ) -> Result:
        self.lines.append(list(command))
        if command[0] == "restic":
            self.environments.append(dict(env or {}))
            return self._restic(name.removeprefix("restic "), list(command))
        if command[0] == "timedatectl":
            return self.answers.get("timedatectl", Result(0, "yes\n", ""))
        if command[:3] == ["docker", "volume", "inspect"]:
            return self._volume(command[3])
        return self._compose(list(command), env or {})

    def _restic(self, name: str, line: list[str]) -> Result:
        self.commands.append(name)
        if name in self.answers:
            return self.answers[name]
        out: Any = ""
        if name == "backup":
            out = self._backup(line)
        elif name == "snapshots":
            out = self.snapshots
        elif name == "ls":
            out = {"type": "file", "size": 5}
        elif name == "restore":
            self._restore(Path(line[-1]))
        return Result(0, json.dumps(out), "")

    def _backup(self, line: list[str]) -> dict[str, str]:
        host = line[line.index("--host") + 1]
        if host != "set-up":
            one = {"short_id": SNAPSHOT, "time": "2026-01-01T00:00:01.5Z", "hostname": host}
            self.snapshots.append({**one, "summary": {"total_bytes_processed": 7}})
        return {"message_type": "summary", "snapshot_id": f"{SNAPSHOT}5e6f"}

    def _restore(self, target: Path) -> None:
        for file in (self.root / "var/backups/fks/api").glob("*.*"):
            shutil.copy(file, target)

    def _volume(self, name: str) -> Result:
        place = self.root / "volumes" / name
        return Result(0, json.dumps([{"Mountpoint": str(place)}]), "")

    def _compose(self, line: list[str], env: Mapping[str, str]) -> Result:
        if line[-1] == "db-backup":
            if "db-backup" in self.answers:
                return self.answers["db-backup"]
            dump = self.root / "var/backups/fks/postgres" / DUMP
            dump.write_text("dump\n")
            dump.with_suffix(".tables").write_text('{"postgres": "17.6"}\n["public.a", 9, "1"]\n')
            return Result(0, f"backup ok: {DUMP}, 5 bytes, 2 tables, 1 dumps kept\n", "")
        if line[-1] == "db-proof":
            place = Path(env["FKS_BACKUPS"]) / DUMP
            if self.proof:
                place.with_suffix(".proof.json").write_text(json.dumps(self.proof))
            return Result(0, "", "no PostgreSQL")
        return Result(0, "aof_rewrite_in_progress:0\r\naof_rewrite_scheduled:0\r\n", "")


def server(root: Path) -> StandIn:
    """A server of the role api, with volumes and settings."""
    paths = Paths(root)
    paths.role.parent.mkdir(parents=True)
    paths.role.write_text("SERVER=api\nROLES=api\n")
    paths.dumps.mkdir(parents=True)
    for name in ("fks_api-queue-data/appendonlydir", "fks_api-data"):
        (root / "volumes" / name).mkdir(parents=True)
    (root / "volumes/fks_api-queue-data/appendonlydir/a.aof").write_text("tasks")
    repository = root / "repository"
    repository.mkdir()
    settings.write(paths, {**REQUEST, "repository": str(repository)})
    return StandIn(Output(root / "log", Redactor(())), root=root)


def run_on(shell: StandIn, said: list[str] | None = None, profiles: str = "") -> Run:
    """A run of the data set api; its lines go to `said`."""
    release = Release(
        digest="d" * 64,
        directory=shell.root,
        server="api",
        project="fks",
        compose_file="compose.yaml",
        env={"IMAGE_API_POSTGRES": "postgres:17", "COMPOSE_PROFILES": profiles},
        authority=Authority("https://acme.example.org", "", 0),
        certificates=(),
        callers={},
        probes=(),
    )
    compose = Compose(shell, Paths(shell.root), release, "", {"postgres:17": "postgres@sha256:1"})
    return Run(compose, SETS["api"], (said if said is not None else []).append)
