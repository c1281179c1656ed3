"""`fks github`: what the job that deploys runs before and after `pulumi up`."""

import json
import os
import sys
from typing import Annotated

import typer
from rich.console import Console

from fks_infra.cli import doctor, lock
from fks_infra.cli.github import Stack
from fks_infra.config import stack_files
from fks_infra.config.pulumi_cli import pulumi
from fks_infra.delivery import oidc, reachability, serving, summary, verification, webhook
from fks_infra.delivery.last_update import last_update
from fks_infra.delivery.targets import targets
from fks_infra.doctor import stack_info
from fks_infra.doctor.check_context import CheckContext
from fks_infra.doctor.deploy_key import deploy_key
from fks_infra.doctor.findings import InconclusiveError
from fks_infra.doctor.runner import run_checks
from fks_infra.errors import OperatorError, raise_operator_errors
from fks_infra.limits import VERIFY_TIMEOUT_SECONDS
from fks_infra.steps.verify import verify

app = typer.Typer()

_REACH_SECONDS = 60.0
_SSH_SECONDS = 20.0


@app.command("identity")
def identity(audience: Annotated[str, typer.Option(help="As the tailnet's trust has it.")]) -> None:
    """Print the claims of this job's identity token, which the tailnet's trust must match."""
    if not audience:
        sys.stdout.write("No audience is set: the tailnet is joined with an OAuth client.\n")
        return
    for name, value in oidc.claims(os.environ, audience).items():
        sys.stdout.write(f"{name}: {value}\n")


@app.command("reachable")
def reachable(stack: Stack = "prod") -> None:
    """Require a TCP connection to SSH on every server; reconnect the tailnet's client once."""
    info = stack_info.read(stack)
    if info.undeployed:
        sys.stdout.write(f"{info.undeployed}\n")
        return
    servers = info.inventory.servers
    if reachability.unreachable(servers, _REACH_SECONDS):
        if error := reachability.reconnect():
            sys.stderr.write(f"{error}\n")
        raise_operator_errors(reachability.unreachable(servers, _REACH_SECONDS))
    sys.stdout.write(f"{len(servers)} servers accept connections to SSH.\n")


@app.command("unlocked")
def unlocked(stack: Stack = "prod") -> None:
    """Require that nobody has locked the stack (fks lock), before anything is changed."""
    if undeployed := stack_info.read(stack).undeployed:
        sys.stdout.write(f"{undeployed}\n")
        return
    found = lock.read(stack)
    lock.require_unlocked(found)
    sys.stdout.write(f"{len(found)} servers have no lock.\n")


@app.command("targets")
def targets_command(
    server: Annotated[str, typer.Argument(metavar="SERVER", help="auth, api, web, or all.")],
    stack: Stack = "prod",
) -> None:
    """Print the targets of pulumi up for a server as the output `urns` of a workflow's step."""
    (mode,) = stack_files.read(stack, "mode")
    found = targets(server, None, mode, pulumi("stack", "export", "--stack", stack))
    sys.stdout.write("\n".join(["urns<<END", *found, "END"]) + "\n")


@app.command("verify")
def verify_command(stack: Stack = "prod") -> None:
    """Check the servers after a deploy: fks doctor, all health URLs, certificates, calls between.

    Exit code 1: a check fails, or a check of the servers could not run.
    """
    context = CheckContext.of(stack_info.read(stack), os.environ)
    findings = run_checks(context, lambda _: None)
    doctor.show(Console(highlight=False, width=150), findings)
    plan = verification.plan_of(pulumi("stack", "export", "--stack", stack))
    failures = [*verification.doctor_failures(findings), *verify(plan, VERIFY_TIMEOUT_SECONDS)]
    lines = [f"- {failure}" for failure in failures] or ["All checks pass."]
    days = f"Certificates: {verification.certificates(findings)}."
    summary.append(os.environ, "\n".join(["### Verification", "", *lines, "", days, ""]))
    if failures:
        raise typer.Exit(1)


@app.command("summary")
def summary_command(stack: Stack = "prod") -> None:
    """Add to the run's summary what the last update changed, and how long each server took."""
    history = pulumi("stack", "history", "--json", "--page-size", "1", "--stack", stack)
    found = last_update(history, pulumi("stack", "export", "--stack", stack))
    summary.append(os.environ, f"### Update of {stack}\n\n{found.document()}")


@app.command("serving")
def serving_command(stack: Stack = "prod") -> None:
    """Add to the run's summary which server serves which release; for after a failed up."""
    info = stack_info.read(stack)
    if info.undeployed:
        summary.append(os.environ, f"{info.undeployed}.\n")
        return
    try:
        with deploy_key(stack, _SSH_SECONDS) as key:
            found = serving.releases(info.inventory.servers, key, _SSH_SECONDS)
    except InconclusiveError as error:
        raise OperatorError(error.detail) from None
    previous = _outputs(stack)
    summary.append(os.environ, f"### Releases in service\n\n{serving.document(found, previous)}")


@app.command("notify")
def notify(
    result: Annotated[str, typer.Option(help="success, failure or cancelled.")],
    stack: Stack = "prod",
) -> None:
    """Send the result to the webhook of fks:alertWebhook, if there is one."""
    if "fks:alertWebhook" in json.loads(pulumi("config", "--json", "--stack", stack)):
        url = pulumi("config", "get", "fks:alertWebhook", "--stack", stack).strip()
        webhook.notify(url, f"Deploy of {stack}: {result}. {summary.run_url(os.environ)}")


def _outputs(stack: str) -> dict[str, str]:
    """Server to release in the stack's outputs."""
    outputs = json.loads(pulumi("stack", "output", "--json", "--stack", stack))
    servers = outputs["inventory"]["servers"]
    return {name: str(entry.get("release", "")) for name, entry in servers.items()}
