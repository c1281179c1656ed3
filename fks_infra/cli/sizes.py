"""The commands of `fks` about plans, and `fks explain`: options and help."""

from functools import partial
from typing import Annotated

import typer

from fks_infra.cli import cost as cost_command
from fks_infra.cli import explain as explain_command
from fks_infra.cli import fit as fit_command
from fks_infra.cli import scale as scale_command
from fks_infra.cli.deploys import AcceptDataLoss, Json, Names, Stack, Yes
from fks_infra.cli.prompt import confirmed
from fks_infra.cli.servers import end

app = typer.Typer()

File = Annotated[str, typer.Option(help="The stack; its file is Pulumi.STACK.yaml.")]


@app.command()
def cost(
    stack: File = "prod",
    json_: Json = False,
    write: Annotated[
        bool, typer.Option("--write", help="Refresh the dated copy of the price list in the code.")
    ] = False,
) -> None:
    """Show what the servers cost a month, and what this month's bill will be.

    Both modes side by side, with Linode's present prices, or those of the dated copy while Linode
    does not answer. With LINODE_TOKEN also what was sent, and the forecast. Exit code: 0, 1 the
    account was not read, 2 it cannot tell.
    """
    end(lambda: cost_command.run(stack, as_json=json_, write=write))


@app.command()
def fit(servers: Names = None, stack: Stack = "", json_: Json = False) -> None:
    """Show which plans fit the servers, by what they used in the last 30 days. Changes nothing.

    For each plan the memory limits of the services, what the measured peaks would leave, the
    price, and why it does not fit. Exit code: 0, 1 a server was not reached, 2 none was.
    Example: fks fit api
    """
    end(lambda: fit_command.run(stack, servers or [], as_json=json_))


@app.command()
def scale(
    server: Annotated[str, typer.Argument(metavar="SERVER", help="auth, api, web or single.")],
    plan: Annotated[str, typer.Argument(metavar="TYPE", help="Linode's name, as fks fit has it.")],
    stack: Stack = "",
    yes: Yes = False,
    accept_data_loss: AcceptDataLoss = None,
) -> None:
    """Give a server another plan: show impact, downtime, price and limits, prompt, pulumi up.

    It sets fks:plan.SERVER. It refuses a plan with a smaller disk, and one that does not fit. The
    server is off for some minutes. Exit code: 0, 1 pulumi up failed or the server is not healthy,
    2 nothing was changed. Example: fks scale api g6-standard-4
    """
    prompt, accept = partial(confirmed, yes=yes), accept_data_loss or []
    end(lambda: scale_command.run(stack, server, plan, prompt, accept))


@app.command()
def explain(
    subject: Annotated[
        str, typer.Argument(metavar="WHAT", help="Port, file, container, URL, URN or fks:SETTING.")
    ],
    stack: File = "prod",
    json_: Json = False,
) -> None:
    """Say what something is, who made it, what depends on it, and what a change restarts.

    From the checkout alone: no account, no secret, no network. A file is a path of the checkout or
    of a server. Exit code: 0, 2 nothing has this name. Example: fks explain 8000
    """
    end(lambda: explain_command.run(subject, stack, as_json=json_))
