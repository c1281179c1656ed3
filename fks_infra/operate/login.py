"""A connection to one server, for a command that the operator works with."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fks_infra.errors import OperatorError
from fks_infra.operate.deployed_stack import DeployedStack
from fks_infra.operate.unreachable import Unreachable
from fks_infra.remote.command import CONNECT_SECONDS, interactive, output_of
from fks_infra.remote.inventory import DeployedServer

_SECONDS = 20.0


class Login:
    """Runs commands on a server."""

    def __init__(self, server: DeployedServer, key: Path | None, stack: str) -> None:
        self._server, self._key, self._stack = server, key, stack

    def output(self, command: str, seconds: float = _SECONDS) -> str:
        """The command's standard output; OperatorError if it fails or is not reached."""
        try:
            return output_of(self._server, self._key, command, seconds, CONNECT_SECONDS)
        except OSError as error:
            failure = Unreachable.of(self._server, str(error), self._stack)
            raise OperatorError(
                f"{self._server.name}: {failure.reason}\nNext: {failure.command}"
            ) from None

    def run(self, command: str, *, terminal: bool) -> int:
        """Run a command, the shell if it is empty, with this process's input and output; returns
        its exit code. OperatorError if the server is not reached."""
        # Opens the connection: ssh's own error would not have the command to type next.
        self.output("true")
        return interactive(self._server, self._key, command, terminal=terminal)


@contextmanager
def login(stack: DeployedStack, server: DeployedServer) -> Iterator[Login]:
    """A login; its connection is closed at the end."""
    with stack.key_file() as key:
        yield Login(server, key, stack.name)
