"""The interface between the stand-in Linode and whatever runs its servers."""

from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Protocol

Job = Future[None]


@dataclass(frozen=True, kw_only=True)
class MachineSpec:
    """A machine to create: its plan's size, and what its first boot needs."""

    id: int
    label: str
    address: str
    memory_mib: int
    vcpus: int
    user_data: bytes = field(default=b"", repr=False)
    authorized_keys: tuple[str, ...] = ()


class Hypervisor(Protocol):
    """Starts work and returns at once; the job ends when the work is done."""

    def create(self, machine: MachineSpec, /) -> Job:
        """Create the machine, switched off."""

    def boot(self, machine_id: int, /) -> Job:
        """Switch it on."""

    def shutdown(self, machine_id: int, /) -> Job:
        """Switch it off."""

    def reboot(self, machine_id: int, /) -> Job:
        """Switch it off and on again."""

    def resize(self, machine_id: int, memory_mib: int, vcpus: int, /) -> Job:
        """Change its memory and CPUs."""

    def protect(self, machine_id: int, ruleset: str, /) -> Job:
        """Load nftables rules in front of it: now if it runs, and at every boot."""

    def delete(self, machine_id: int, /) -> Job:
        """Remove it and its disks; a machine that does not exist is no error."""

    def is_running(self, machine_id: int, /) -> bool:
        """Whether it is switched on now."""


def done() -> Job:
    """A job that has ended without an error."""
    job: Job = Future()
    job.set_result(None)
    return job


class NoServers:
    """No machines: every job succeeds at once. For previews and tests of the APIs."""

    def __init__(self) -> None:
        self._off: set[int] = set()

    def create(self, machine: MachineSpec) -> Job:
        return self.shutdown(machine.id)

    def boot(self, machine_id: int) -> Job:
        self._off.discard(machine_id)
        return done()

    def shutdown(self, machine_id: int) -> Job:
        self._off.add(machine_id)
        return done()

    def reboot(self, machine_id: int) -> Job:
        return self.boot(machine_id)

    def resize(self, _machine_id: int, _memory_mib: int, _vcpus: int) -> Job:
        return done()

    def protect(self, _machine_id: int, _ruleset: str) -> Job:
        return done()

    def delete(self, _machine_id: int) -> Job:
        return done()

    def is_running(self, machine_id: int) -> bool:
        return machine_id not in self._off
