"""The prompt of `fks stop --cleanup-all`."""

from collections.abc import Sequence

import typer

from fks_infra.cli.prompt import typed
from fks_infra.errors import OperatorError
from fks_infra.operate import cleanup, stack_state
from fks_infra.operate.stack_choice import Target
from fks_infra.operate.stack_host import StackHost
from fks_infra.operate.stack_state import States
from fks_infra.operate.unreachable import Unreachable


def confirmed(targets: Sequence[Target], states: States, yes: Sequence[str]) -> bool:
    """Show what would be deleted, and compare the names in `yes`, or those that are typed.

    OperatorError when a server's stacks are not all meant, or nobody can type a name.
    """
    _check(targets, yes)
    hosts = [target.host for target in targets if _deployed(states, target.host.name)]
    for host in hosts:
        _show(host)
    for host in hosts:
        if host.name not in yes and not typed(host.name, "delete this", f"--yes {host.name}"):
            typer.echo("Another name was typed: nothing was changed.", err=True)
            return False
    return True


def _check(targets: Sequence[Target], yes: Sequence[str]) -> None:
    for target in targets:
        if target.roles:
            raise OperatorError(
                f"--cleanup-all deletes all of server {target.host.name}, which also has other "
                f"stacks than {', '.join(target.roles)}: leave out --{target.roles[0]}"
            )
    names = [target.host.name for target in targets]
    for name in yes:
        if name not in names:
            raise OperatorError(f"--yes {name}: the servers are {', '.join(names)}")


def _deployed(states: States, name: str) -> bool:
    state = states[name]
    return not isinstance(state, Unreachable) and bool(state["release"])


def _show(host: StackHost) -> None:
    try:
        found = host.document("cleanup-list", stack_state.SECONDS)
    except OSError as error:
        raise OperatorError(f"{host.name}: {host.unreachable(str(error)).reason}") from None
    typer.echo(f"{host.name}: this is deleted:")
    for line in cleanup.description(found):
        typer.echo(line)
