"""One stack of a local workspace: `up` and `destroy` against the stand-in clouds, without servers.

Its servers join the tailnet and do nothing else; commands on them are recorded, not run. So it
shows what the engine, the program and the clouds' APIs do, and nothing of the hosts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rehearsal.local import LocalWorkspace, local_workspace
from rehearsal.plugins.command.recorded import VARIABLE
from rehearsal.world import resources
from rehearsal.world.engine_events import Event, operation_counts, parse_events
from rehearsal.world.names import ROOT
from rehearsal.world.operator import DESTROY, UP, Outcome
from rehearsal.world.progress import wait_until

CLOUDS = ("linode", "cloudflare", "tailscale")
KILL_AFTER = ROOT / "rehearsal/images/operator/files/usr/local/bin/operator-kill-after"


@dataclass(frozen=True)
class LocalStack:
    """A selected stack of a workspace."""

    workspace: LocalWorkspace
    stack: str

    def set(self, key: str, value: str) -> None:
        """Set a configuration value."""
        self.workspace.pulumi("config", "set", "--path", key, value)

    def up(self) -> Outcome:
        """Run `pulumi up`, whether it succeeds or not."""
        return self._operation(*UP)

    def preview(self) -> Outcome:
        """Run `pulumi preview`, whether it succeeds or not."""
        return self._operation("preview")

    def events(self) -> list[Event]:
        """Return the engine's events of the last operation."""
        return parse_events(self._log.read_text()) if self._log.exists() else []

    def destroy(self) -> Outcome:
        """Run `pulumi destroy`, whether it succeeds or not."""
        return self._operation(*DESTROY)

    def up_killed_after(self, event: int | str, delay: float = 0.0) -> str:
        """Kill the engine ``delay`` seconds after an event of `up`; return the script's report."""
        command = [sys.executable, str(KILL_AFTER), str(event), str(delay), "pulumi", *UP]
        killed = self._run([*command, "--non-interactive"], stderr=None)
        wait_until("all plugins have ended", self._running_plugins, 30)
        # The killed engine's lock stays in the backend.
        self._run(["pulumi", "cancel", "--yes", self.stack])
        return killed.stdout.splitlines()[-1]

    def clear(self) -> None:
        """Remove faults and destroy all resources, also those of a failed `up`."""
        self._request("linode", "DELETE", "rehearsal/faults")
        if resources.remaining_in_clouds(self):
            self.up()
            self._operation("destroy", "--yes", "--skip-preview", "--refresh")

    def fault(self, cloud: str, **options: Any) -> None:
        """Let the next matching requests fail or be slow; options as in rehearsal.clouds.faults."""
        self._request("linode", "POST", "rehearsal/faults", {"cloud": cloud, **options})

    def cloud_counts(self) -> dict[str, int]:
        """Return the numbers of instances, firewalls, devices and records in the clouds."""
        return resources.cloud_counts(self)

    def remaining_resources(self) -> list[str]:
        """Return what exists in the clouds; empty after a destroy."""
        return resources.remaining_in_clouds(self)

    def state(self, cloud: str) -> dict[str, Any]:
        """Return everything in one cloud."""
        return dict(self._request(cloud, "GET", "rehearsal/state"))

    def api(self, method: str, path: str) -> Any:
        """Call the Linode API with the stack's token."""
        return self._request("linode", method, f"v4/{path}")

    def clouds_state(self) -> dict[str, Any]:
        """Return everything in each cloud."""
        return {cloud: self.state(cloud) for cloud in CLOUDS}

    def _running_plugins(self) -> str | None:
        """The command lines of the engine's plugins and programs, which may outlive it."""
        home, found = f"PULUMI_HOME={self.workspace.environment['PULUMI_HOME']}", list[str]()
        for process in Path("/proc").glob("[0-9]*"):
            # Other users' processes cannot be read.
            with suppress(FileNotFoundError, ProcessLookupError, PermissionError):
                if home.encode() in (process / "environ").read_bytes().split(b"\0"):
                    found.append((process / "cmdline").read_text().replace("\0", " "))
        return "\n".join(found) or None

    @property
    def _log(self) -> Path:
        return self.workspace.program.parent / "events.jsonl"

    def _operation(self, *arguments: str) -> Outcome:
        self._log.unlink(missing_ok=True)
        done = self._run(["pulumi", *arguments, "--non-interactive", "--event-log", str(self._log)])
        return Outcome(done.returncode, done.stdout, operation_counts(self.events()))

    def _run(
        self, command: list[str], stderr: int | None = subprocess.STDOUT
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command,
            cwd=self.workspace.program,
            # The variable allows --event-log.
            env={**os.environ, **self.workspace.environment, "PULUMI_DEBUG_COMMANDS": "true"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            check=False,
        )
        sys.stderr.write(done.stdout)
        return done

    def _request(self, cloud: str, method: str, path: str, body: Any = None) -> Any:
        environment = self.workspace.environment
        base = environment[f"{cloud.upper()}_{'URL' if cloud == 'linode' else 'BASE_URL'}"]
        request = urllib.request.Request(
            f"{base.removesuffix('/client/v4')}/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {environment['LINODE_TOKEN']}",
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request, timeout=20) as response:
            return json.load(response)


@contextmanager
def local_stack(name: str, stack: str) -> Iterator[LocalStack]:
    """Create a workspace with this empty stack, whose resources are not protected."""
    with local_workspace(name) as workspace:
        workspace.select_stack(stack)
        environment = {**workspace.environment, VARIABLE: "1"}
        created = LocalStack(LocalWorkspace(workspace.program, environment), stack)
        created.set("fks:protect", "false")
        yield created
