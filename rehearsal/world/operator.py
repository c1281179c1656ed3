"""The operator's container: the program, its credentials and stacks, and commands in it."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docker.models.containers import Container

from rehearsal.world import docker_api as api
from rehearsal.world.checkout import program_files
from rehearsal.world.engine_events import Event, operation_counts, parse_events
from rehearsal.world.inventory import server_rows
from rehearsal.world.names import ROOT, container_name

STATE = "/var/lib/fks-state"
EVENTS = "/var/lib/fks-state/events.jsonl"
RUN = ("docker", "exec", container_name("operator"), "operator-run")
CURL = ("curl", "--silent", "--show-error", "--fail", "--max-time", "10")
UP = ("up", "--yes", "--skip-preview")
DESTROY = ("destroy", "--yes")


class RemoteCommandError(RuntimeError):
    """A command on the operator or on a server failed; the message holds command and exit code."""


@dataclass(frozen=True)
class Outcome:
    """The result of an engine operation: exit code, display, and counts by operation."""

    code: int
    display: str
    operations: dict[str, int]

    @property
    def changes(self) -> dict[str, int]:
        """The operations other than "same"."""
        return {name: count for name, count in self.operations.items() if name != "same"}


@dataclass(frozen=True)
class Operator:
    """Runs commands in the operator's container."""

    container: Container

    def copy_program(self) -> None:
        """Copy this checkout's program; existing stack files in the container stay unchanged."""
        files = program_files()
        if self.call(["test", "-s", "Pulumi.prod.yaml"], quiet=True) == 0:
            files = [path for path in files if not _is_stack_file(path.name)]
        api.put_tree(self.container, "/srv/fks", ROOT, files)

    def write_credentials(self) -> None:
        """Write stand-in credentials and a passphrase to the environment file unless it exists."""
        variables = {
            "LINODE_TOKEN": f"rehearsal-{secrets.token_hex(16)}",
            "CLOUDFLARE_API_TOKEN": f"rehearsal-{secrets.token_hex(20)}",
            "FKS_ACME_DNS_TOKEN": f"rehearsal-{secrets.token_hex(20)}",
            "TAILSCALE_API_KEY": f"rehearsal-{secrets.token_hex(16)}",
            "TAILSCALE_TAILNET": "fks.example",
            # As the README recommends for a directory.
            "PULUMI_BACKEND_URL": f"file://{STATE}?metadata=skip",
            "PULUMI_CONFIG_PASSPHRASE": secrets.token_hex(16),
            "PULUMI_DEBUG_COMMANDS": "true",
        }
        # `operator-run` fails without the file.
        if self.call(["true"], quiet=True) != 0:
            text = "".join(f"{key}={value}\n" for key, value in variables.items())
            api.put_files(self.container, "/etc/fks", {"operator.env": text.encode()}, mode=0o600)

    def call(self, command: Sequence[str], *, quiet: bool = False) -> int:
        """Run a command with its output on this terminal's stderr; return its exit code."""
        sink = subprocess.DEVNULL if quiet else sys.stderr
        return subprocess.run(
            [*RUN, *command], stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, check=False
        ).returncode

    def stdout(self, command: Sequence[str]) -> str:
        """Run a command; return its standard output, whatever its exit code."""
        return subprocess.run(
            [*RUN, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        ).stdout

    def output(self, command: Sequence[str]) -> str:
        """Run a command; return its standard output. Raises RemoteCommandError if it fails."""
        result = subprocess.run(
            [*RUN, *command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode != 0:
            output = f"{result.stdout}{result.stderr}"
            raise RemoteCommandError(
                f"{' '.join(command)} exited with {result.returncode}:\n{output}"
            )
        return result.stdout

    def select_stack(self, stack: str, settings: Mapping[str, str]) -> None:
        """Initialize a stack as the README describes, then set the rehearsal's settings."""
        file = ROOT / f"Pulumi.{stack}.yaml"
        # `pulumi stack rm` removes the stack file.
        if file.exists() and self.call(["test", "-e", file.name], quiet=True) != 0:
            api.put_files(self.container, "/srv/fks", {file.name: file.read_bytes()})
        self.output(["fks", "init", "--yes", "--stack", stack])
        for key, value in settings.items():
            self.set_config(key, value)

    def set_config(self, key: str, value: str) -> None:
        """Set a value of the selected stack; ``key`` may be a path such as fks:extraNames[1]."""
        self.output(["pulumi", "config", "set", "--path", key, "--", value])

    def pulumi(self, *arguments: str) -> Outcome:
        """Run an engine operation with its normal display, whether it succeeds or not."""
        self.output(["rm", "-f", EVENTS])
        command = [*RUN, "pulumi", *arguments, "--non-interactive", "--event-log", EVENTS]
        lines: list[str] = []
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process:
            for line in process.stdout or ():
                sys.stderr.write(line)
                lines.append(line)
        return Outcome(process.returncode, "".join(lines), operation_counts(self.events()))

    def events(self) -> list[Event]:
        """Return the engine's events of the last operation; none if it wrote no log."""
        return parse_events(self.output(["sh", "-c", f"cat {EVENTS} 2>/dev/null || true"]))

    def must_succeed(self, *arguments: str) -> Outcome:
        """Run an engine operation; RemoteCommandError if it fails."""
        outcome = self.pulumi(*arguments)
        if outcome.code != 0:
            raise RemoteCommandError(f"pulumi {' '.join(arguments)} exited with {outcome.code}")
        return outcome

    def export(self) -> list[dict[str, Any]]:
        """Return the resources in the selected stack's state, with secrets encrypted."""
        deployment = json.loads(self.output(["pulumi", "stack", "export"]))["deployment"]
        return list(deployment.get("resources", []))

    def fetch(self, url: str) -> str:
        """Return the body of a response to GET, or curl's error message."""
        try:
            return self.output([*CURL, url])
        except RemoteCommandError as error:
            return str(error)

    def servers(self) -> list[dict[str, Any]]:
        """Return the selected stack's servers, one row each (rehearsal.world.inventory)."""
        return server_rows(json.loads(self.output(["pulumi", "stack", "output", "--json"])))


def _is_stack_file(name: str) -> bool:
    return name.startswith("Pulumi.") and name != "Pulumi.yaml"
