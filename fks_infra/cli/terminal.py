"""`fks ssh`, `exec`, `psql` and `redis`: a command on one server, with this terminal."""

import shlex
import sys
from collections.abc import Callable, Sequence

from fks_infra.cli.errors import exit_code
from fks_infra.cli.progress import read_stack
from fks_infra.operate import container_commands
from fks_infra.operate.deployed_stack import DeployedStack
from fks_infra.operate.login import login
from fks_infra.operate.places import Place, find

# As ssh: the command did not run.
NOT_RUN = 255


def ssh(stack: str, name: str) -> int:
    """Run the shell of a server; returns its exit code."""

    def place(found: DeployedStack) -> Place:
        (server,) = found.selected([name])
        return Place(server=server)

    return _run(stack, place, [])


def execute(stack: str, name: str, command: Sequence[str]) -> int:
    """Run a command in the container of a service or on a server; returns its exit code."""
    return _run(stack, lambda found: find(found, name), command)


def psql(stack: str, database: str, options: Sequence[str], *, write: bool) -> int:
    """Run psql in a database's container; returns its exit code."""
    service = container_commands.DATABASES[database]
    command = container_commands.psql(options, write=write, terminal=_terminal())
    return _run(stack, lambda found: find(found, service), command)


def redis(stack: str, store: str, arguments: Sequence[str]) -> int:
    """Run redis-cli in the container of the queue or the cache; returns its exit code."""
    service = container_commands.REDIS[store]
    command = container_commands.redis(arguments)
    return _run(stack, lambda found: find(found, service), command)


def _run(stack: str, find_place: Callable[[DeployedStack], Place], command: Sequence[str]) -> int:
    with exit_code(NOT_RUN):
        found = read_stack(stack)
        place = find_place(found)
        with login(found, place.server) as one:
            return one.run(_text(place, command), terminal=_terminal())


def _text(place: Place, command: Sequence[str]) -> str:
    if place.service:
        return container_commands.in_container(place.service, command, terminal=_terminal())
    return shlex.join(command)


def _terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()
