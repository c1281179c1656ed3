"""`fks upgrade`: options and help."""

from collections.abc import Callable
from functools import partial
from typing import Annotated

import typer

from fks_infra.cli.deploys import Stack, Yes
from fks_infra.cli.prompt import confirmed
from fks_infra.cli.servers import connected, end
from fks_infra.errors import OperatorError

app = typer.Typer()
upgrade = typer.Typer(no_args_is_help=True, help="Move data to a new version of what owns it.")
app.add_typer(upgrade, name="upgrade")

Role = Annotated[str, typer.Option(help="api or auth; without it both, one after the other.")]


@upgrade.command()
def postgres(
    to: Annotated[
        str, typer.Option(metavar="VERSION", help="As 18.1; without it that of this checkout.")
    ] = "",
    role: Role = "",
    rehearse: Annotated[
        bool, typer.Option("--rehearse", help="Copy beside the running services, and remove it.")
    ] = False,
    finish: Annotated[
        bool, typer.Option("--finish", help="Remove the volume with the old data.")
    ] = False,
    back: Annotated[
        bool, typer.Option("--back", help="Undo an upgrade that is not in service.")
    ] = False,
    stack: Stack = "",
    yes: Yes = False,
) -> None:
    """Move databases to a new major version of PostgreSQL, by dump and restore into a new volume.

    The server is in maintenance meanwhile; all rows are compared. It sets image and volume in
    fks:services and runs pulumi up. If anything fails, the old version serves with the old volume,
    which stays until --finish. --rehearse prints the seconds of each step. Interrupted, it can be
    run again. Exit code: 0, 1 the old version
    serves again, 2 nothing was changed. Example: fks upgrade postgres --to 18.1 --role api
    """
    # Servers do not have it.
    from fks_infra.cli import upgrade_postgres as command

    def call() -> int:
        _require_one(rehearse=rehearse, finish=finish, back=back)
        roles = _roles(role, command.DATABASE_ROLES)
        confirm: Callable[[str], bool] = partial(confirmed, yes=yes)
        with connected(stack, []) as servers:
            if rehearse:
                return command.rehearse(servers, roles, to)
            if finish:
                return command.finish(servers, roles, confirm)
            if back:
                return command.go_back(servers, roles)
            return command.run(servers, roles, to, confirm)

    end(call)


@upgrade.command()
def authentik(
    to: Annotated[
        str,
        typer.Option(
            metavar="VERSION", help="As 2026.8 or 2026.8.6; without it the next release train."
        ),
    ] = "",
    rehearse: Annotated[
        bool,
        typer.Option("--rehearse", help="Migrate a copy beside the running services, remove it."),
    ] = False,
    finish: Annotated[
        bool, typer.Option("--finish", help="Remove the volume with the database of before.")
    ] = False,
    back: Annotated[
        bool, typer.Option("--back", help="Undo an upgrade that is not in service.")
    ] = False,
    stack: Stack = "",
    yes: Yes = False,
) -> None:
    """Move Authentik to its next release train, which migrates a copy of the database.

    One train at a time: a skip and a way back are refused before anything changes. The server is in
    maintenance while the database is copied into a new volume and compared. It sets the volume and
    the images in fks:services and runs pulumi up. If the migration fails or Authentik is not
    healthy, the old release serves with the old volume, which stays until --finish. --rehearse
    prints the seconds of each step, and what broke. Interrupted, it can be run again. Exit code: 0,
    1 the old release serves again, 2 nothing was changed. Example: fks upgrade authentik --to
    2026.8
    """
    # Servers do not have it.
    from fks_infra.cli import upgrade_authentik as command

    def call() -> int:
        _require_one(rehearse=rehearse, finish=finish, back=back)
        confirm: Callable[[str], bool] = partial(confirmed, yes=yes)
        with connected(stack, []) as servers:
            if rehearse:
                return command.rehearse(servers, to)
            if finish:
                return command.finish(servers, confirm)
            if back:
                return command.go_back(servers)
            return command.run(servers, to, confirm)

    end(call)


def _require_one(**options: bool) -> None:
    """OperatorError when several of these are given."""
    given = [f"--{name}" for name, value in options.items() if value]
    if len(given) > 1:
        raise OperatorError(f"{' and '.join(given)} exclude each other: write one of them.")


def _roles(role: str, known: tuple[str, ...]) -> tuple[str, ...]:
    if role and role not in known:
        raise OperatorError(
            f"--role is {role!r}, which has no database. Nothing was changed.\nNext: write one of "
            f"{', '.join(known)}"
        )
    return (role,) if role else known
