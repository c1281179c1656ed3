"""`fks`: the operator's commands. Each is a thin shell around a module of the same name."""

import json
import os
import sys
from functools import partial
from typing import Annotated

import typer
from rich.console import Console

from fks_infra.cli import adopt_dns as adopting
from fks_infra.cli import doctor as examination
from fks_infra.cli import init as setup
from fks_infra.config import stack_files as stack_config
from fks_infra.config.validators import Validator
from fks_infra.errors import OperatorError
from fks_infra.topology.tailnet_policy import policy

console = Console(highlight=False)
complaints = Console(stderr=True, highlight=False)

app = typer.Typer(
    name="fks",
    help="Day-to-day work on FKS Trading's servers. `pulumi up` makes them; this does the rest.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def init(
    stack: Annotated[str, typer.Option(help="The stack to make or to complete.")] = "",
    mode: Annotated[str, typer.Option(help="multi (three servers) or single (one).")] = "",
    domain: Annotated[str, typer.Option(help="The domain of the web server.")] = "",
    zone: Annotated[str, typer.Option(help="The Cloudflare zone that holds the domain.")] = "",
    region: Annotated[str, typer.Option(help="The Linode region.")] = "",
    new_key: Annotated[
        bool, typer.Option("--new-key", help="Make a new deploy key even if there is one.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Ask nothing: defaults for what is not given.")
    ] = False,
) -> None:
    """Prepare a stack: its settings and its deploy key.

    What is not given as an option is asked for. The deploy key is made by ssh-keygen; its private
    half goes encrypted into the stack's configuration and is kept nowhere else. So does the token
    the servers prove their names with, which is taken from FKS_ACME_DNS_TOKEN or asked for.
    """
    given = {"mode": mode, "domain": domain, "zone": zone, "region": region}
    chosen = setup.Choices.complete(stack, given, None if yes else _ask)
    prepared = setup.prepare(chosen, partial(_acme_dns_token, silent=yes), new_key=new_key)
    console.print(setup.next_steps(chosen, prepared), soft_wrap=True)


def _acme_dns_token(*, silent: bool) -> str:
    found = os.environ.get("FKS_ACME_DNS_TOKEN", "")
    if found or silent:
        return found
    question = "Cloudflare token for the servers (Zone:Read, DNS:Edit; not shown, Enter: later)"
    answer: str = typer.prompt(question, default="", hide_input=True, show_default=False)
    return answer


def _ask(question: str, default: str, check: Validator) -> str:
    def checked(answer: str) -> str:
        if complaint := check(answer.strip()):
            raise typer.BadParameter(complaint)
        return answer.strip()

    answer: str = typer.prompt(question, default=default or None, value_proc=checked)
    return answer


tailnet = typer.Typer(help="The private network between the servers.", no_args_is_help=True)
app.add_typer(tailnet, name="tailnet")


@tailnet.command("policy")
def tailnet_policy(
    stack: Annotated[str, typer.Option(help="The stack; without it the selected one.")] = "",
) -> None:
    """Print the servers' part of the tailnet's policy, to be merged into the whole.

    Operators reach SSH and every server, web reaches api and auth, api reaches auth, and nobody
    else reaches anything. It is never applied by pulumi: Tailscale keeps one policy for everything
    in the tailnet. Paste it under Access controls; a rule there that lets everybody reach
    everything has to go.
    """
    tag, operators = stack_config.read(stack, "tailnetTag", "tailnetOperators")
    sys.stdout.write(json.dumps(policy(tag, operators), indent=2) + "\n")


@app.command()
def doctor(
    stack: Annotated[str, typer.Option(help="The stack; without it the selected one.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document instead.")] = False,
) -> None:
    """Say what is wrong with a stack, and the command or click that mends it. Changes nothing.

    Tokens and their rights, what Linode sells, the zone and its names, the tailnet's policy and
    devices, the servers' certificates, and this machine. Exit code 0: no problem, 1: at least one,
    2: it could not be run.
    """
    raise typer.Exit(examination.run(stack, as_json=as_json))


@app.command("adopt-dns")
def adopt_dns(
    stack: Annotated[str, typer.Option(help="The stack; without it the selected one.")] = "",
) -> None:
    """Print how the stack takes over DNS records that Cloudflare has already. Changes nothing.

    Somebody made them by hand, or an older deployment did, and pulumi up refuses to make its own
    beside them. After the printed commands it updates them in place; what it cannot take over is
    named, to be deleted.
    """
    sys.stdout.write(adopting.text(stack, os.environ))


def main() -> None:
    """Run the command line; what the operator can mend is said in a paragraph, no traceback."""
    try:
        app()
    except OperatorError as error:
        complaints.print(str(error), style="red", markup=False, soft_wrap=True)
        sys.exit(1)
