"""`fks migrate`: options and help."""

from functools import partial
from typing import Annotated

import typer

from fks_infra.cli import migrate as migrate_command
from fks_infra.cli import migrate_end, migrate_legacy
from fks_infra.cli.deploys import Stack, Yes
from fks_infra.cli.migrate import Choice
from fks_infra.cli.migrate_legacy import Choice as Legacy
from fks_infra.cli.prompt import confirmed
from fks_infra.cli.servers import end
from fks_infra.config.plans import MULTI, SINGLE

app = typer.Typer()
migrate = typer.Typer(
    help="Move the data between one server and three, or from a server that no stack knows.",
    no_args_is_help=True,
)
app.add_typer(migrate, name="migrate")

OldAnswers = Annotated[
    float | None,
    typer.Option(
        metavar="SECONDS",
        help="How long the old servers answer 503 after the switch. Without it while resolvers may "
        "know their addresses.",
    ),
]
LeaveTasks = Annotated[
    bool, typer.Option("--leave-tasks", help="Go on although tasks wait; they stay there.")
]


@migrate.command("single-to-multi")
def single_to_multi(
    old_answers: OldAnswers = None,
    leave_tasks: LeaveTasks = False,
    yes: Yes = False,
    stack: Stack = "",
) -> None:
    """Move all data from the one server to servers for each role.

    It prints the steps with expected minutes and prompts. The new servers are made beside the old
    one, which serves until a first copy is restored and compared. Then writes are refused, the last
    copy is compared row by row, and the DNS records are changed. An error before the switch opens
    the old server again. Interrupted, the same command goes on. The old server is kept, stopped,
    until fks migrate finish. Exit code: 0 moved, 1 a step failed, 2 nothing was changed. Example:
    fks migrate single-to-multi --stack prod
    """
    _move(stack, SINGLE, MULTI, Choice(yes=yes, old_answers=old_answers, leave_tasks=leave_tasks))


@migrate.command("multi-to-single")
def multi_to_single(
    old_answers: OldAnswers = None,
    leave_tasks: LeaveTasks = False,
    yes: Yes = False,
    stack: Stack = "",
) -> None:
    """Move all data from the servers of each role to one server.

    As fks migrate single-to-multi, in the other direction. Exit code: 0 moved, 1 a step failed, 2
    nothing was changed. Example: fks migrate multi-to-single --stack prod
    """
    _move(stack, MULTI, SINGLE, Choice(yes=yes, old_answers=old_answers, leave_tasks=leave_tasks))


@migrate.command("from")
def from_(
    source: Annotated[str, typer.Argument(metavar="SERVER", help="As ssh://[USER@]HOST[:PORT].")],
    look: Annotated[bool, typer.Option("--look", help="Show what is there, and end.")] = False,
    project: Annotated[
        str, typer.Option(help="Its Compose project, where there are several.")
    ] = "",
    database: Annotated[
        str, typer.Option(metavar="NAME", help="Its database, or CONTAINER/NAME.")
    ] = "",
    drain: Annotated[
        float, typer.Option(metavar="SECONDS", help="How long its workers may empty the queue.")
    ] = 60.0,
    leave_tasks: LeaveTasks = False,
    yes: Yes = False,
    stack: Stack = "",
) -> None:
    """Move the API's database and files from a server that no stack knows into this stack.

    It uses your own ssh and installs nothing there: docker must run for that user, or with sudo. It
    shows what it found and where it goes, and prompts. A first copy is made while that server
    serves. After a second prompt its containers are stopped, the last copy is compared row by row
    and put into service here. An error before that starts them again. Interrupted, the same command
    goes on. Exit code: 0 moved, 1 the server is not reached at the end, 2 nothing was changed, or
    that server serves as before. Example: fks migrate from ssh://root@203.0.113.7 --look
    """
    choice = Legacy(
        project=project, database=database, look=look, drain=drain, leave_tasks=leave_tasks
    )
    confirm = partial(confirmed, yes=yes)
    end(lambda: migrate_legacy.run(stack, source, choice, confirm))


@migrate.command()
def back(
    old_answers: OldAnswers = None,
    leave_tasks: LeaveTasks = False,
    yes: Yes = False,
    stack: Stack = "",
) -> None:
    """End a move: before the switch the old servers go on, after it the data move back.

    What was written since the switch moves back too. After fks migrate from, the stack gets the
    data back that it had, and the legacy server's containers start. Exit code: 0 the old servers
    serve, 1 a step failed, 2 nothing was changed. Example: fks migrate back --stack prod
    """
    choice = Choice(yes=yes, old_answers=old_answers, leave_tasks=leave_tasks)
    end(lambda: migrate_end.back(stack, choice, partial(confirmed, yes=yes)))


@migrate.command()
def finish(yes: Yes = False, stack: Stack = "") -> None:
    """Delete the servers that do not serve any more, with their disks.

    After fks migrate from, drop the data that the stack had before; nothing is deleted on the
    legacy server. Exit code: 0 deleted, 1 pulumi up failed, 2 nothing was changed. Example:
    fks migrate finish --stack prod
    """
    end(lambda: migrate_end.finish(stack, partial(confirmed, yes=yes)))


@migrate.command()
def status(stack: Stack = "") -> None:
    """Show which servers serve, and which steps of a move are done.

    Exit code: 0, 2 if the stack cannot be read. Example: fks migrate status --stack prod
    """
    end(lambda: migrate_end.status(stack))


def _move(stack: str, source: str, target: str, choice: Choice) -> None:
    confirm = partial(confirmed, yes=choice.yes)
    end(lambda: migrate_command.run(stack, source, target, choice, confirm))
