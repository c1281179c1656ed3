"""The servers of a stack, and the key that opens them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from fks_infra.config.pulumi_cli import SECONDS, pulumi
from fks_infra.doctor.background import begin
from fks_infra.errors import OperatorError
from fks_infra.remote.inventory import DeployedServer, read_from


@dataclass(frozen=True, kw_only=True)
class DeployedStack:
    """`deploy_key` is the private key of fks:deployKey."""

    name: str
    servers: tuple[DeployedServer, ...]
    deploy_key: str = field(repr=False)

    def selected(self, names: Sequence[str]) -> tuple[DeployedServer, ...]:
        """The servers with these names, all without names; OperatorError for an unknown name."""
        known = [server.name for server in self.servers]
        for name in names:
            if name not in known:
                raise OperatorError(
                    f"stack {self.name} has no server {name!r}; it has {', '.join(known)}. "
                    f"Nothing was changed.\nNext: write one of these names"
                )
        return tuple(server for server in self.servers if not names or server.name in names)


def read(stack: str, seconds: float = SECONDS) -> DeployedStack:
    """Read a stack (the selected one if `stack` is empty); OperatorError if that is not possible.

    Runs three pulumi commands at the same time; `seconds` limits each.
    """
    selection = ["--stack", stack] if stack else []
    run = partial(pulumi, seconds=seconds)
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
