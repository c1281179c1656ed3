"""`fks`: the operator's commands. Each one calls a module of the same name."""

import io
import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fks_infra.cli import adopt_dns as adopt_dns_command
from fks_infra.cli import (
    backups,
    deploy_job,
    deploys,
    init_github,
    machines,
    moves,
    panels,
    reading,
    recovery,
    restore_options,
    sizes,
    start_stop,
    upgrades,
)
from fks_infra.cli import doctor as doctor_command
from fks_infra.cli import drift as drift_commands
from fks_infra.cli import github as github_commands
from fks_infra.cli import impact as impact_command
from fks_infra.cli import init as init_command
from fks_infra.cli import status as status_command
from fks_infra.cli import up as up_command
from fks_infra.clouds.http import CloudError
from fks_infra.config import stack_files
from fks_infra.config.validators import Validator
from fks_infra.delivery.targets import Part
from fks_infra.errors import OperatorError
from fks_infra.topology.tailnet_policy import policy

console = Console(highlight=False)
error_console = Console(stderr=True, highlight=False)

app = typer.Typer(
    name="fks",
    cls=panels.InPanels,
    help="Day-to-day work on FKS Trading's servers. `pulumi up` makes them; this does the rest.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)


@app.command()
def init(
    stack: Annotated[str, typer.Option(help="The stack to create or to complete.")] = "",
    mode: Annotated[str, typer.Option(help="multi (three servers) or single (one).")] = "",
    domain: Annotated[str, typer.Option(help="The domain of the web server.")] = "",
    zone: Annotated[str, typer.Option(help="The Cloudflare zone that holds the domain.")] = "",
    region: Annotated[str, typer.Option(help="The Linode region.")] = "",
    new_key: Annotated[
        bool, typer.Option("--new-key", help="Make a new deploy key even if there is one.")
    ] = False,
    new_secrets: Annotated[
        bool,
        typer.Option("--new-secrets", help="The passphrase is lost: remove all secrets first."),
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="No prompts: use the defaults for missing options.")
    ] = False,
    github: Annotated[
        bool, typer.Option("--github", help="Only print what the repository on GitHub needs.")
    ] = False,
    repository: Annotated[
        str, typer.Option(help="With --github: OWNER/NAME; without it that of the remote origin.")
    ] = "",
    write: Annotated[
        bool,
        typer.Option("--write", help="With --github: create environments, set exported variables."),
    ] = False,
) -> None:
    """Prepare a stack: its settings and its deploy key.

    Prompts for options that are not given. ssh-keygen makes the deploy key; its private half is
    stored encrypted in the stack's configuration and nowhere else. So is the Cloudflare token by
    which the servers get their certificates, from FKS_ACME_DNS_TOKEN or a prompt.

    With --github nothing of that is done: it prints the environments, variables, secrets (by name)
    and the tailnet's trust that the workflows need. --write uses GITHUB_TOKEN.
    """
    if github:
        name = init_github.repository_of(repository)
        written = init_github.write_all(name, os.environ) if write else ""
        sys.stdout.write(written + init_github.text(name))
        return
    given = {"mode": mode, "domain": domain, "zone": zone, "region": region}
    choices = init_command.Choices.complete(stack, given, None if yes else _prompt)
    if new_secrets:
        console.print(init_command.without_secrets(choices.stack), soft_wrap=True)
    prepared = init_command.prepare(choices, partial(_acme_dns_token, silent=yes), new_key=new_key)
    console.print(init_command.next_steps(choices, prepared), soft_wrap=True)


def _acme_dns_token(*, silent: bool) -> str:
    found = os.environ.get("FKS_ACME_DNS_TOKEN", "")
    if found or silent:
        return found
    question = "Cloudflare token for the servers (Zone:Read, DNS:Edit; not shown, Enter: later)"
    answer: str = typer.prompt(question, default="", hide_input=True, show_default=False)
    return answer


def _prompt(question: str, default: str, validator: Validator) -> str:
    def validated(answer: str) -> str:
        if complaint := validator(answer.strip()):
            raise typer.BadParameter(complaint)
        return answer.strip()

    answer: str = typer.prompt(question, default=default or None, value_proc=validated)
    return answer


app.add_typer(drift_commands.app)
github_commands.app.add_typer(deploy_job.app)
app.add_typer(github_commands.app, name="github")
app.add_typer(reading.app)
app.add_typer(deploys.app)
app.add_typer(machines.app)
app.add_typer(upgrades.app)
app.add_typer(sizes.app)
app.add_typer(recovery.app)
app.add_typer(moves.app)

