"""The servers of a stack, and the key that opens them; or the server that `fks` is run on."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from fks_infra.doctor.background import begin
from fks_infra.errors import OperatorError
from fks_infra.operate import this_server
from fks_infra.remote import key_file
from fks_infra.remote.inventory import DeployedServer, read_from

_NO_PULUMI = (
    "this server has neither Pulumi nor the state of a stack, and knows only itself. Nothing was "
    "changed. Leave out --stack and --remote, or type the command on the operator's machine"
)


@dataclass(frozen=True, kw_only=True)
class DeployedStack:
    """`deploy_key` is the private key of fks:deployKey. On a server `name` is empty, and there is
    no key."""

    name: str
    servers: tuple[DeployedServer, ...]
    deploy_key: str | None = field(repr=False)

    @contextmanager
    def key_file(self) -> Iterator[Path | None]:
        """The file of the key while the block runs; None on a server."""
        if self.deploy_key is None:
            yield None
            return
        with key_file.key_file(self.deploy_key) as file:
            yield file

    @property
    def title(self) -> str:
        """For messages."""
        return f"stack {self.name}" if self.name else f"this server ({self.servers[0].name})"

    def selected(self, names: Sequence[str]) -> tuple[DeployedServer, ...]:
        """The servers with these names, all without names; OperatorError for an unknown name."""
        known = [server.name for server in self.servers]
        for name in names:
            if name not in known:
                raise OperatorError(
                    f"{self.title} has no server {name!r}; it has {', '.join(known)}. "
                    f"Nothing was changed.\nNext: write one of these names"
                )
        return tuple(server for server in self.servers if not names or server.name in names)


def read(stack: str) -> DeployedStack:
    """On a server this server, unless a stack is named; otherwise as `from_outputs`."""
    if this_server.is_one() and not stack:
        return DeployedStack(name="", servers=(this_server.read(),), deploy_key=None)
    return from_outputs(stack)


def from_outputs(stack: str) -> DeployedStack:
    """Read a stack (the selected one if `stack` is empty); OperatorError if that is not possible.

    Runs three pulumi commands at the same time.
    """
    try:
        # Servers do not have it.
        from fks_infra.config.pulumi_cli import pulumi as run
    except ModuleNotFoundError:
        raise OperatorError(_NO_PULUMI) from None
    selection = ["--stack", stack] if stack else []
    showing = begin(lambda: stack or run("stack", "--show-name").strip())
    outputs = begin(partial(run, "stack", "output", "--json", *selection))
    key = begin(partial(run, "config", "get", "fks:deployKey", *selection))
    name, found = showing.result(), read_from(outputs)
    if found.error:
        raise OperatorError(f"stack {name} cannot be read: {found.error}")
    if not found.servers:
        command = " ".join(["pulumi up", *selection])
        raise OperatorError(f"nothing is deployed: stack {name} has no servers\nNext: {command}")
    return DeployedStack(name=name, servers=found.servers, deploy_key=key.result())
