"""`fks drift` and `fks repair`: what was changed by hand, and its repair."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

import typer
from rich.console import Console

from fks_infra.cli.errors import exit_code
from fks_infra.cli.progress import waiting_for
from fks_infra.cli.servers import Servers as Connected
from fks_infra.cli.servers import connected, write_json
from fks_infra.drift import find as drift_find
from fks_infra.drift import repairs
from fks_infra.drift.findings import CANNOT_TELL, Deviation, Findings
from fks_infra.drift.screen import screen
from fks_infra.errors import OperatorError

app = typer.Typer()
_console = Console(highlight=False)

Servers = Annotated[
    list[str] | None, typer.Argument(metavar="[SERVER]...", help="Without it all servers.")
]
Stack = Annotated[str, typer.Option(help="The stack; without it the selected one.")]
Clouds = Annotated[
    bool, typer.Option("--clouds/--no-clouds", help="Compare the clouds too, by a preview.")
]


@dataclass(frozen=True, kw_only=True)
class Place:
    """What to compare: servers of a stack, and its clouds."""

    found: Connected
    clouds: bool

    def find(self) -> Findings:
        found = self.found
        # Only Pulumi knows the clouds.
        clouds = self.clouds and bool(found.stack)
        names = [server.name for server in found.servers]
        shown = ", ".join([*names, *(["clouds"] if clouds else [])])
        with waiting_for(f"comparing {shown}"):
            return drift_find.find(found.stack, found.servers, found.key, clouds=clouds)


@app.command()
def drift(
    servers: Servers = None,
    stack: Stack = "",
    clouds: Clouds = True,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Show what was changed by hand on the servers and in the clouds. Changes nothing.

    Each server is compared with its release and its bootstrap, with one SSH login; the clouds by
    pulumi preview --refresh, which a server cannot. Exit code: 0 no drift, 1 drift, 2 cannot tell:
    something could not be compared, and no drift was found elsewhere.
    Example: fks drift api --no-clouds
    """
    with _opened(stack, servers or [], clouds=clouds) as place:
        findings = place.find()
    if json_:
        write_json(findings.document())
    else:
        _show(findings)
    raise typer.Exit(findings.exit_code)


@app.command()
def repair(
    servers: Servers = None,
    stack: Stack = "",
    clouds: Clouds = True,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="No questions; removes nothing that is not ours.")
    ] = False,
    remove: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Remove this thing that is not ours, unasked."),
    ] = None,
) -> None:
    """Show the drift, repair it after a question, and compare again.

    It does the least: bootstrap steps, files and containers that differ, single cloud resources.
    Things that the project did not make (a container, a user, a key) are removed only after a
    question for each, or by --remove. Exit code as of fks drift, after the repair. Example:
    fks repair api --yes --remove web-test
    """
    with _opened(stack, servers or [], clouds=clouds) as place:
        findings = place.find()
        _show(findings)
        chosen = _chosen(findings, remove or [], yes=yes)
        if chosen:
            _repair(place, chosen)
            findings = place.find()
            _show(findings)
    raise typer.Exit(findings.exit_code)


@contextmanager
def _opened(stack: str, names: Sequence[str], *, clouds: bool) -> Iterator[Place]:
    """Ends with CANNOT_TELL and the reason if the stack cannot be read."""
    with exit_code(CANNOT_TELL), connected(stack, names) as found:
        yield Place(found=found, clouds=clouds)


def _show(findings: Findings) -> None:
    for line in screen(findings):
        _console.print(line, soft_wrap=True)


def _chosen(findings: Findings, remove: Sequence[str], *, yes: bool) -> list[Deviation]:
    """The deviations to repair: ours after one question, others after one for each."""
    _check_names(findings, remove)
    repairable = [one for one in findings.deviations if one.repair]
    ours = [one for one in repairable if one.ours]
    if ours and not (yes or _confirmed(f"Repair {_counted(ours)} as shown?")):
        ours = []
    others = [one for one in repairable if not one.ours]
    removed = [one for one in others if one.name in remove or (not yes and _confirmed_removal(one))]
    return [*ours, *removed]


def _counted(deviations: Sequence[Deviation]) -> str:
    return f"{len(deviations)} deviation{'s' if len(deviations) > 1 else ''}"


def _check_names(findings: Findings, remove: Sequence[str]) -> None:
    known = [one.name for one in findings.deviations if not one.ours]
    for name in remove:
        if name not in known:
            listed = ", ".join(known) or "nothing"
            raise OperatorError(
                f"--remove {name}: nothing that is not ours has this name; found: {listed}. "
                f"Nothing was changed."
            )


def _confirmed_removal(one: Deviation) -> bool:
    return _confirmed(f"Remove {one.kind} {one.name} of {one.place}, which is not ours?")


def has_terminal() -> bool:
    """Whether a person can answer questions."""
    return sys.stdin.isatty()


def _confirmed(question: str) -> bool:
    if not has_terminal():
        raise OperatorError("there is no terminal to ask. Nothing was changed. Next: add --yes")
    return typer.confirm(question)


def _repair(place: Place, deviations: Sequence[Deviation]) -> None:
    chosen = repairs.plan(deviations)
    with waiting_for(f"repairing {', '.join(chosen)}"):
        try:
            lines = [
                *repairs.on_servers(chosen, place.found.servers, place.found.key),
                *repairs.in_clouds(chosen, place.found.stack),
            ]
        except KeyboardInterrupt:
            raise OperatorError(
                "interrupted: a repair that has begun goes on on its server, those of the clouds "
                "have not begun or were stopped by pulumi. Next: fks drift"
            ) from None
    for line in lines:
        _console.print(line, markup=False, soft_wrap=True)
