"""Servers as containers that boot Debian with systemd; the labels on them are the only state."""

import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import docker
from docker.errors import NotFound
from docker.models.containers import Container

from rehearsal.clouds import containers, seed
from rehearsal.clouds.containers import Settings
from rehearsal.clouds.hypervisor import Job, Machine

STOP_TIMEOUT = 30
WORKERS = 6


class DockerServers:
    """A hypervisor whose machines are containers."""

    def __init__(self, settings: Settings, client: docker.DockerClient | None = None) -> None:
        self._settings = settings
        self._client = client or docker.from_env()
        info = self._client.info()
        self._cpus = int(info["NCPU"])
        self._legacy = str(info.get("CgroupVersion", "1")) == "1"
        self._rulesets: dict[int, str] = {}
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="server")

    def create(self, machine: Machine) -> Job:
        """Make container and volume and lay the first boot's files into it."""
        return self._workers.submit(self._create, machine)

    def boot(self, machine_id: int) -> Job:
        """Start the container, and put its firewall before it."""
        return self._on(machine_id, lambda found: found.start())

    def shutdown(self, machine_id: int) -> Job:
        """Stop the container as systemd wants it."""
        return self._on(machine_id, lambda found: found.stop(timeout=STOP_TIMEOUT))

    def reboot(self, machine_id: int) -> Job:
        """Stop and start the container, and put its firewall before it."""
        return self._on(machine_id, lambda found: found.restart(timeout=STOP_TIMEOUT))

    def protect(self, machine_id: int, ruleset: str) -> Job:
        """Load the rules from outside, into the container's network."""
        self._rulesets[machine_id] = ruleset
        return self._workers.submit(self._filter, machine_id)

    def resize(self, machine_id: int, memory_mib: int, vcpus: int) -> Job:
        """Change the container's limits."""
        limits = self._limits(memory_mib, vcpus)
        return self._on(machine_id, lambda found: found.update(**limits))

    def delete(self, machine_id: int) -> Job:
        """Remove container and volume; gone already is fine."""
        return self._workers.submit(self._delete, machine_id)

    def is_running(self, machine_id: int) -> bool:
        """Ask Docker."""
        found = self._find(machine_id)
        return found is not None and found.status == "running"

    def watch(self, ended: Callable[[int], None]) -> None:
        """From now on tell, from a thread of its own, whenever a server went off."""
        filters = {
            "type": "container",
            "event": "die",
            "label": containers.label_filter(self._settings),
        }
        stream = self._client.events(decode=True, filters=filters)

        def follow() -> None:
            for event in stream:
                ended(int(event["Actor"]["Attributes"]["fks.linode"]))
            sys.stderr.write("Docker's events ended: servers that go off are no longer noticed\n")

        threading.Thread(target=follow, name="servers-watch", daemon=True).start()

    def remove_strangers(self, known: set[int]) -> list[int]:
        """Remove the world's servers that the account does not know, after a lost state."""
        found = self._client.containers.list(
            all=True, filters={"label": containers.label_filter(self._settings)}
        )
        numbers = sorted({int(c.labels["fks.linode"]) for c in found} - known)
        for number in numbers:
            sys.stderr.write(f"removing server {number}: no account knows it\n")
            self._delete(number)
        return numbers

    def close(self) -> None:
        """Wait for the jobs under way."""
        self._workers.shutdown()

    def _create(self, machine: Machine) -> None:
        name, labels = self._name(machine.id), containers.labels(self._settings, machine)
        self._client.volumes.create(name=name, labels=labels)
        low_level = self._client.api
        endpoint = low_level.create_endpoint_config(ipv4_address=machine.address)
        networking: Any = {self._settings.network: endpoint}
        made = low_level.create_container(
            self._settings.image,
            name=name,
            hostname=machine.label,
            labels=labels,
            entrypoint=containers.BOOT,
            environment=containers.environment(self._settings, legacy=self._legacy),
            host_config=self._host_config(machine, name),
            networking_config=low_level.create_networking_config(networking),
        )
        low_level.put_archive(
            made["Id"], "/", containers.tar(seed.files(machine, self._settings.trust))
        )

    def _host_config(self, machine: Machine, volume: str) -> dict[str, Any]:
        known = self._client.api.create_host_config(
            **containers.host_options(self._settings, volume),
            **self._limits(machine.memory_mib, machine.vcpus),
        )
        return {**known, **containers.host_extras()}

    def _limits(self, memory_mib: int, vcpus: int) -> dict[str, Any]:
        return containers.limits(memory_mib, min(vcpus, self._cpus))

    def _on(self, machine_id: int, work: Callable[[Container], object]) -> Job:
        def job() -> None:
            found = self._find(machine_id)
            if found is None:
                raise LookupError(f"container {self._name(machine_id)} is not there")
            work(found)
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
            labels={"fks.rehearsal": self._settings.world, **self._settings.labels},
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
