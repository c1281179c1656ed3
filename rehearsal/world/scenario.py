"""A stack's life in the world, step by step, with what each step cost and left behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from docker.models.containers import Container

from rehearsal.world import counters
from rehearsal.world import docker_api as api
from rehearsal.world.cloud_control import CloudControl
from rehearsal.world.counters import Counters
from rehearsal.world.names import container_name
from rehearsal.world.operator import Operator, OperatorError, Outcome
from rehearsal.world.progress import wait_until
from rehearsal.world.tailnet import OPERATOR_TAG
from rehearsal.world.world import World

UP = ("up", "--yes", "--skip-preview")
DESTROY = ("destroy", "--yes")
KEPT = ("acme", "apt", "registry", "cloud", "control", "operator")


@dataclass
class Scenario:
    """One stack in the world, selected in the operator."""

    world: World
    stack: str

    @property
    def operator(self) -> Operator:
        return self.world.operator

    @property
    def control(self) -> CloudControl:
        return CloudControl(self.operator)

    @classmethod
    @contextmanager
    def begin(cls, world: World, stack: str) -> Iterator[Scenario]:
        """Create the stack; at the end destroy what is left, so that the next one starts clean."""
        scenario = cls(world, stack)
        world.operator.select_stack(stack, world.settings())
        try:
            yield scenario
        finally:
            scenario.clear()
            world.operator.output(["pulumi", "stack", "rm", "--yes", "--force", stack])

    def clear(self) -> None:
        """Take away what the stack has, also where a failed test left it half made."""
        self.control.clear_faults()
        self.control.slow_dns(0)
        if self.resources():
            self.set("fks:protect", "false")
            self.operator.pulumi(*UP)
            self.operator.pulumi("destroy", "--yes", "--skip-preview", "--refresh")

    def set(self, key: str, value: str) -> None:
        """Set a configuration value."""
        self.operator.set_config(key, value)

    def set_secret(self, key: str, value: str) -> None:
        """Store an encrypted configuration value; not as an argument, which others could read."""
        api.put_files(self.operator.container, "/root", {"secret": value.encode()}, mode=0o600)
        store = f"pulumi config set --secret {key} </root/secret; rm /root/secret"
        self.operator.output(["sh", "-c", store])

    def unset(self, key: str) -> None:
        """Remove a configuration value."""
        self.operator.output(["pulumi", "config", "rm", "--path", key])

    def up(self) -> Outcome:
        """Run `pulumi up`, whatever its outcome."""
        return self.operator.pulumi(*UP)

    def destroy(self) -> Outcome:
        """Run `pulumi destroy`, whatever its outcome."""
        return self.operator.pulumi(*DESTROY)

    def up_killed_after(self, event: int | str, delay: float = 0.0) -> str:
        """Kill the engine that much later than an event of `pulumi up`, and return what was seen.

        The event is known by its number, from 1, or by text in "KIND OPERATION URN".
        """
        command = ["operator-kill-after", str(event), str(delay), "pulumi", *UP]
        said = self.operator.stdout([*command, "--non-interactive"]).splitlines()[-1]
        self.await_plugins()
        # The file backend keeps the dead engine's lock, as it would on a laptop.
        self.operator.call(["pulumi", "cancel", "--yes", self.stack], quiet=True)
        return said

    def await_plugins(self) -> None:
        """Wait until no plugin and no program runs any more; WaitTimeoutError names what does."""
        wait_until("plugins end when their engine is gone", self._still_running, 30)

    def _still_running(self) -> str | None:
        # The brackets keep pgrep's own shell out of what it finds.
        look = "pgrep -fl '[p]ulumi-(resource|language)|[p]lugins/program.py' || true"
        return self.operator.output(["sh", "-c", look]).strip() or None

    def cloud_counts(self) -> dict[str, int]:
        """Return how many of each thing the clouds hold, to see what was made twice."""
        tailnet, zones = self.control.state("tailscale"), self.control.state("cloudflare")
        return {
            "instances": len(self.control.api("GET", "linode/instances")["data"]),
            "firewalls": len(self.control.api("GET", "networking/firewalls")["data"]),
            "devices": len(_servers(tailnet["devices"])),
            "records": len(zones["records"]),
        }

    @contextmanager
    def counted(self) -> Iterator[list[Counters]]:
        """Collect into the yielded list what the block cost, by the servers' and clouds' logs."""
        before, cost = counters.read(self.world.client), list[Counters]()
        yield cost
        cost.append(counters.read(self.world.client) - before)

    def resources(self) -> list[dict[str, Any]]:
        """Return the resources in the stack's state, without the stack itself and the providers."""
        return [row for row in self.operator.export() if ":Stack::" not in row["urn"]]

    def carriers(self) -> dict[str, str]:
        """Return the name of the server that carries each role."""
        return {role: row["name"] for row in self.operator.servers() for role in row["roles"]}

    def server(self, name: str) -> Container:
        """Return the container behind a server of this stack."""
        label = f"fks-{self.stack}-{name}"
        for found in counters.servers(self.world.client):
            if found.labels.get("fks.linode.label") == label:
                return found
        raise OperatorError(f"no server {label} runs")

    def instance(self, name: str) -> int:
        """Return the id of a server in the cloud."""
        label = f"fks-{self.stack}-{name}"
        rows = self.control.api("GET", "linode/instances")["data"]
        return int(next(row["id"] for row in rows if row["label"] == label))

    def reboot(self, name: str) -> None:
        """Reboot a server as somebody in the console would; it is not waited for."""
        self.control.api("POST", f"linode/instances/{self.instance(name)}/reboot", {})

    def delete_outside(self, name: str) -> None:
        """Delete a server as somebody in the console would, and wait until it is gone."""
        identifier = self.instance(name)
        self.control.api("DELETE", f"linode/instances/{identifier}")

        def there() -> str | None:
            rows = self.control.api("GET", "linode/instances")["data"]
            return next((row["status"] for row in rows if row["id"] == identifier), None)

        wait_until(f"{name} is deleted", there, 60)

    def on_server(self, name: str, *command: str) -> str:
        """Run a command as root on a server, past SSH."""
        code, output = api.execute(self.server(name), list(command))
        if code != 0:
            raise OperatorError(f"{' '.join(command)} on {name} exited with {code}: {output}")
        return output

    def in_service(self, name: str, service: str, *command: str) -> str:
        """Run a command in a service's container on a server; what it said, however it ended."""
        look = [
            "docker",
            "ps",
            "--quiet",
            "--filter",
            f"label=com.docker.compose.service={service}",
        ]
        identifier = self.on_server(name, *look).split()[0]
        return api.execute(self.server(name), ["docker", "exec", identifier, *command])[1]

    def journal(self, name: str) -> list[str]:
        """Return the lines of a server's deploy journal."""
        return self.on_server(name, "cat", "/var/lib/fks/journal.jsonl").splitlines()

    def health(self) -> dict[str, str]:
        """Return what every health URL answers, asked from the operator."""
        return {
            url: self.operator.fetch(url)
            for row in self.operator.servers()
            for url in row["health_urls"]
        }

    def remaining_resources(self) -> list[str]:
        """Return what a destroyed stack left in any cloud or on this machine."""
        instances = [row["label"] for row in self.control.api("GET", "linode/instances")["data"]]
        firewalls = [
            row["label"] for row in self.control.api("GET", "networking/firewalls")["data"]
        ]
        tailnet, zones = self.control.state("tailscale"), self.control.state("cloudflare")
        devices = [f"device {row['hostname']}" for row in _servers(tailnet["devices"])]
        keys = [f"tailnet key {row['id']}" for row in tailnet["keys"]]
        records = [f"record {row['name']}" for row in zones["records"]]
        parts = {container_name(part) for part in KEPT}
        docker = self.world.client
        containers = [
            f"container {row.name}"
            for row in docker.containers.list(all=True, filters=api.mine())
            if row.name not in parts
        ]
        volumes = [
            f"volume {row.name}" for row in docker.volumes.list(filters=api.mine("fks.linode"))
        ]
        self.await_plugins()
        return [*instances, *firewalls, *devices, *keys, *records, *containers, *volumes]


def _servers(devices: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The devices but the operator's own."""
    return [row for row in devices if OPERATOR_TAG not in row["tags"]]
