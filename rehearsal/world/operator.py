"""The operator's container: the program, its credentials, its stack, and commands in it."""

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
from rehearsal.world.names import ROOT, container_name

STATE = "/var/lib/fks-state"
EVENTS = "/var/lib/fks-state/events.jsonl"
ENTER = ("docker", "exec", container_name("operator"), "operator-run")
CURL = ("curl", "--silent", "--show-error", "--fail", "--max-time", "10")
STACKS = {"multi": "prod", "single": "dev"}


class OperatorError(RuntimeError):
    """A command of the operator failed; the message holds its exit code."""


@dataclass(frozen=True)
class Outcome:
    """How an operation of the engine ended: exit code, display, and counts of operations."""

    code: int
    display: str
    operations: dict[str, int]

    @property
    def changes(self) -> dict[str, int]:
        """The operations that changed something."""
        return {name: count for name, count in self.operations.items() if name != "same"}


@dataclass(frozen=True)
class Operator:
    """Runs commands in the operator's container."""

    container: Container

    def sync(self) -> None:
        """Copy the program as it is in this checkout; the stack's own settings stay."""
        files = program_files()
        if self.call(["test", "-s", "Pulumi.prod.yaml"], quiet=True) == 0:
            files = [path for path in files if not _is_stack_file(path.name)]
        api.put_tree(self.container, "/srv/fks", ROOT, files)

    def login(self) -> None:
        """Write the environment of the operator: stand-in credentials and a passphrase."""
        rows = {
            "LINODE_TOKEN": f"rehearsal-{secrets.token_hex(16)}",
            "CLOUDFLARE_API_TOKEN": f"rehearsal-{secrets.token_hex(20)}",
            "FKS_ACME_DNS_TOKEN": f"rehearsal-{secrets.token_hex(20)}",
            "TAILSCALE_API_KEY": f"rehearsal-{secrets.token_hex(16)}",
            "TAILSCALE_TAILNET": "fks.example",
            # As the README advises for a directory.
            "PULUMI_BACKEND_URL": f"file://{STATE}?metadata=skip",
            "PULUMI_CONFIG_PASSPHRASE": secrets.token_hex(16),
            "PULUMI_DEBUG_COMMANDS": "true",
        }
        if self.call(["true"], quiet=True) != 0:
            text = "".join(f"{key}={value}\n" for key, value in rows.items())
            api.put_files(self.container, "/etc/fks", {"operator.env": text.encode()}, mode=0o600)

    def call(self, command: Sequence[str], *, quiet: bool = False) -> int:
        """Run a command, its output going to this terminal (stderr), and return its exit code."""
        sink = subprocess.DEVNULL if quiet else sys.stderr
        return subprocess.run(
            [*ENTER, *command], stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, check=False
        ).returncode

    def stdout(self, command: Sequence[str]) -> str:
        """Run a command, whatever its exit code, and return its standard output."""
        return subprocess.run(
            [*ENTER, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        ).stdout

    def output(self, command: Sequence[str]) -> str:
        """Run a command that must succeed and return its standard output."""
        result = subprocess.run(
            [*ENTER, *command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode != 0:
            said = f"{result.stdout}{result.stderr}"
            raise OperatorError(f"{' '.join(command)} exited with {result.returncode}:\n{said}")
        return result.stdout

    def select_stack(self, stack: str, settings: Mapping[str, str]) -> None:
        """Prepare a stack as the README says, then give it the rehearsal's settings."""
        file = ROOT / f"Pulumi.{stack}.yaml"
        # Removing a stack removes its file.
        if file.exists() and self.call(["test", "-e", file.name], quiet=True) != 0:
            api.put_files(self.container, "/srv/fks", {file.name: file.read_bytes()})
        self.output(["fks", "init", "--yes", "--stack", stack])
        for key, value in settings.items():
            self.set_config(key, value)

    def set_config(self, key: str, value: str) -> None:
        """Set one configuration value of the selected stack; ``fks:extraNames[1]`` works too."""
        self.output(["pulumi", "config", "set", "--path", key, "--", value])

    def pulumi(self, *arguments: str) -> Outcome:
        """Run an operation of the engine with its normal display, whatever its outcome."""
        self.output(["rm", "-f", EVENTS])
        command = [*ENTER, "pulumi", *arguments, "--non-interactive", "--event-log", EVENTS]
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
        events = self.output(["sh", "-c", f"cat {EVENTS} 2>/dev/null || true"])
        return Outcome(process.returncode, "".join(lines), changes_of(events))

    def succeed(self, *arguments: str) -> Outcome:
        """Run an operation of the engine that must succeed."""
        outcome = self.pulumi(*arguments)
        if outcome.code != 0:
            raise OperatorError(f"pulumi {' '.join(arguments)} exited with {outcome.code}")
        return outcome

    def export(self) -> list[dict[str, Any]]:
        """Return the resources in the selected stack's state, secrets still encrypted."""
        deployment = json.loads(self.output(["pulumi", "stack", "export"]))["deployment"]
        return list(deployment.get("resources", []))

    def fetch(self, url: str) -> str:
        """Return the body that ``url`` answers here, or what curl said."""
        try:
            return self.output([*CURL, url])
        except OperatorError as error:
            return str(error)

    def servers(self) -> list[dict[str, Any]]:
        """Return the selected stack's servers as its outputs tell of them."""
        outputs = json.loads(self.output(["pulumi", "stack", "output", "--json"]))
        return inventory_rows(outputs["inventory"], outputs)


def inventory_rows(
    inventory: Mapping[str, Any], outputs: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return one row per server: name, plan, roles, addresses, names, URLs, health URLs, $ a month.

    The health URLs are those behind which the application answers, not nginx alone.
    """
    return [
        {
            "name": name,
            "plan": server["plan"],
            "roles": server["roles"],
            "public_ip": server["publicAddress"],
            "tailnet_ip": server["address"],
            "names": server["names"],
            "urls": [outputs["urls"][role] for role in server["roles"]],
            "health_urls": [f"{outputs['healthUrls'][role]}/deep" for role in server["roles"]],
            "monthly_cost": float(outputs["monthlyCost"]["servers"][name]),
        }
        for name, server in inventory["servers"].items()
    ]


def changes_of(event_log: str) -> dict[str, int]:
    """Return the engine's own count of operations; empty where it never came to a summary."""
    for line in reversed(event_log.splitlines()):
        event = json.loads(line)
        if "summaryEvent" in event:
            return {str(k): int(v) for k, v in event["summaryEvent"]["resourceChanges"].items()}
    return {}


def _is_stack_file(name: str) -> bool:
    return name.startswith("Pulumi.") and name != "Pulumi.yaml"
