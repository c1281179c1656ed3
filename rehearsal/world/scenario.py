"""One stack in the world: configuration, operations, its servers, and its traces in the clouds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from docker.models.containers import Container

from fks_infra.config.plans import SERVER_NAMES
from fks_infra.topology.names import server_label
from rehearsal.world import counters, resources
from rehearsal.world import docker_api as api
from rehearsal.world.cloud_control import CloudControl
from rehearsal.world.counters import Counters
from rehearsal.world.operator import DESTROY, UP, Operator, Outcome, RemoteCommandError
from rehearsal.world.progress import wait_until
from rehearsal.world.world import World


@dataclass
class Scenario:
    """A stack that is selected in the operator's container."""

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
    def create(cls, world: World, stack: str) -> Iterator[Scenario]:
        """Create the stack; at the end destroy its resources and remove it."""
        scenario = cls(world, stack)
        world.operator.select_stack(stack, world.settings())
        try:
            yield scenario
        finally:
            scenario.clear()
            world.operator.output(["pulumi", "stack", "rm", "--yes", "--force", stack])

    def clear(self) -> None:
        """Remove faults and destroy all resources, also those of a failed `up`."""
        self.control.clear_faults()
        self.control.slow_dns(0)
        if self.resources():
            self.unprotect()
            self.operator.pulumi(*UP)
            self.operator.pulumi("destroy", "--yes", "--skip-preview", "--refresh")
            self.unset("fks:acceptDataLoss")

    def set(self, key: str, value: str) -> None:
        """Set a configuration value."""
        self.operator.set_config(key, value)

    def unprotect(self) -> None:
        """Let the next runs destroy all servers and their data, without a proved backup."""
        self.set("fks:protect", "false")
        for index, server in enumerate(SERVER_NAMES):
            self.set(f"fks:acceptDataLoss[{index}]", server)

    def set_secret(self, key: str, value: str) -> None:
        """Set an encrypted configuration value, from stdin: arguments are visible to others."""
        files = {"secret": value.encode()}
        api.put_files(self.operator.container, "/root", files, mode=0o600)
        store = f"pulumi config set --secret {key} </root/secret; rm /root/secret"
        self.operator.output(["sh", "-c", store])

    def unset(self, key: str) -> None:
        """Remove a configuration value."""
        self.operator.output(["pulumi", "config", "rm", "--path", key])

    def up(self) -> Outcome:
        """Run `pulumi up`, whether it succeeds or not."""
        return self.operator.pulumi(*UP)

    def destroy(self) -> Outcome:
        """Run `pulumi destroy`, whether it succeeds or not."""
        return self.operator.pulumi(*DESTROY)

    def up_killed_after(self, event: int | str, delay: float = 0.0) -> str:
        """Kill the engine ``delay`` seconds after an event of `up`; return the script's report.

        ``event`` is the event's number, from 1, or a regular expression for "KIND OPERATION URN".
        """
        command = ["operator-kill-after", str(event), str(delay), "pulumi", *UP]
        report = self.operator.stdout([*command, "--non-interactive"]).splitlines()[-1]
        self.wait_for_plugins()
        # The killed engine's lock stays in the backend.
        self.operator.call(["pulumi", "cancel", "--yes", self.stack], quiet=True)
        return report

    def wait_for_plugins(self) -> None:
        """Wait until all plugins and programs have ended; WaitTimeoutError names the others."""
        wait_until("all plugins have ended", self._running_plugins, 30)

    def _running_plugins(self) -> str | None:
        # The brackets keep pgrep from matching its own shell.
        find = "pgrep -fl '[p]ulumi-(resource|language)|[p]lugins/program.py' || true"
        return self.operator.output(["sh", "-c", find]).strip() or None

    @contextmanager
    def counted(self) -> Iterator[list[Counters]]:
        """Yield a list that has one element after the block: the counters' increase."""
        before, increase = counters.read(self.world.client), list[Counters]()
        yield increase
        increase.append(counters.read(self.world.client) - before)

    def resources(self) -> list[dict[str, Any]]:
        """Return the resources in the stack's state, except the stack itself and providers."""
        return [row for row in self.operator.export() if ":Stack::" not in row["urn"]]

    def cloud_counts(self) -> dict[str, int]:
        """Return the numbers of instances, firewalls, devices and records in the clouds."""
        return resources.cloud_counts(self.control)

    def remaining_resources(self) -> list[str]:
        """Return what exists in the clouds and in Docker after a destroy; empty if all is gone."""
        remaining = resources.remaining_in_clouds(self.control)
        remaining += resources.remaining_in_docker(self.world.client)
        self.wait_for_plugins()
        return remaining

    def servers_by_role(self) -> dict[str, str]:
        """Return the name of the server of each role, without those that are kept by `fks:keep`."""
        rows = [row for row in self.operator.servers() if row["serves"]]
        return {role: row["name"] for row in rows for role in row["roles"]}

    def label(self, server: str) -> str:
        """Return the label of a server of this stack."""
        return server_label(self.stack, server)

    def server(self, name: str) -> Container:
        """Return the container of a server; RemoteCommandError if it is not running."""
        for container in counters.servers(self.world.client):
            if container.labels.get("fks.linode.label") == self.label(name):
                return container
        raise RemoteCommandError(f"no container of server {self.label(name)} is running")

    def instance(self, name: str) -> int:
        """Return the Linode id of a server."""
        rows = self.control.api("GET", "linode/instances")["data"]
        return int(next(row["id"] for row in rows if row["label"] == self.label(name)))

    def reboot(self, name: str) -> None:
        """Reboot a server through the Linode API, without waiting."""
        self.control.api("POST", f"linode/instances/{self.instance(name)}/reboot", {})

    def started_at(self, name: str) -> str:
        """Return when a server was started; RemoteCommandError if it is not running."""
        return str(self.server(name).attrs["State"]["StartedAt"])

    def not_restarted(self, name: str, before: str) -> str | None:
        """Return why a server that was started at ``before`` has not restarted yet, or None."""
        try:
            return "it has not restarted yet" if self.started_at(name) == before else None
        except RemoteCommandError as error:
            return str(error)

    def delete_outside(self, name: str) -> None:
        """Delete a server through the Linode API and wait until it is gone."""
        identifier = self.instance(name)
        self.control.api("DELETE", f"linode/instances/{identifier}")

        def status() -> str | None:
            rows = self.control.api("GET", "linode/instances")["data"]
            return next((row["status"] for row in rows if row["id"] == identifier), None)

        wait_until(f"{name} is deleted", status, 60)

    def on_server(self, name: str, *command: str) -> str:
        """Run a command as root in a server's container, without SSH; return its output."""
        code, output = api.execute(self.server(name), list(command))
        if code != 0:
            raise RemoteCommandError(f"{' '.join(command)} on {name} exited with {code}: {output}")
        return output

    def in_service(self, name: str, service: str, *command: str) -> str:
        """Run a command in a service's container on a server; output, whatever its exit code."""
        label = f"label=com.docker.compose.service={service}"
        find = ["docker", "ps", "--quiet", "--filter", label]
        identifier = self.on_server(name, *find).split()[0]
        return api.execute(self.server(name), ["docker", "exec", identifier, *command])[1]

    def deploy_journal(self, name: str) -> list[str]:
        """Return the deploys in a server's journal, a line each; other lines have a kind."""
        lines = self.on_server(name, "cat", "/var/lib/fks/journal.jsonl").splitlines()
        return [line for line in lines if '"kind": ' not in line]

    def health(self, *servers: str) -> dict[str, str]:
        """Return each health URL of these servers, without names of all, with its response, fetched
        from the operator."""
        return {
            url: self.operator.fetch(url)
            for row in self.operator.servers()
            if not servers or row["name"] in servers
            for url in row["health_urls"]
        }

    def unhealthy(self, *servers: str) -> str | None:
        """Return the health URLs of these servers, without names of all, that do not answer
        "healthy", with their responses, or None."""
        responses = self.health(*servers)
        failed = {url: body for url, body in responses.items() if '"healthy"' not in body}
        return None if responses and not failed else str(failed or "the stack has no health URL")
