"""The commands `fks start` and `fks stop`."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated

import typer

from fks_infra.cli import stacks
from fks_infra.cli.cleanup import confirmed
from fks_infra.cli.servers import end
from fks_infra.operate.stack_action import Action
from fks_infra.operate.stack_choice import MULTI, Target
from fks_infra.operate.stack_host import Fleet
from fks_infra.operate.stack_state import States

Auth = Annotated[bool, typer.Option("--auth", help="The stack auth.")]
Api = Annotated[bool, typer.Option("--api", help="The stack api.")]
Web = Annotated[bool, typer.Option("--web", help="The stack web.")]
Multi = Annotated[bool, typer.Option("--multi", help="All servers of a stack with several.")]
Single = Annotated[bool, typer.Option("--single", help="The server of a stack with one.")]
Remote = Annotated[bool, typer.Option("--remote", help="On a server: the stack's servers, by SSH.")]
Status = Annotated[bool, typer.Option("--status", help="Only show what is stopped and what runs.")]
Json = Annotated[bool, typer.Option("--json", help="With --status: print one JSON document.")]
Dev = Annotated[
    bool, typer.Option("--dev", help="The development stack on this machine, by plain Docker.")
]
Stack = Annotated[str, typer.Option(help="The stack; without it the selected one.")]


def register(app: typer.Typer) -> None:
    """Add the commands to `fks`."""
    app.command()(start)
    app.command()(stop)


def start(
    auth: Auth = False,
    api: Api = False,
    web: Web = False,
    multi: Multi = False,
    single: Single = False,
    gpu: Annotated[bool, typer.Option("--gpu", help="Only with the GPU worker.")] = False,
    minimal: Annotated[bool, typer.Option("--minimal", help="Only with fks:lowMemory.")] = False,
    remote: Remote = False,
    dev: Dev = False,
    source: Annotated[
        list[str] | None,
        typer.Option(metavar="SERVICE=PATH", help="With --dev: files of this machine; api or web."),
    ] = None,
    image: Annotated[
        list[str] | None, typer.Option(metavar="SERVICE=IMAGE", help="With --dev: another image.")
    ] = None,
    status: Status = False,
    json_: Json = False,
    stack: Stack = "",
) -> None:
    """Start stacks that were stopped: auth, then api, then web, each healthy before the next.

    Without a stack's name all of them, on the servers of the selected stack; on a server the stacks
    of that server. It starts the release that is in service; pulumi up deploys a new one. Exit
    code: 0 done, 1 a server failed or was not reached, 2 nothing was done. Example: fks start --api
    """
    others = (auth, api, web, multi, gpu, remote, status, json_, stack)
    if dev:
        _only_dev(*others)
        # Servers do not have it.
        from fks_infra.cli import dev as dev_command

        end(lambda: dev_command.start(source or [], image or [], minimal=minimal))
    if source or image:
        raise typer.BadParameter("--source and --image need --dev: they are for this machine.")
    request = stacks.Request(
        stack=stack,
        roles=_roles(auth, api, web),
        mode=_mode(multi, single),
        remote=remote,
        gpu=gpu,
        minimal=minimal,
    )
    if status:
        raise typer.Exit(stacks.show(request, as_json=json_))
    raise typer.Exit(stacks.change(request, lambda fleet, *_: Action.start(fleet.who)))


def stop(
    auth: Auth = False,
    api: Api = False,
    web: Web = False,
    multi: Multi = False,
    single: Single = False,
    remote: Remote = False,
    force: Annotated[bool, typer.Option("--force", help="Kill at once, without waiting.")] = False,
    cleanup_all: Annotated[
        bool, typer.Option("--cleanup-all", help="Then delete containers, volumes, releases.")
    ] = False,
    dev: Dev = False,
    yes: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SERVER", help="With --cleanup-all: no prompt for this server; for --dev: dev."
        ),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why, for others to read.")] = "",
    status: Status = False,
    json_: Json = False,
    stack: Stack = "",
) -> None:
    """Stop stacks: web, then api, then auth; running requests and tasks are finished first.

    A stopped stack stays stopped, also after a reboot and pulumi up, until fks start. --cleanup-all
    first shows what it would delete and prompts for the server's name; it dumps the API's database,
    and keeps certificates and backups. Exit code: 0 done, 1 a server failed or was not reached, 2
    nothing was done. Example: fks stop --web --reason "new front end"
    """
    if dev:
        _only_dev(auth, api, web, multi, remote, force, status, json_, stack, reason)
        # Servers do not have it.
        from fks_infra.cli import dev as dev_command

        end(lambda: dev_command.stop(cleanup=cleanup_all, yes="dev" in (yes or [])))
    request = stacks.Request(
        stack=stack,
        roles=_roles(auth, api, web),
        mode=_mode(multi, single),
        remote=remote,
        callers_first=True,
    )
    if status:
        raise typer.Exit(stacks.show(request, as_json=json_))
    make = partial(_clean_up, yes or []) if cleanup_all else _stop
    raise typer.Exit(stacks.change(request, partial(make, reason, force)))


def _only_dev(*others: object) -> None:
    if any(others):
        raise typer.BadParameter("--dev is the stack on this machine: leave out other options.")


def _stop(reason: str, force: bool, fleet: Fleet, *_: object) -> Action:
    return Action.stop(fleet.who, reason, force=force)


def _clean_up(
    yes: Sequence[str],
    reason: str,
    force: bool,
    fleet: Fleet,
    targets: Sequence[Target],
    states: States,
) -> Action | None:
    if not confirmed(targets, states, yes):
        return None
    return Action.clean_up(fleet.who, reason, force=force)


def _roles(auth: bool, api: bool, web: bool) -> tuple[str, ...]:
    given = {"auth": auth, "api": api, "web": web}
    return tuple(role for role, chosen in given.items() if chosen)


def _mode(multi: bool, single: bool) -> str:
    if multi and single:
        raise typer.BadParameter("--multi and --single exclude each other: give one of them.")
    return MULTI if multi else "single" if single else ""
