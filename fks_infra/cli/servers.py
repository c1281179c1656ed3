"""What the commands that work on a deployed stack's servers share."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from fks_infra.cli.errors import exit_code
from fks_infra.cli.progress import read_stack, waiting_for
from fks_infra.errors import OperatorError
from fks_infra.operate import reports
from fks_infra.operate.reports import Program, Reports
from fks_infra.operate.unreachable import Unreachable
from fks_infra.remote.host_scripts import host_program
from fks_infra.remote.inventory import DeployedServer

DONE, INCOMPLETE, CANNOT_TELL = 0, 1, 2
# Of a program, in seconds
_LIMIT = 20.0


@dataclass(frozen=True, kw_only=True)
class Servers:
    """Servers of a stack, and the file of the key that opens them; on a server it, and no key."""

    stack: str
    servers: tuple[DeployedServer, ...]
    key: Path | None

    def run(
        self, keys: tuple[str, ...], program: str, *arguments: str, seconds: float = _LIMIT
    ) -> Reports:
        """Run a program of host/bin on all servers at once; it prints a document with `keys`.

        OperatorError after Ctrl-C: the program goes on where it has begun.
        """
        command = host_program(program, *arguments)
        names = ", ".join(server.name for server in self.servers)
        with waiting_for(f"{program}: {names}"):
            called = Program(command=command, keys=keys, seconds=seconds)
            try:
                return reports.read(self.stack, self.servers, self.key, called)
            except KeyboardInterrupt:
                raise OperatorError(
                    f"interrupted: where {program} has begun ({names}), it goes on. The same "
                    f"command can be run again.\nNext: fks status --stack {self.stack}"
                ) from None

    def ssh_key(self) -> Path:
        """The key's file. OperatorError on the server itself, which is not reached by SSH."""
        if self.key is None:
            raise OperatorError("this command needs the operator's machine\nNext: run it there")
        return self.key

    def only(self, name: str) -> "Servers":
        """One of them."""
        return replace(self, servers=tuple(one for one in self.servers if one.name == name))


@contextmanager
def connected(stack: str, names: Sequence[str]) -> Iterator[Servers]:
    """These servers of the stack, all without names; OperatorError for a wrong stack or name."""
    found = read_stack(stack)
    servers = found.selected(names)
    with found.key_file() as key:
        yield Servers(stack=found.name, servers=servers, key=key)


def end(call: Callable[[], int]) -> None:
    """End the program with the call's exit code; an OperatorError is printed and ends it with 2."""
    with exit_code(CANNOT_TELL):
        code = call()
    raise typer.Exit(code)


def code_of(found: Reports) -> int:
    """0: all servers answered, 1: some did not, 2: none did."""
    missing = sum(isinstance(one, Unreachable) for one in found.values())
    if missing == len(found):
        return CANNOT_TELL
    return INCOMPLETE if missing else DONE


def show_unreached(found: Reports) -> None:
    """On standard error: each server that did not answer, why, and what to type next."""
    errors = Console(stderr=True, highlight=False)
    for name, one in found.items():
        if isinstance(one, Unreachable):
            text = f"{name}: not reached: {one.reason}"
            errors.print(text, style="red", markup=False, soft_wrap=True)
            errors.print(f"  next: {one.command}", markup=False, soft_wrap=True)


def unreached_errors(found: Reports, state: str, again: str = "") -> Iterator[str]:
    """An error for each server that did not answer: `state` is what was changed, `again` the
    command to type after the one that finds the cause."""
    then = f"; then {again}" if again else ""
    for name, one in found.items():
        if isinstance(one, Unreachable):
            yield f"{name} was not reached: {one.reason}. {state}.\nNext: {one.command}{then}"


def plain(found: Reports) -> dict[str, Mapping[str, Any]]:
    """By server the document, or {"reason", "command"} of one that was not reached."""
    return {
        name: asdict(one) if isinstance(one, Unreachable) else one for name, one in found.items()
    }


def write_json(document: Mapping[str, Any]) -> None:
    """Print one JSON document."""
    sys.stdout.write(json.dumps(document, indent=2) + "\n")
