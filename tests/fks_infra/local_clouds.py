"""What the stand-in clouds of a local workspace hold, and a kill of its engine."""

import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from rehearsal.local import LocalWorkspace
from rehearsal.world.names import ROOT

KILL_AFTER = ROOT / "rehearsal/images/operator/files/usr/local/bin/operator-kill-after"
URLS = {
    "linode": "LINODE_URL",
    "cloudflare": "CLOUDFLARE_BASE_URL",
    "tailscale": "TAILSCALE_BASE_URL",
}
UP = ("up", "--yes", "--skip-preview", "--non-interactive")


def clouds_state(here: LocalWorkspace) -> dict[str, Any]:
    """Everything in each cloud, as its control endpoint shows it."""
    return {cloud: _state(here.environment[url]) for cloud, url in URLS.items()}


def _state(url: str) -> Any:
    with urllib.request.urlopen(urljoin(url, "/rehearsal/state")) as response:
        return json.load(response)


def up_killed_after(here: LocalWorkspace, event: int | str, delay: float = 0.0) -> str:
    """As `Scenario.up_killed_after`: kill an `up` after an event; return the report."""
    environment = {**here.environment, "PULUMI_DEBUG_COMMANDS": "true"}
    command = [sys.executable, str(KILL_AFTER), str(event), str(delay), "pulumi", *UP]
    done = subprocess.run(
        command, cwd=here.program, env=environment, capture_output=True, text=True, check=False
    )
    _wait_for_plugins(here)
    here.pulumi("cancel", "--yes", "prod")
    return done.stdout.strip().splitlines()[-1]


def _wait_for_plugins(here: LocalWorkspace) -> None:
    deadline = time.monotonic() + 30
    while running := _processes_of(here):
        assert time.monotonic() < deadline, running
        time.sleep(0.05)


def _processes_of(here: LocalWorkspace) -> list[str]:
    """The command lines of the plugins of this workspace, which end after their engine."""
    home, found = here.environment["PULUMI_HOME"], []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if home in line:
            found.append(line)
    return found
