"""The rehearsal's commands; the Makefile only names them."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from rehearsal.world.machine import MachineError
from rehearsal.world.progress import WaitTimeoutError, console

app = typer.Typer(help=__doc__, no_args_is_help=True, pretty_exceptions_enable=False)


@app.command()
def setup(
    tests: Annotated[bool, typer.Option("--tests", help="also what only tests need")] = False,
) -> None:
    """Install what is missing, start Docker, build the engine and every image."""
    from rehearsal.world import world

    world.prepare(tests=tests)


@app.command()
def rehearse(
    mode: Annotated[str, typer.Option(help="multi (three servers) or single (one)")] = "multi",
    config: Annotated[list[str] | None, typer.Option(help="further settings, KEY=VALUE")] = None,
) -> None:
    """Set up, then run the unchanged program in a fresh world and prove that it serves."""
    from rehearsal.world.names import STACKS
    from rehearsal.world.rehearse import rehearse as run

    if mode not in STACKS:
        raise typer.BadParameter(f"mode is {mode!r}; write one of: {', '.join(STACKS)}")
    if not run(mode, dict(map(_setting, config or []))).ok:
        raise typer.Exit(1)


def _setting(row: str) -> tuple[str, str]:
    key, equals, value = row.partition("=")
    if not equals or not key.startswith("fks:"):
        raise typer.BadParameter(f"--config is {row!r}; write fks:KEY=VALUE, fks:region=eu-central")
    return key, value


@app.command()
def preview(
    mode: Annotated[str, typer.Option(help="multi (three servers) or single (one)")] = "multi",
) -> None:
    """Preview the program against empty stand-in clouds: no servers, no Docker."""
    from rehearsal import local

    typer.echo(local.preview(mode))


@app.command()
def check() -> None:
    """Judge everything that need not run: linters, types, shellcheck, compose config, nginx -t."""
    from rehearsal.lint import check as run

    run()


@app.command()
def bench(
    runs: Annotated[int, typer.Option(help="runs per figure, at least five", min=5)] = 5,
) -> None:
    """Measure up, preview, memory and the tailnet; print minimum, median and maximum."""
    from rehearsal.bench.run import bench as run

    run(runs)


@app.command()
def down() -> None:
    """Take the world away: containers, volumes, network. Images stay as a cache."""
    from rehearsal.world import machine, world

    gone = world.stop(machine.docker_client())
    console.print("\n".join(gone) if gone else "nothing was there")


@app.command(
    name="exec", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False}
)
def execute(
    command: Annotated[list[str], typer.Argument(help="the command and its arguments")],
) -> None:
    """Run one command in the operator; its exit code is passed on."""
    from rehearsal.world import world

    raise typer.Exit(world.enter(command, terminal=False))


@app.command()
def shell() -> None:
    """Open a shell in the operator: pulumi, ssh and curl work there."""
    from rehearsal.world import world

    raise typer.Exit(world.enter(["bash"], terminal=sys.stdin.isatty()))


@app.command()
def fault(
    cloud: Annotated[str, typer.Argument(help="linode, cloudflare, tailscale or acme")],
    status: Annotated[int | None, typer.Option(help="answer with this status")] = None,
    method: Annotated[str, typer.Option(help="regular expression of the method")] = ".*",
    path: Annotated[str, typer.Option(help="regular expression, anywhere in the path")] = ".*",
    delay: Annotated[float, typer.Option(help="seconds to wait before the answer")] = 0.0,
    retry_after: Annotated[int | None, typer.Option(help="Retry-After header, seconds")] = None,
    count: Annotated[int, typer.Option(help="how many requests it hits")] = 1,
) -> None:
    """Let the next matching requests of a stand-in cloud fail or be slow.

    Example: python -m rehearsal fault linode --status 429 --retry-after 2 --path instances
    """
    from rehearsal.world import world
    from rehearsal.world.cloud_control import CloudControl

    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    CloudControl(world.running().operator).fault(
        cloud, status=status, method=method, path=path, delay=delay, headers=headers, count=count
    )


def main() -> None:
    """Run the command line; what a person can mend is said in a paragraph, without a traceback."""
    try:
        app()
    except (MachineError, WaitTimeoutError, RuntimeError) as error:
        console.print("error:", str(error), markup=False, soft_wrap=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
