"""What the stand-in Linode needs from whatever runs its servers."""

from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Protocol

Job = Future[None]


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A server to be made: what the plan gives it and what it boots with."""

    id: int
    label: str
    address: str
    memory_mib: int
    vcpus: int
    image: str
    user_data: bytes = field(default=b"", repr=False)
    authorized_keys: tuple[str, ...] = ()


class Hypervisor(Protocol):
    """Starts work and returns at once; the job ends when the machine is in the wanted state."""

    def create(self, machine: Machine, /) -> Job:
        """Make the machine; it is off until `boot`."""

    def boot(self, machine_id: int, /) -> Job:
        """Switch it on."""

    def shutdown(self, machine_id: int, /) -> Job:
        """Switch it off."""

    def reboot(self, machine_id: int, /) -> Job:
        """Off and on again."""

    def resize(self, machine_id: int, memory_mib: int, vcpus: int, /) -> Job:
        """Give it another plan's memory and CPUs."""

    def protect(self, machine_id: int, ruleset: str, /) -> Job:
        """Put these nftables rules before it, now if it runs and at every boot."""

    def delete(self, machine_id: int, /) -> Job:
        """Remove it and its disks; one that is gone is fine."""

    def is_running(self, machine_id: int, /) -> bool:
        """Whether it is switched on right now, whoever did it."""


def done() -> Job:
    """A job that has ended well already."""
    job: Job = Future()
    job.set_result(None)
    return job


class NoServers:
    """No machines at all: everything succeeds at once. For previews and tests of the APIs."""

    def __init__(self) -> None:
        self._off: set[int] = set()

    def create(self, machine: Machine) -> Job:
        self._off.add(machine.id)
        return done()

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
