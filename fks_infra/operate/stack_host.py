"""Where `bin/stack` of the host scripts is run: on the servers of a stack, or on this server."""

import getpass
import json
import shlex
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fks_infra.operate import deployed_stack
from fks_infra.operate.streaming import Ended, stream
from fks_infra.operate.unreachable import Unreachable
from fks_infra.remote.command import CONNECT_SECONDS
from fks_infra.remote.host_scripts import HOST_SCRIPTS
from fks_infra.remote.inventory import DeployedServer
from fks_infra.remote.ssh import command_line

PROGRAM = f"{HOST_SCRIPTS}/current/bin/stack"
# What the program writes before its errors
PREFIX = "stack: "
# ssh's exit code for its own errors
SSH_FAILED = 255


@dataclass(frozen=True, kw_only=True)
class StackHost:
    """A server; `key` is the file of the deploy key, None on the server itself."""

    server: DeployedServer
    stack: str
    key: Path | None

    @property
    def name(self) -> str:
        return self.server.name

    def run(self, *words: str, report: Callable[[str], None], seconds: float) -> Ended:
        """Run the program with these arguments; `report` gets the lines that it prints."""
        command = ["sudo", "-n", PROGRAM, *words]
        if self.key is None:
            return stream(command, report, seconds)
        try:
            ssh = command_line(self.server, self.key, shlex.join(command), CONNECT_SECONDS)
        except OSError as error:
            return Ended(code=SSH_FAILED, error=str(error))
        return stream(ssh, report, seconds)

    def document(self, word: str, seconds: float) -> dict[str, Any]:
        """The JSON document that the program prints; raises OSError with its error or ssh's."""
        lines: list[str] = []
        ended = self.run(word, report=lines.append, seconds=seconds)
        if ended.code != 0:
            raise OSError(ended.error)
        try:
            return dict(json.loads("".join(lines)))
        except (ValueError, TypeError):
            raise OSError("its answer is no JSON document") from None

    def unreachable(self, message: str) -> Unreachable:
        """Why it does not answer, from ssh's message or the program's."""
        if self.key is None or message.startswith(PREFIX):
            command = f"fks status {self.name}" if self.key else f"sudo {PROGRAM} state"
            return Unreachable(reason=message.removeprefix(PREFIX), command=command)
        return Unreachable.of(self.server, message, self.stack)


@dataclass(frozen=True, kw_only=True)
class Fleet:
    """The servers of the stack `stack`, or this server, with an empty `stack`."""

    stack: str
    hosts: tuple[StackHost, ...]

    @property
    def who(self) -> str:
        """Who acts, for others to read; empty on a server, which knows the user of sudo."""
        return f"{getpass.getuser()}@{socket.gethostname()}" if self.stack else ""


@contextmanager
def fleet(stack: str, *, remote: bool) -> Iterator[Fleet]:
    """On a server this server, unless a stack or `remote` is given; otherwise the stack's servers.

    OperatorError where the stack cannot be read.
    """
    found = (deployed_stack.from_outputs if remote else deployed_stack.read)(stack)
    with found.key_file() as key:
        hosts = (StackHost(server=one, stack=found.name, key=key) for one in found.servers)
        yield Fleet(stack=found.name, hosts=tuple(hosts))
