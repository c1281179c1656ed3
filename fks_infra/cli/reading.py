"""`fks logs`, `ssh`, `exec`, `psql`, `redis`, `celery` and `open`: options and help."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from fks_infra.cli import celery as celery_command
from fks_infra.cli import logs as logs_command
from fks_infra.cli import terminal
from fks_infra.cli.errors import exit_code

app = typer.Typer()

Stack = Annotated[str, typer.Option(help="The stack; without it the selected one.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_Command = Annotated[list[str], typer.Argument(metavar="-- COMMAND...", help="After two dashes.")]


class Database(StrEnum):
    AUTH = "auth"
    API = "api"


class Store(StrEnum):
    QUEUE = "queue"
    CACHE = "cache"


class Page(StrEnum):
    APP = "app"
    API = "api"
    AUTH = "auth"
    ADMIN = "admin"


@app.command()
def logs(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SERVICE]...", help="Also SERVER/SERVICE and unit:NAME."),
    ] = None,
    stack: Stack = "",
    since: Annotated[
        str, typer.Option(help="An age (90s, 10m, 2h, 3d, 2w) or a time in UTC.")
    ] = "10m",
    grep: Annotated[str, typer.Option(help="Only lines that match a regular expression.")] = "",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until Ctrl-C.")] = False,
    dev: Annotated[
        bool, typer.Option("--dev", help="Those of the development stack on this machine.")
    ] = False,
    units: Annotated[
        bool, typer.Option("--units", help="Also the journal of fks-*, docker, ssh, tailscaled.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document per line.")
    ] = False,
) -> None:
    """Print the logs of all servers, merged by time, each line after SERVER/SERVICE.

    Secrets of the servers are replaced by ***. Exit code: 0, 1 if a server was not reached or its
    log ended early, 2 if none was reached. Example: fks logs api edge --since 1h --grep ' 50[0-9] '
    """
    with exit_code(logs_command.CANNOT_TELL):
        if dev:
            # Servers do not have it.
            from fks_infra.cli import dev as dev_command

            raise typer.Exit(dev_command.logs(names or [], since, follow=follow))
        chosen = logs_command.selection(names or [], since, grep, follow=follow, units=units)
        raise typer.Exit(logs_command.run(stack, chosen, as_json=as_json))


@app.command()
def ssh(
    server: Annotated[str, typer.Argument(metavar="SERVER", help="A server of the stack.")],
    stack: Stack = "",
) -> None:
    """Open a shell on a server, as the user deploy, who may use sudo.

    Exit code: that of the shell; 255 if the server was not reached. Example: fks ssh api
    """
    raise typer.Exit(terminal.ssh(stack, server))


@app.command("exec")
def exec_(
    place: Annotated[
        str,
        typer.Argument(
            metavar="SERVICE|SERVER",
            help="api, api.2 (its second replica), auth/edge; a server: web, or server:api.",
        ),
    ],
    command: _Command,
    stack: Stack = "",
) -> None:
    """Run a command in the container of a service, or on a server as the user deploy.

    A name that a service and a server have is the service. Exit code: that of the command; 255 if
    it was not run. Example: fks exec api -- python --version
    """
    raise typer.Exit(terminal.execute(stack, place, command))


@app.command()
def psql(
    database: Annotated[Database, typer.Argument(help="Authentik's database, or the API's.")],
    options: Annotated[
        list[str] | None, typer.Argument(metavar="[-- OPTION...]", help="Options of psql.")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Allow changes.")] = False,
    stack: Stack = "",
) -> None:
    """Open psql on a database; transactions are read-only without --write.

    That protects from mistakes, not from intent: SET can end it. Exit code: that of psql; 255 if it
    was not run. Example: fks psql api -- -c 'SELECT version()'
    """
    raise typer.Exit(terminal.psql(stack, database.value, options or [], write=write))


@app.command()
def redis(
    store: Annotated[Store, typer.Argument(help="Celery's queue, or the cache.")],
    arguments: Annotated[
        list[str] | None,
        typer.Argument(metavar="[-- COMMAND...]", help="A command of Redis."),
    ] = None,
    stack: Stack = "",
) -> None:
    """Open redis-cli on the queue or the cache. Each command may write.

    Exit code: that of redis-cli; 255 if it was not run. Example: fks redis cache -- INFO memory
    """
    raise typer.Exit(terminal.redis(stack, store.value, arguments or []))


@app.command()
def celery(
    purge: Annotated[
        str, typer.Option(metavar="QUEUE", help="Delete the tasks that wait in this queue.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="With --purge: no question.")] = False,
    stack: Stack = "",
    as_json: AsJson = False,
) -> None:
    """Show Celery's queues with their oldest tasks, its workers, and the tasks that run.

    Exit code: 0, 1 if a part could not be read, 2 if none could.
    Example: fks celery --purge model_training
    """
    with exit_code(celery_command.CANNOT_TELL):
        if not purge:
            raise typer.Exit(celery_command.run(stack, as_json=as_json))
        confirm = (lambda _: True) if yes else typer.confirm
        sys.stdout.write(celery_command.purge(stack, purge, confirm) + "\n")


@app.command("open")
def open_(
    page: Annotated[Page, typer.Argument(help="admin is Authentik's administration.")] = Page.APP,
    stack: Stack = "",
) -> None:
    """Open a page of the stack in the browser, and print its URL; without a display only print it.

    Example: fks open admin
    """
    # Servers do not have it.
    from fks_infra.cli import open as open_command

    open_command.run(stack, page.value)
