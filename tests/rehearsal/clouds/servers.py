"""A hypervisor whose jobs the test ends."""

from concurrent.futures import Future

from rehearsal.clouds.hypervisor import Job, MachineSpec, done


class ManualServers:
    """Every job waits for `finish` or `fail`; `calls` are the jobs in order."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, int]] = []
        self.machines: dict[int, MachineSpec] = {}
        self.rulesets: dict[int, str] = {}
        self.running: set[int] = set()
        self._jobs: list[Job] = []

    def create(self, machine: MachineSpec) -> Job:
        self.machines[machine.id] = machine
        return self._job("create", machine.id)

    def boot(self, machine_id: int) -> Job:
        return self._job("boot", machine_id)

    def shutdown(self, machine_id: int) -> Job:
        return self._job("shutdown", machine_id)

    def reboot(self, machine_id: int) -> Job:
        return self._job("reboot", machine_id)

    def resize(self, machine_id: int, _memory_mib: int, _vcpus: int) -> Job:
        return self._job("resize", machine_id)

    def protect(self, machine_id: int, ruleset: str) -> Job:
        self.rulesets[machine_id] = ruleset
        return done()

    def delete(self, machine_id: int) -> Job:
        return self._job("delete", machine_id)

    def is_running(self, machine_id: int) -> bool:
        return machine_id in self.running

    def finish(self, count: int = 1) -> None:
        """The oldest jobs succeed."""
        for _ in range(count):
            self._jobs.pop(0).set_result(None)

    def fail(self, text: str) -> None:
        """The oldest job fails."""
        self._jobs.pop(0).set_exception(RuntimeError(text))

    def _job(self, action: str, machine_id: int) -> Job:
        self.calls.append((action, machine_id))
        self._jobs.append(Future())
        return self._jobs[-1]