tailnet = typer.Typer(help="The private network between the servers.", no_args_is_help=True)
app.add_typer(tailnet, name="tailnet")


@tailnet.command("policy")
def tailnet_policy(
    stack: Annotated[str, typer.Option(help="The stack; without it the selected one.")] = "",
) -> None:
    """Print the servers' part of the tailnet's policy, to be merged into the whole policy.

    Operators may connect to SSH and to every server, web to api and auth, api to auth, and nobody
    else. Pulumi never applies it: Tailscale has one policy for everything in the tailnet. Paste it
    under Access controls, and delete a rule there that allows everything.
    """
    tag, operators = stack_files.read(stack, "tailnetTag", "tailnetOperators")
    sys.stdout.write(json.dumps(policy(tag, operators), indent=2) + "\n")


@app.command()
def doctor(
    stack: Annotated[str, typer.Option(help="The stack; without it the selected one.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Report what is wrong with a stack, and the command or click that fixes it. Changes nothing.

    Checks credentials and their rights, what Linode sells, the zone and its names, the tailnet's
    policy and devices, the servers' certificates, and this machine. Exit code 0: no problem
    (warnings are allowed), 1: at least one problem, 2: the checks could not run.
    """
    raise typer.Exit(doctor_command.run(stack, as_json=as_json))


@app.command()
def impact(
    base: Annotated[
        str, typer.Option(help="The commit, branch or tag to compare with.")
    ] = "origin/main",
    stack: Annotated[str, typer.Option(help="The stack; its file is Pulumi.STACK.yaml.")] = "prod",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="Print Markdown of at most 60,000 characters.")
    ] = False,
    engine: Annotated[
        bool,
        typer.Option("--engine", help="Let the engine confirm it in stand-in clouds (rehearsal)."),
    ] = False,
    rest: Annotated[
        Path | None, typer.Option(help="File that gets the Markdown beyond that, as appendix.")
    ] = None,
) -> None:
    """Report what the work tree changes on the servers: downtime, loss, cost. Changes nothing.

    Compares the work tree, uncommitted files included, with a commit; needs no account, no secret
    and no network, but for the backups of servers that would be lost: their age, or that it is not
    known. Exit code 0: nothing, 10: changes without downtime, 11: with downtime, 12: servers or
    data are lost, 2: it cannot tell.
    """
    if as_json and as_markdown:
        raise typer.BadParameter("--json and --markdown exclude each other: write one of them.")
    forms = impact_command.Form
    form = forms.JSON if as_json else forms.MARKDOWN if as_markdown else forms.TABLE
    raise typer.Exit(impact_command.run(base, stack, form, rest, with_engine=engine))


status_command.register(app)
start_stop.register(app)
backups.register(app)
app.command()(restore_options.restore)


@app.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
)
def up(
    context: typer.Context,
    server: Annotated[str, typer.Argument(metavar="SERVER", help="auth, api, web, or all.")],
    part: Annotated[Part | None, typer.Option(help="Only this part; without it all parts.")] = None,
    stack: Annotated[str, typer.Option(help="The stack; without it the selected one.")] = "",
) -> None:
    """Run pulumi up for one server, or one part of it; other options are those of pulumi up.

    Parts in their order: machine (firewall, instance, join), setup (bootstrap over SSH), services
    (release and DNS records). A new web server needs the records of api and auth first.
    scripts/deployment has a script for each part. Example: fks up api --part services --yes
    """
    up_command.run(server, part, stack, context.args)


@app.command("adopt-dns")
def adopt_dns(
    stack: Annotated[str, typer.Option(help="The stack; without it the selected one.")] = "",
) -> None:
    """Print how the stack takes over DNS records that Cloudflare has already. Changes nothing.

    Records that were made by hand or by an older deployment make pulumi up fail. After the printed
    commands it updates them in place; records that it cannot take over are listed for deletion.
    """
    sys.stdout.write(adopt_dns_command.text(stack, os.environ))


panels.arrange(app)


def main() -> None:
    """Run the command line; errors that the operator can fix are printed without a traceback.

    A character that the terminal's encoding does not have is written as an escape sequence.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except (OperatorError, CloudError) as error:
        error_console.print(str(error), style="red", markup=False, soft_wrap=True)
        sys.exit(1)
