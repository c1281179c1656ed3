"""Servers that consist of their first boot alone: they join the tailnet as cloud-init would."""

import re
import sys
from collections.abc import Callable

from rehearsal.clouds.errors import CloudError
from rehearsal.clouds.hypervisor import Job, MachineSpec, NoServers

_KEY = re.compile(r"tskey-auth-[\w-]+")
_HOSTNAME = re.compile(r"--hostname=(\S+)-\{\{ v1\.instance_id \}\}")


class SimulatedServers(NoServers):
    """`join`, which must be set, gets auth key and host name of each server that first boots."""

    def __init__(self) -> None:
        super().__init__()
        self._new: dict[int, str] = {}
        self.join: Callable[[str, str], object]

    def create(self, machine: MachineSpec) -> Job:
        self._new[machine.id] = machine.user_data.decode()
        return super().create(machine)

    def boot(self, machine_id: int) -> Job:
        user_data = self._new.pop(machine_id, "")
        key, hostname = _KEY.search(user_data), _HOSTNAME.search(user_data)
        if key and hostname:
            self._join(key.group(), f"{hostname.group(1)}-{machine_id}")
        return super().boot(machine_id)

    def _join(self, key: str, hostname: str) -> None:
        try:
            self.join(key, hostname)
        except CloudError as error:
            sys.stderr.write(f"{hostname} did not join the tailnet: {error}\n")
