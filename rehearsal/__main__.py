"""Commands of the rehearsal, which runs the program in stand-in clouds on this machine."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from fks_infra.errors import OperatorError
from rehearsal.world.machine import MachineError
from rehearsal.world.names import STACKS
from rehearsal.world.progress import WaitTimeoutError, console

app = typer.Typer(help=__doc__, no_args_is_help=True, pretty_exceptions_enable=False)

Mode = Annotated[str, typer.Option(help="multi: three servers; single: one server for all roles")]


@app.command()
def setup(
    tests: Annotated[
        bool, typer.Option("--tests", help="also install what only the tests need")
    ] = False,
) -> None:
    """Install missing packages, start Docker, build the engine and all images.

    Needs root on Debian to install packages; without root it names the missing packages. The first
    run takes several minutes, later runs use the built images.
    """
    from rehearsal.world import world

    world.prepare(tests=tests)


@app.command()
def rehearse(
    mode: Mode = "multi",
    config: Annotated[
        list[str] | None,
        typer.Option(help="set a stack setting, fks:KEY=VALUE; may be repeated"),
    ] = None,
) -> None:
    """Run the unchanged program in a new world and check the servers it creates.

    Runs setup first and removes the previous world. The new world keeps running: try `exec` and
    `shell`, remove it with `down`. Results are in .rehearsal/report.json; exits with 1 if a check
    failed.

    Example: python -m rehearsal rehearse --mode single --config fks:region=eu-central
    """
    from rehearsal.world.rehearse import rehearse as run

    if not run(_known(mode), dict(map(_setting, config or []))).ok:
        raise typer.Exit(1)


def _known(mode: str) -> str:
    if mode not in STACKS:
        raise typer.BadParameter(f"--mode is {mode!r}: set it to one of {', '.join(STACKS)}")
    return mode


def _setting(row: str) -> tuple[str, str]:
    key, equals, value = row.partition("=")
    if not equals or not key.startswith("fks:"):
        raise typer.BadParameter(
            f"--config is {row!r}: write fks:KEY=VALUE, e.g. fks:region=eu-central"
        )
    return key, value


@app.command()
def preview(mode: Mode = "multi") -> None:
    """Run `pulumi preview` against empty stand-in clouds, without servers and Docker.

    Prints which provider plugins are real and which are stand-ins, then the engine's display.
    """
    from rehearsal import local

    typer.echo(local.preview(_known(mode)))


@app.command()
def impact(
    base: Annotated[str, typer.Option(help="the commit whose stack exists already")],
    stack: Annotated[str, typer.Option(help="the stack")] = "prod",
) -> None:
    """Print as JSON which servers and records the engine replaces or deletes; without Docker.

    Creates the stack of the base in the stand-in clouds, then previews this checkout. It is what
    `fks impact --engine` runs.
    """
    from rehearsal.engine_impact import engine_operations

    typer.echo(json.dumps(engine_operations(base, stack)))


@app.command()
def check() -> None:
    """Run linters, types, shellcheck, hadolint, actionlint, zizmor, compose config, gixy."""
    from rehearsal.lint import lint

    lint()


@app.command()
def bench(
    runs: Annotated[int, typer.Option(help="runs per figure", min=5)] = 5,
) -> None:
    """Measure up, preview, memory, the tailnet, nginx and backups; print min, median and max.

    Replaces the running world. Takes about 25 minutes with 5 runs.
    """
    from rehearsal.bench.run import bench as run

    run(runs)


@app.command()
def down() -> None:
    """Remove all containers, volumes and the network of this world; keep the images."""
    from rehearsal.world import machine, world

    removed = world.stop(machine.docker_client())
    console.print("\n".join(removed) if removed else "nothing to remove")


@app.command(
    name="exec", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False}
)
def execute(
    command: Annotated[list[str], typer.Argument(help="the command and its arguments")],
) -> None:
    """Run a command in the operator's container; exits with the command's exit code.

    Example: python -m rehearsal exec pulumi stack output
    """
    from rehearsal.world import world

    raise typer.Exit(world.enter(command, terminal=False))


@app.command()
def shell() -> None:
    """Open a shell in the operator's container, with pulumi, fks, ssh and curl."""
    from rehearsal.world import world

    raise typer.Exit(world.enter(["bash"], terminal=sys.stdin.isatty()))


@app.command()
def fault(
    cloud: Annotated[str, typer.Argument(help="linode, cloudflare, tailscale or acme")],
    status: Annotated[int | None, typer.Option(help="HTTP status of the response")] = None,
    method: Annotated[str, typer.Option(help="regular expression for the method")] = ".*",
    path: Annotated[str, typer.Option(help="regular expression, searched in the path")] = ".*",
    delay: Annotated[float, typer.Option(help="seconds before the response")] = 0.0,
    retry_after: Annotated[int | None, typer.Option(help="Retry-After header in seconds")] = None,
    count: Annotated[int, typer.Option(help="number of requests that fail")] = 1,
) -> None:
    """Let the next matching requests to a stand-in cloud fail or be slow.

    Without --status the requests succeed after --delay.

    Example: python -m rehearsal fault linode --status 429 --retry-after 2 --path instances
    """
    from rehearsal.world import world
    from rehearsal.world.cloud_control import CloudControl

    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    CloudControl(world.running().operator).fault(
        cloud, status=status, method=method, path=path, delay=delay, headers=headers, count=count
    )


@app.command(name="game-day")
def game_day(
    faults: Annotated[
        list[str] | None, typer.Argument(metavar="[FAULT]...", help="without it all of them")
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="only list the faults")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
) -> None:
    """Break the running rehearsal on purpose; time its diagnosis by fks and its repair.

    Causes one fault after the other, waits until `fks status`, `fks doctor` or `fks history` names
    it, runs the documented commands, waits until all services are healthy. Results are in
    .rehearsal/game-day.json; exits with 1 if a fault was not named or not repaired.

    Example: python -m rehearsal game-day server-off disk-full
    """
    from rehearsal.game_day import run

    if listed:
        sys.stdout.write(run.listed())
    elif not run.game_day(faults or [], as_json=as_json):
        raise typer.Exit(1)


@app.command()
def drill(
    losses: Annotated[
        list[str] | None, typer.Argument(metavar="[LOSS]...", help="without it all of them")
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="only list the losses")] = False,
) -> None:
    """Lose a server, a region, the laptop, state or passphrase in the running rehearsal.

    Types the commands of docs/recovery.md, waits until all services are healthy, and compares the
    servers. Exits with 1 if a command failed, or a server was replaced that should not be.

    Example: python -m rehearsal drill state-lost
    """
    from rehearsal.drills import run

    if listed:
        sys.stdout.write(run.listed())
    else:
        run.run(losses or [])


def main() -> None:
    """Run the command line; errors that the user can fix are printed without a traceback."""
    try:
        app()
    except (MachineError, OperatorError, WaitTimeoutError, RuntimeError) as error:
        console.print("error:", str(error), markup=False, soft_wrap=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
