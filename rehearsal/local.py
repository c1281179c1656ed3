"""`make preview`: the engine and the stand-in clouds on loopback, without servers and Docker."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rehearsal.world.checkout import program_files
from rehearsal.world.engine import engine
from rehearsal.world.names import ROOT, STACKS, WORK
from rehearsal.world.progress import wait_until
from rehearsal.world.requirements import requirements_of
from rehearsal.world.shell import run
from rehearsal.world.toolchain import Tool, install_tools

CREDENTIALS = {
    "LINODE_TOKEN": "rehearsal-linode",
    "CLOUDFLARE_API_TOKEN": "rehearsal-cloudflare-0123456789012345678901",
    "TAILSCALE_API_KEY": "rehearsal-tailscale",
    "FKS_ACME_DNS_TOKEN": "rehearsal-cloudflare-9876543210987654321098",
    "TAILSCALE_TAILNET": "fks.example",
}


@dataclass(frozen=True)
class LocalWorkspace:
    """A copy of a program, and an environment with the engine, a backend and the local clouds."""

    program: Path
    environment: Mapping[str, str]
    tools: tuple[Tool, ...] = ()

    def pulumi(self, *arguments: str, stdin: str = "") -> str:
        """Run the engine; return its output. CommandError if it fails."""
        return run(["pulumi", *arguments], cwd=self.program, env=self.environment, stdin=stdin)

    def select_stack(self, stack: str) -> None:
        """Initialize a stack as the README describes."""
        fks = "from fks_infra.cli.app import main; main()"
        command = [sys.executable, "-c", fks, "init", "--yes", "--stack", stack]
        run(command, cwd=self.program, env={**self.environment, "PYTHONPATH": str(self.program)})


@contextmanager
def clouds(directory: Path, zones: list[str]) -> Iterator[dict[str, str]]:
    """Run the stand-in clouds on loopback; yield the providers' environment variables."""
    ports_file = directory / "ports.json"
    ports_file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "rehearsal.clouds", "local", "--ports-file", str(ports_file)]
    for zone in zones:
        command += ["--zone", zone]
    log_file = directory / "clouds.log"
    with log_file.open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=log, stderr=log)
        try:
            wait_until(
                "the stand-in clouds have started",
                lambda: None if ports_file.exists() else f"no ports yet: see {log_file}",
                120,
            )
            yield endpoints(json.loads(ports_file.read_text()))
        finally:
            process.terminate()
            process.wait(timeout=20)


def endpoints(ports: Mapping[str, int]) -> dict[str, str]:
    """Return the providers' environment variables for the clouds' base URLs on loopback."""
    return {
        "LINODE_URL": f"http://127.0.0.1:{ports['linode']}",
        "CLOUDFLARE_BASE_URL": f"http://127.0.0.1:{ports['cloudflare']}/client/v4",
        "TAILSCALE_BASE_URL": f"http://127.0.0.1:{ports['tailscale']}",
    }


@contextmanager
def local_workspace(
    name: str, source: Path | None = None, zones: Iterable[str] = ()
) -> Iterator[LocalWorkspace]:
    """Create a workspace with a copy of this program (or of ``source``); run its clouds.

    The clouds have the zones of the program's stack files, and ``zones``.
    """
    directory = WORK / "local" / name
    shutil.rmtree(directory, ignore_errors=True)
    program = directory / "program"
    copy_program(program) if source is None else shutil.copytree(source, program)
    home, binaries, state = directory / "home", directory / "bin", directory / "state"
    for created in (home, binaries, state):
        created.mkdir(parents=True)
    tools = install_tools(home, binaries, engine())
    with clouds(directory, sorted({*requirements_of(program).zones, *zones})) as addresses:
        environment = {
            **CREDENTIALS,
            **addresses,
            "PATH": f"{binaries}:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PULUMI_HOME": str(home),
            "PULUMI_BACKEND_URL": f"{state.as_uri()}?metadata=skip",
            "PULUMI_CONFIG_PASSPHRASE": "rehearsal",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            # The provider looks after its servers every 4 seconds unless told otherwise.
            "LINODE_EVENT_POLL_MS": "100",
        }
        yield LocalWorkspace(program, environment, tools)


def copy_program(target: Path) -> None:
    """Copy this checkout's files."""
    for path in program_files():
        destination = target / path.relative_to(ROOT)
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, destination)


def preview(mode: str) -> str:
    """Preview a mode's stack against empty clouds; return a line per tool and the display."""
    with local_workspace(f"preview-{mode}") as workspace:
        workspace.select_stack(STACKS[mode])
        tools = "".join(f"{tool}\n" for tool in workspace.tools)
        return tools + workspace.pulumi("preview", "--non-interactive", "--diff")
