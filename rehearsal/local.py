"""Engine and stand-in clouds on loopback, without servers and without Docker: `make preview`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rehearsal.world import engine
from rehearsal.world.checkout import program_files
from rehearsal.world.names import ROOT, WORK
from rehearsal.world.progress import wait_until
from rehearsal.world.requirements import requirements_of
from rehearsal.world.shell import run

STACKS = {"multi": "prod", "single": "dev"}
CREDENTIALS = {
    "LINODE_TOKEN": "rehearsal-linode",
    "CLOUDFLARE_API_TOKEN": "rehearsal-cloudflare-0123456789012345678901",
    "TAILSCALE_API_KEY": "rehearsal-tailscale",
    "FKS_ACME_DNS_TOKEN": "rehearsal-cloudflare-9876543210987654321098",
    "TAILSCALE_TAILNET": "fks.example",
}


@dataclass(frozen=True)
class LocalWorkspace:
    """A copy of a program, with the engine and an environment that leads to the local clouds."""

    program: Path
    environment: Mapping[str, str]

    def pulumi(self, *arguments: str, stdin: str = "") -> str:
        """Run the engine and return what it printed."""
        return run(["pulumi", *arguments], cwd=self.program, env=self.environment, stdin=stdin)

    def select_stack(self, stack: str) -> None:
        """Prepare a stack as the README says."""
        fks = "from fks_infra.cli.app import main; main()"
        command = [sys.executable, "-c", fks, "init", "--yes", "--stack", stack]
        run(command, cwd=self.program, env={**self.environment, "PYTHONPATH": str(self.program)})


@contextmanager
def clouds(directory: Path, zones: list[str]) -> Iterator[dict[str, str]]:
    """Run the stand-in clouds on loopback; yields the environment that leads to them."""
    ports_file = directory / "ports.json"
    ports_file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "rehearsal.clouds", "local", "--ports-file", str(ports_file)]
    for zone in zones:
        command += ["--zone", zone]
    with (directory / "clouds.log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=log, stderr=log)
        try:
            wait_until("stand-in clouds", lambda: None if ports_file.exists() else "no ports", 30)
            yield endpoints(json.loads(ports_file.read_text()))
        finally:
            process.terminate()
            process.wait(timeout=20)


def endpoints(ports: Mapping[str, int]) -> dict[str, str]:
    """Return the providers' own variables for base addresses."""
    return {
        "LINODE_URL": f"http://127.0.0.1:{ports['linode']}",
        "CLOUDFLARE_BASE_URL": f"http://127.0.0.1:{ports['cloudflare']}/client/v4",
        "TAILSCALE_BASE_URL": f"http://127.0.0.1:{ports['tailscale']}",
    }


@contextmanager
def local_workspace(name: str, source: Path | None = None) -> Iterator[LocalWorkspace]:
    """Lay out a fresh copy of the program (or of ``source``) with everything it needs to run."""
    directory = WORK / "local" / name
    shutil.rmtree(directory, ignore_errors=True)
    program = directory / "program"
    copy_program(program) if source is None else shutil.copytree(source, program)
    home, binaries, state = directory / "home", directory / "bin", directory / "state"
    for made in (home, binaries, state):
        made.mkdir(parents=True)
    (binaries / "pulumi").symlink_to(engine.engine())
    run(
        [
            sys.executable,
            "-m",
            "rehearsal.plugins.install",
            "--home",
            str(home),
            "--bin",
            str(binaries),
        ],
        cwd=ROOT,
    )
    with clouds(directory, list(requirements_of(program).zones)) as addresses:
        yield LocalWorkspace(
            program,
            {
                **CREDENTIALS,
                **addresses,
                "PATH": f"{binaries}:{Path(sys.executable).parent}:{os.environ['PATH']}",
                "PULUMI_HOME": str(home),
                "PULUMI_BACKEND_URL": f"file://{state}?metadata=skip",
                "PULUMI_CONFIG_PASSPHRASE": "rehearsal",
                "PULUMI_SKIP_UPDATE_CHECK": "true",
                "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            },
        )


def copy_program(target: Path) -> None:
    """Copy this checkout's files as git sees them."""
    for path in program_files():
        destination = target / path.relative_to(ROOT)
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, destination)


def preview(mode: str) -> str:
    """Preview the stack of a mode against empty stand-in clouds and return the engine's display."""
    with local_workspace(f"preview-{mode}") as here:
        here.select_stack(STACKS[mode])
        return here.pulumi("preview", "--non-interactive", "--diff")
