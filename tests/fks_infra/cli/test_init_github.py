"""`fks init --github` prints names and never a value, and prepares no stack."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from fks_infra.cli import init_github
from fks_infra.cli.app import app
from fks_infra.delivery.repository import ENTRIES
from fks_infra.errors import OperatorError
from tests.github_stand_in import Fault, serving


def run(*options: str) -> str:
    result = CliRunner().invoke(app, ["init", "--github", *options])
    return str(result.exception) if result.exception else result.output


def test_everything_is_listed_with_its_command(pulumi: Path) -> None:
    output = run("--repository", "fks/infra")
    for entry in ENTRIES:
        kind = "secret" if entry.secret else "variable"
        for place in entry.places:
            assert f"gh {kind} set {entry.name} --env {place}" in output
    assert "subject  repo:fks/infra:environment:production" in output
    assert "may be read-only: Zone:Read and DNS:Read" in output
    assert "Required reviewers are not used" in output
    assert not (pulumi / "calls").exists()


@pytest.mark.parametrize(
    "remote",
    [
        "git@github.com:fks/infra.git",
        "https://github.com/fks/infra",
        "https://user:canary@github.com/fks/infra.git",
    ],
)
def test_the_repository_is_that_of_the_remote(remote: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(init_github, "run_command", lambda _: f"{remote}\n")
    output = run()
    assert output.startswith("Repository fks/infra needs this")
    assert "canary" not in output


@pytest.mark.parametrize("remote", ["", "https://example.org/fks/infra"])
def test_without_a_remote_on_github_the_option_is_named(
    remote: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(init_github, "run_command", lambda _: remote)
    assert "Write --repository OWNER/NAME" in run()


def test_a_repository_without_an_owner_is_an_error() -> None:
    with pytest.raises(OperatorError, match="--repository is 'infra'; write OWNER/NAME"):
        init_github.repository_of("infra")


def test_writing_prints_what_was_done_first(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as github:
        for name, value in github.environ().items():
            monkeypatch.setenv(name, value)
        output = run("--repository", "fks/infra", "--write")
    assert output.startswith("Written:\n  environment production\n")
    assert set(github.environments) == {"production", "preview"}


def test_a_token_without_rights_is_one_paragraph(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as github:
        github.faults.append(Fault("PUT", 403))
        for name, value in github.environ().items():
            monkeypatch.setenv(name, value)
        output = run("--repository", "fks/infra", "--write")
    assert "needs a token that may administer fks/infra" in output
    assert "\n" not in output
