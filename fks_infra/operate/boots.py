"""Reboots a server and waits until it is healthy again."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fks_infra.errors import OperatorError
from fks_infra.operate import reports
from fks_infra.operate.reports import Document, Program
from fks_infra.operate.state import State
from fks_infra.operate.unreachable import Unreachable
from fks_infra.remote.host_scripts import host_program
from fks_infra.remote.inventory import DeployedServer
from fks_infra.remote.key_file import close_connections

_KEYS = ("boot", "time")
# Of one question to the server, and between two; seconds
_CALL, _PAUSE = 10.0, 2.0
# Until the server has booted and is healthy; seconds
LIMIT = 600.0

Report = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A server of a stack; `key` is the file of the deploy key."""

    server: DeployedServer
    stack: str
    key: Path

    @property
    def name(self) -> str:
        return self.server.name

    def state(self) -> State:
        """Its state now."""
        return State.of(self.stack, reports.read(self.stack, [self.server], self.key))

    def problems(self) -> list[str]:
        """What is wrong with it now, or why it is not reached; empty while it is healthy."""
        return [one.text for one in self.state().problems]

    def boot(self) -> Document | Unreachable:
        """{"boot": another text after each boot, "time"}."""
        return self._call(f"{host_program('reboot')} show")

    def reboot(self, who: str, reason: str) -> str:
        """Let it reboot; returns the text of the boot before. OperatorError if it does not."""
        command = host_program("reboot", "reboot", "--who", who, "--reason", reason)
        found = self._call(command)
        if isinstance(found, Unreachable):
            raise OperatorError(
                f"{self.name} was not rebooted: {found.reason}\nNext: {found.command}"
            )
        # Commands must not wait for answers over a connection of before.
        close_connections(self.key.parent)
        return str(found["boot"])

    def wait_booted(self, before: str, report: Report) -> None:
        """Wait until it has booted again. OperatorError with the last answer after LIMIT."""

        def state() -> str:
            found = self.boot()
            if isinstance(found, Unreachable):
                return f"not reached: {found.reason}"
            return "" if found["boot"] != before else "it has not gone down yet"

        self._wait("has not booted", state, report)

    def wait_healthy(self, accepted: Sequence[str], report: Report) -> None:
        """Wait until it has no problem but these. OperatorError with the last after LIMIT."""

        def state() -> str:
            return "; ".join(one for one in self.problems() if one not in accepted)

        self._wait("is not healthy", state, report)

    def _wait(self, what: str, state: Callable[[], str], report: Report) -> None:
        deadline, shown = time.monotonic() + LIMIT, ""
        while text := state():
            if text != shown:
                report(f"{self.name}: {text}")
                shown = text
            if time.monotonic() > deadline:
                raise OperatorError(
                    f"{self.name} {what} within {LIMIT:.0f} s: {text}\nNext: fks status {self.name}"
                )
            time.sleep(_PAUSE)

    def _call(self, command: str) -> Document | Unreachable:
        program = Program(command=command, keys=_KEYS, seconds=_CALL)
        return reports.read(self.stack, [self.server], self.key, program)[self.name]
