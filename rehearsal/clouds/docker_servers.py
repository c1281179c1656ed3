"""Servers as containers that boot Debian with systemd; the labels on them are the only state."""

import io
import sys
import tarfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docker
from docker.errors import NotFound
from docker.models.containers import Container
from docker.types import LogConfig

from rehearsal.clouds import seed
from rehearsal.clouds.hypervisor import Job, Machine

MIB = 1024 * 1024
SWAP_MIB = 512
CPU_PERIOD = 100_000
STOP_TIMEOUT = 30
WORKERS = 6

# What systemd, a nested dockerd and tailscaled need; not SYS_MODULE and SYS_TIME: a server must not
# change the machine it runs on.
CAPABILITIES = [
    "SYS_ADMIN",
    "NET_ADMIN",
    "NET_RAW",
    "SYS_PTRACE",
    "SYS_NICE",
    "SYS_CHROOT",
    "MKNOD",
    "AUDIT_CONTROL",
    "AUDIT_READ",
    "AUDIT_WRITE",
    "SYSLOG",
    "DAC_READ_SEARCH",
    "LINUX_IMMUTABLE",
    "IPC_LOCK",
]
SECURITY = ["seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined"]
LEGACY_CGROUPS = "systemd.unified_cgroup_hierarchy=0 SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Where servers are made, and of what."""

    world: str = "fks"
    network: str = "fks-world"
    image: str = "fks-rehearsal/server"
    resolver: str = "198.51.100.2"
    labels: dict[str, str] = field(default_factory=dict)


class DockerServers:
    """A hypervisor whose machines are containers."""

    def __init__(self, settings: Settings, client: docker.DockerClient | None = None) -> None:
        self._settings = settings
        self._client = client or docker.from_env()
        info = self._client.info()
        self._cpus = int(info["NCPU"])
        self._legacy = str(info.get("CgroupVersion", "1")) == "1"
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="server")

    def create(self, machine: Machine) -> Job:
        """Make container and volume and lay the first boot's files into it."""
        return self._workers.submit(self._create, machine)

    def boot(self, machine_id: int) -> Job:
        """Start the container."""
        return self._on(machine_id, lambda found: found.start())

    def shutdown(self, machine_id: int) -> Job:
        """Stop the container as systemd wants it."""
        return self._on(machine_id, lambda found: found.stop(timeout=STOP_TIMEOUT))

    def reboot(self, machine_id: int) -> Job:
        """Stop and start the container."""
        return self._on(machine_id, lambda found: found.restart(timeout=STOP_TIMEOUT))

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

    def remove_strangers(self, known: set[int]) -> list[int]:
        """Remove the world's servers that the account does not know, after a lost state."""
        labels = [f"fks.rehearsal={self._settings.world}", "fks.linode"]
        found = self._client.containers.list(all=True, filters={"label": labels})
        numbers = sorted({int(c.labels["fks.linode"]) for c in found} - known)
        for number in numbers:
            sys.stderr.write(f"removing server {number}: no account knows it\n")
            self._delete(number)
        return numbers

    def close(self) -> None:
        """Wait for the jobs under way."""
        self._workers.shutdown()

    def _create(self, machine: Machine) -> None:
        labels = self._labels(machine)
        volume = self._client.volumes.create(name=_name(machine.id), labels=labels)
        made = self._client.containers.create(
            self._settings.image,
            **self._options(machine, labels, volume.name),
            **self._limits(machine.memory_mib, machine.vcpus),
        )
        made.put_archive("/", _tar(seed.files(machine)))

    def _options(self, machine: Machine, labels: dict[str, str], volume: str) -> dict[str, Any]:
        environment = {"container": "docker", "FKS_RESOLVER": self._settings.resolver}
        volumes = {volume: {"bind": "/var/lib/docker", "mode": "rw"}}
        if self._legacy:
            environment["SYSTEMD_PROC_CMDLINE"] = LEGACY_CGROUPS
            volumes["/sys/fs/cgroup"] = {"bind": "/sys/fs/cgroup", "mode": "rw"}
        endpoint = self._client.api.create_endpoint_config(ipv4_address=machine.address)
        return {
            "name": _name(machine.id),
            "hostname": machine.label,
            "labels": labels,
            "environment": environment,
            "volumes": volumes,
            "cap_add": CAPABILITIES,
            "security_opt": SECURITY,
            "cgroupns": "host" if self._legacy else "private",
            "devices": ["/dev/net/tun"] if Path("/dev/net/tun").exists() else [],
            "tmpfs": {"/run": "exec,mode=755", "/tmp": "exec,mode=1777"},
            "network": self._settings.network,
            "networking_config": {self._settings.network: endpoint},
            "dns": [self._settings.resolver],
            # A reboot from inside ends systemd with an error, a poweroff does not.
            "restart_policy": {"Name": "on-failure", "MaximumRetryCount": 0},
            "log_config": LogConfig(type="json-file", config={"max-size": "5m"}),
        }

    def _limits(self, memory_mib: int, vcpus: int) -> dict[str, Any]:
        return {
            "mem_limit": memory_mib * MIB,
            "memswap_limit": (memory_mib + SWAP_MIB) * MIB,
            "cpu_period": CPU_PERIOD,
            "cpu_quota": min(vcpus, self._cpus) * CPU_PERIOD,
        }

    def _labels(self, machine: Machine) -> dict[str, str]:
        return {
            "fks.rehearsal": self._settings.world,
            "fks.linode": str(machine.id),
            "fks.linode.label": machine.label,
            **self._settings.labels,
        }

    def _on(self, machine_id: int, work: Callable[[Container], object]) -> Job:
        def job() -> None:
            found = self._find(machine_id)
            if found is None:
                raise LookupError(f"container {_name(machine_id)} is not there")
            work(found)

        return self._workers.submit(job)

    def _delete(self, machine_id: int) -> None:
        found = self._find(machine_id)
        if found is not None:
            found.remove(force=True, v=True)
        try:
            self._client.volumes.get(_name(machine_id)).remove(force=True)
        except NotFound:
            return

    def _find(self, machine_id: int) -> Container | None:
        try:
            return self._client.containers.get(_name(machine_id))
        except NotFound:
            return None


def _name(machine_id: int) -> str:
    return f"fks-linode-{machine_id}"


def _tar(files: dict[str, tuple[bytes, int]]) -> bytes:
    """Files as root's, with their modes; directories come into being where Docker unpacks them."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path, (content, mode) in files.items():
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = len(content), mode
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()
