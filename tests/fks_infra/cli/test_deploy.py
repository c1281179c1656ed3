"""`fks deploy`: impact, prompt, pulumi up."""

import json
from pathlib import Path

import pytest

from fks_infra.cli.deploy import last_commit
from fks_infra.errors import OperatorError
from tests.fks_infra.cli import servers
from tests.fks_infra.cli.servers import run
from tests.fks_infra.cli.test_rollback import LOCK, calls
from tests.fks_infra.operate.reports import GONE

COMMIT = "ab" * 20
UPDATES = [
    {"kind": "update", "result": "failed", "environment": {"git.head": "cd" * 20}},
    {"kind": "destroy", "result": "succeeded", "environment": {"git.head": "cd" * 20}},
    {"kind": "update", "result": "succeeded", "environment": {}},
    {"kind": "update", "result": "succeeded", "environment": {"git.head": COMMIT}},
]


def history(pulumi: Path, updates: list[object]) -> None:
    """What pulumi prints as the stack's history."""
    (pulumi / "history").write_text(json.dumps(updates))
    script = pulumi / "bin" / "pulumi"
    line = f'case "$*" in *"stack history"*) cat "{pulumi}/history" ;; esac\n'
    script.write_text(script.read_text() + line)


def test_the_last_update_that_succeeded_with_a_commit(pulumi: Path) -> None:
    history(pulumi, list(UPDATES))
    assert last_commit("prod") == COMMIT


def test_no_such_update_is_an_error(pulumi: Path) -> None:
    history(pulumi, list(UPDATES[:3]))
    with pytest.raises(OperatorError, match="no update of prod that succeeded"):
        last_commit("prod")


def test_an_unknown_impact_is_said_and_the_prompt_follows(pulumi: Path) -> None:
    history(pulumi, [])
    result = run("deploy", "api", "--stack", "prod", text="y\n")
    assert result.exit_code == 0, result.stderr
    shown = " ".join(result.stdout.split())
    assert "The impact is not known: no update of prod" in shown
    assert "Deploy api of stack prod?" in shown
    (up,) = calls(pulumi, "up --stack prod")
    assert "--target **fks:infra:ApiServer**" in up and up.endswith(" --yes")


def test_a_locked_stack_is_not_deployed(pulumi: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history(pulumi, [])
    locked = {"lock": LOCK, "time": "2026-11-27T12:00:00Z"}
    servers.install(monkeypatch).reports = {"auth": GONE, "api": locked, "web": GONE}
    result = run("deploy", "web", "--stack", "prod", "--yes")
    assert result.exit_code == 2
    assert result.stderr.startswith("The stack is locked by ann since 2026-11-27T10:00:00Z: a ")
    assert calls(pulumi, "up ") == []


def test_all_has_no_target(pulumi: Path) -> None:
    history(pulumi, [])
    assert run("deploy", "--stack", "prod", "--yes").exit_code == 0
    assert calls(pulumi, "up ") == ["up --stack prod --yes"]


@pytest.mark.parametrize("options", [["api"], ["ath", "--yes"]])
def test_without_a_yes_and_for_a_wrong_server_nothing_is_changed(
    pulumi: Path, options: list[str]
) -> None:
    history(pulumi, [])
    assert run("deploy", *options, "--stack", "prod", text="n\n").exit_code == 2
    assert calls(pulumi, "up ") == []


def test_accepted_losses_are_in_the_configuration_while_pulumi_up_runs(pulumi: Path) -> None:
    history(pulumi, [])
    result = run("deploy", "api", "--stack", "prod", "--yes", "--accept-data-loss", "api")
    assert result.exit_code == 0, result.stderr
    lines = (pulumi / "calls").read_text().splitlines()
    words = ("config set", "up --stack", "config rm")
    assert [word for line in lines for word in words if word in line] == list(words)


def test_an_unknown_name_is_refused_before_anything_runs(pulumi: Path) -> None:
    result = run("deploy", "api", "--stack", "prod", "--yes", "--accept-data-loss", "ap")
    assert result.exit_code == 2
    assert "'ap' is not a server" in result.stderr
    assert not (pulumi / "calls").exists()
