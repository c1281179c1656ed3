"""`fks github`: what the workflows run for pull requests, drift and images."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from fks_infra.clouds.github import GitHub
from fks_infra.clouds.http import CloudError
from fks_infra.config.pulumi_cli import pulumi
from fks_infra.delivery import comments, drift, images, preview, pull_request, summary
from fks_infra.delivery.impact import UNKNOWN, impact
from fks_infra.delivery.markdown import fit
from fks_infra.errors import OperatorError
from fks_infra.paths import PROJECT_ROOT

app = typer.Typer(help="What the workflows in .github/workflows run.", no_args_is_help=True)

Stack = Annotated[str, typer.Option(help="The stack.")]
Out = Annotated[Path, typer.Option(help="The directory to write to.")]
_ON_SERVERS = "\n`fks drift` shows changes by hand on the servers too.\n"


@app.command("impact")
def impact_command(
    out: Out,
    base: Annotated[str, typer.Option(help="The commit to compare with.")],
    stack: Stack = "prod",
    number: Annotated[str, typer.Option(help="The pull request's number, if it is one.")] = "",
    engine: Annotated[bool, typer.Option("--engine", help="As of fks impact.")] = False,
) -> None:
    """Write what fks impact says to OUT/impact.md and to the run's summary.

    Exit code 2: the impact is unknown; the text says why.
    """
    found = impact(base, stack, engine=engine)
    _write(out, pull_request.IMPACT, found.text)
    if number:
        _write(out, pull_request.NUMBER, number)
    summary.append(os.environ, found.text + found.rest)
    raise typer.Exit(UNKNOWN if found.code == UNKNOWN else 0)


@app.command("preview")
def preview_command(out: Out, stack: Stack = "prod") -> None:
    """Run pulumi preview, and write its warnings, operations, types and URNs to OUT/preview.md.

    Exit code 2: the preview failed.
    """
    found = preview.read(_pulumi("preview", "--json", "--stack", stack))
    text = found.with_warnings()
    _write(out, pull_request.PREVIEW, text)
    summary.append(os.environ, text)
    raise typer.Exit(2 if found.outcome is drift.Outcome.UNKNOWN else 0)


@app.command("comment")
def comment_command(
    artefact: Annotated[Path, typer.Argument(help="The directory of the run's artefact.")],
    commit: Annotated[str, typer.Option(help="The commit of the run.")],
    run: Annotated[str, typer.Option(help="The page of the run.")],
) -> None:
    """Post the texts of a run of preview.yml as one comment, edited in place."""
    parts = pull_request.read_parts(artefact)
    github = _github()
    with_details = fit(pull_request.comment(parts, commit, run), f"the summary of {run}")
    comments.check_head(github, parts.number, commit)
    url = comments.upsert(github, parts.number, pull_request.NAME, with_details.text)
    sys.stdout.write(f"{url}\n")


@app.command("drift")
def drift_command(stack: Stack = "prod") -> None:
    """Detect drift by pulumi preview --refresh; open, update or close the issue about it.

    Exit code 0: no drift, 1: drift, 2: unknown, as the preview failed or an update was in progress.
    """
    options = ("--refresh", "--expect-no-changes", "--json", "--stack", stack)
    before = pulumi("stack", "export", "--stack", stack)
    found = preview.read(_pulumi("preview", *options))
    busy = drift.is_busy(before, pulumi("stack", "export", "--stack", stack))
    outcome = drift.Outcome.UNKNOWN if busy else found.outcome
    date = time.strftime("%Y-%m-%d", time.gmtime())
    head = f"Stack {stack}, {date}, {summary.run_url(os.environ)}.\n\n"
    text = head + (drift.BUSY if busy else found.document()) + _ON_SERVERS
    summary.append(os.environ, text)
    fitted = fit(text, summary.run_url(os.environ))
    if url := drift.report(_github(), outcome, fitted.text, date):
        sys.stdout.write(f"{url}\n")
    raise typer.Exit(drift.EXIT_CODES[outcome])


@app.command("propose-images")
def propose_images(
    digests: Annotated[
        Path, typer.Argument(help="A directory with one SERVICE.json each: {name, digest}.")
    ],
    stack: Stack = "prod",
    repository: Annotated[
        str, typer.Option(help="OWNER/NAME of this project; without it GITHUB_REPOSITORY.")
    ] = "",
) -> None:
    """Open or update the pull request that deploys new images."""
    found = {path.stem: _image(path) for path in sorted(digests.glob("*.json"))}
    if not found:
        raise OperatorError(f"{digests} has no SERVICE.json, so there is nothing to propose.")
    url = images.propose(_github(repository), stack, found)
    summary.append(os.environ, url or "The stack has these digests already.")


def _image(path: Path) -> images.Image:
    try:
        document = json.loads(path.read_text())
        return images.Image(name=document["name"], digest=document["digest"])
    except (ValueError, LookupError, TypeError):
        raise OperatorError(f'{path} is no {{"name": ..., "digest": ...}}.') from None


def _write(out: Path, name: str, text: str) -> None:
    out.mkdir(parents=True, exist_ok=True)
    (out / name).write_text(text, encoding="utf-8")


def _github(repository: str = "") -> GitHub:
    """GitHub sets GITHUB_REPOSITORY itself, in a called workflow to the caller's repository."""
    own = {"GITHUB_REPOSITORY": repository} if repository else {}
    try:
        return GitHub.from_environ({**os.environ, **own})
    except CloudError as error:
        raise OperatorError(str(error)) from None


def _pulumi(*arguments: str) -> str:
    """Standard output, whatever the exit code; its errors go to the job's log."""
    command = ["pulumi", *arguments, "--non-interactive"]
    try:
        done = subprocess.run(
            command, cwd=PROJECT_ROOT, stdout=subprocess.PIPE, text=True, check=False
        )
    except FileNotFoundError:
        raise OperatorError("pulumi is not on the PATH.") from None
    return done.stdout
