"""Servers as containers that boot Debian with systemd. Their only state are their labels."""

import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import docker
from docker.errors import NotFound
from docker.models.containers import Container

from rehearsal.clouds import containers, seed
from rehearsal.clouds.containers import ServerSettings
from rehearsal.clouds.hypervisor import Job, MachineSpec

STOP_TIMEOUT = 30
WORKERS = 6


class DockerServers:
    """A hypervisor whose machines are containers."""

    def __init__(self, settings: ServerSettings, client: docker.DockerClient | None = None) -> None:
        self._settings = settings
        self._client = client or docker.from_env()
        info = self._client.info()
        self._cpus = int(info["NCPU"])
        self._legacy = str(info.get("CgroupVersion", "1")) == "1"
        self._rulesets: dict[int, str] = {}
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="server")

    def create(self, machine: MachineSpec) -> Job:
        """Create container and volume, with the files of the first boot."""
        return self._workers.submit(self._create, machine)

    def boot(self, machine_id: int) -> Job:
        """Start the container, then load its firewall."""
        return self._change(machine_id, lambda found: found.start())

    def shutdown(self, machine_id: int) -> Job:
        """Stop the container with systemd's stop signal."""
        return self._change(machine_id, lambda found: found.stop(timeout=STOP_TIMEOUT))

    def reboot(self, machine_id: int) -> Job:
        """Stop and start the container, then load its firewall."""
        return self._change(machine_id, lambda found: found.restart(timeout=STOP_TIMEOUT))

    def protect(self, machine_id: int, ruleset: str) -> Job:
        """Load the rules from outside, into the container's network namespace."""
        self._rulesets[machine_id] = ruleset
        return self._workers.submit(self._filter, machine_id)

    def resize(self, machine_id: int, memory_mib: int, vcpus: int) -> Job:
        """Change the container's limits."""
        limits = self._limits(memory_mib, vcpus)
        return self._change(machine_id, lambda found: found.update(**limits))

    def delete(self, machine_id: int) -> Job:
        """Remove container and volume, if they exist."""
        return self._workers.submit(self._delete, machine_id)

    def is_running(self, machine_id: int) -> bool:
        """Whether the container runs."""
        found = self._find(machine_id)
        return found is not None and found.status == "running"

    def watch(self, ended: Callable[[int], None]) -> None:
        """From now on call `ended` with a server's id when it stops, from a thread of its own."""
        filters: dict[str, Any] = {"type": "container", "event": "die"}
        filters["label"] = containers.label_filter(self._settings)
        stream = self._client.events(decode=True, filters=filters)

        def follow() -> None:
            for event in stream:
                ended(int(event["Actor"]["Attributes"]["fks.linode"]))
            sys.stderr.write("Docker's event stream ended: the watchdog no longer works\n")

        threading.Thread(target=follow, name="servers-watch", daemon=True).start()

    def remove_unknown(self, known: set[int]) -> None:
        """Remove the world's servers with other ids than these, after the state file was lost."""
        label = containers.label_filter(self._settings)
        found = self._client.containers.list(all=True, filters={"label": label})
        for number in sorted({int(c.labels["fks.linode"]) for c in found} - known):
            sys.stderr.write(f"removing server {number}: it is not in the Linode account\n")
            self._delete(number)

    def close(self) -> None:
        """Wait for the running jobs."""
        self._workers.shutdown()

    def _create(self, machine: MachineSpec) -> None:
        name, labels = self._name(machine.id), containers.labels(self._settings, machine)
        self._client.volumes.create(name=name, labels=labels)
        low_level = self._client.api
        endpoint = low_level.create_endpoint_config(ipv4_address=machine.address)
        networking: Any = {self._settings.network: endpoint}
        created = low_level.create_container(
            self._settings.image,
            name=name,
            hostname=machine.label,
            labels=labels,
            entrypoint=containers.BOOT,
            environment=containers.environment(self._settings, legacy=self._legacy),
            host_config=self._host_config(machine, name),
            networking_config=low_level.create_networking_config(networking),
        )
        files = containers.tar(seed.files(machine, self._settings.trust))
        low_level.put_archive(created["Id"], "/", files)

    def _host_config(self, machine: MachineSpec, volume: str) -> dict[str, Any]:
        config = self._client.api.create_host_config(
            **containers.host_options(self._settings, volume),
            **self._limits(machine.memory_mib, machine.vcpus),
        )
        return {**config, **containers.host_extras()}

    def _limits(self, memory_mib: int, vcpus: int) -> dict[str, Any]:
        return containers.limits(memory_mib, min(vcpus, self._cpus))

    def _change(self, machine_id: int, change: Callable[[Container], object]) -> Job:
        def job() -> None:
            found = self._find(machine_id)
            if found is None:
                raise LookupError(f"container {self._name(machine_id)} does not exist")
            change(found)
            self._filter(machine_id)

        return self._workers.submit(job)

    def _filter(self, machine_id: int) -> None:
        ruleset = self._rulesets.get(machine_id)
        if ruleset is None or not self.is_running(machine_id):
            return
        self._client.containers.run(
            self._settings.image,
            entrypoint=["nft", ruleset],
            network_mode=f"container:{self._name(machine_id)}",
            cap_drop=["ALL"],
            cap_add=["NET_ADMIN"],
            labels={"fks.rehearsal": self._settings.world},
            remove=True,
        )

    def _delete(self, machine_id: int) -> None:
        self._rulesets.pop(machine_id, None)
        found = self._find(machine_id)
        if found is not None:
            found.remove(force=True, v=True)
        try:
            self._client.volumes.get(self._name(machine_id)).remove(force=True)
        except NotFound:
            return

    def _name(self, machine_id: int) -> str:
        return containers.name(self._settings, machine_id)

    def _find(self, machine_id: int) -> Container | None:
        try:
            return self._client.containers.get(self._name(machine_id))
        except NotFound:
            return None
