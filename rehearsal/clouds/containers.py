"""The options of a server's container, as plain data for Docker."""

import io
import tarfile
from dataclasses import dataclass
from typing import Any

from docker.types import LogConfig

from rehearsal.clouds.hypervisor import MachineSpec

MIB = 1024 * 1024
SWAP_MIB = 512
CPU_PERIOD = 100_000
# For systemd, a nested dockerd and tailscaled. Without SYS_MODULE and SYS_TIME: a server must not
# change the machine it runs on.
CAPABILITIES = [
    *("SYS_ADMIN", "NET_ADMIN", "NET_RAW", "SYS_PTRACE", "SYS_NICE", "SYS_CHROOT", "MKNOD"),
    *("AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "SYSLOG", "DAC_READ_SEARCH"),
    *("LINUX_IMMUTABLE", "IPC_LOCK"),
]
BOOT = ["/usr/local/sbin/fks-cgroups", "/usr/local/sbin/fks-boot"]
LEGACY_CGROUPS = "systemd.unified_cgroup_hierarchy=0 SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1"


@dataclass(frozen=True, kw_only=True)
class ServerSettings:
    """What all servers of a world share; `trust` is a root certificate (PEM) they get."""

    image: str
    world: str = "fks"
    network: str = "fks-world"
    resolver: str = "198.51.100.2"
    trust: bytes = b""


def name(settings: ServerSettings, machine_id: int) -> str:
    """The name of a machine's container and of its volume."""
    return f"{settings.world}-linode-{machine_id}"


def labels(settings: ServerSettings, machine: MachineSpec) -> dict[str, str]:
    """The labels by which the rehearsal finds its servers."""
    return {
        "fks.rehearsal": settings.world,
        "fks.linode": str(machine.id),
        "fks.linode.label": machine.label,
    }


def label_filter(settings: ServerSettings) -> list[str]:
    """Docker's filter for all servers of a world."""
    return [f"fks.rehearsal={settings.world}", "fks.linode"]


def environment(settings: ServerSettings, *, legacy: bool) -> dict[str, str]:
    """The environment of systemd as PID 1; `legacy` means cgroup v1."""
    common = {"container": "docker", "FKS_RESOLVER": settings.resolver}
    return common | ({"SYSTEMD_PROC_CMDLINE": LEGACY_CGROUPS} if legacy else {})


def limits(memory_mib: int, vcpus: int) -> dict[str, Any]:
    """A plan's memory, Linode's usual swap, and CPUs; Docker can change them later."""
    return {
        "mem_limit": memory_mib * MIB,
        "memswap_limit": (memory_mib + SWAP_MIB) * MIB,
        "cpu_period": CPU_PERIOD,
        "cpu_quota": vcpus * CPU_PERIOD,
    }


def host_options(settings: ServerSettings, volume: str) -> dict[str, Any]:
    """Rights, mounts and network, for `create_host_config`."""
    return {
        "binds": {volume: {"bind": "/var/lib/docker", "mode": "rw"}},
        "network_mode": settings.network,
        "cap_add": CAPABILITIES,
        "security_opt": ["seccomp=unconfined", "apparmor=unconfined"],
        "devices": ["/dev/net/tun:/dev/net/tun:rwm"],
        "tmpfs": {"/run": "exec,mode=755", "/tmp": "exec,mode=1777"},
        "dns": [settings.resolver],
        "log_config": LogConfig(type="json-file", config={"max-size": "5m"}),
    }


def host_extras() -> dict[str, Any]:
    """Options that `create_host_config` does not have.

    Nothing in /proc and /sys is masked (systempaths=unconfined on the command line), because a
    nested dockerd mounts a whole /proc. Cgroups are private, so that it stays inside the plan.
    """
    return {"MaskedPaths": [], "ReadonlyPaths": [], "CgroupnsMode": "private"}


def tar(files: dict[str, tuple[bytes, int]]) -> bytes:
    """An archive of root's files with their modes; Docker creates the directories."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path, (content, mode) in files.items():
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = len(content), mode
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()
