"""`fks` on a server: the commands that need neither Pulumi nor a checkout, for this server.

host/bin/fks runs it; fks_infra/release/server_modules.py finds the modules that servers need.
"""

import sys
from typing import Any

import typer
from typer.core import TyperGroup

from fks_infra.cli import backups, deploys, drift, reading, restore_options, start_stop, status
from fks_infra.cli.errors import show
from fks_infra.errors import OperatorError

CANNOT_TELL = 2


class ServerCommands(TyperGroup):
    """Names the commands of servers for every other one."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        found = super().get_command(ctx, cmd_name)
        if found is None:
            raise OperatorError(
                f"fks {cmd_name}: a server has no such command; nothing was changed. It has "
                f"{', '.join(sorted(self.commands))}. All others need the checkout and Pulumi's "
                f"state.\nNext, on the operator's machine: fks {cmd_name}"
            )
        return found


app = typer.Typer(
    name="fks",
    cls=ServerCommands,
    help="Day-to-day work on this server. fks on the operator's machine works on all servers.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
status.register(app)
start_stop.register(app)
backups.register(app)
for command in (
    *(reading.logs, reading.psql, reading.redis, reading.celery),
    *(drift.drift, drift.repair, deploys.history, deploys.releases, restore_options.restore),
):
    app.command()(command)
app.command("exec")(reading.exec_)
app.add_typer(deploys.maintenance, name="maintenance")


def main() -> None:
    """Run the command line; an error that the operator can fix ends it with 2."""
    try:
        app()
    except OperatorError as error:
        show(error)
        sys.exit(CANNOT_TELL)
