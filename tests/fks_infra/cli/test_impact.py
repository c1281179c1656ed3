"""`fks impact` in a repository: what it prints, and its exit codes."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from fks_infra.cli import impact
from fks_infra.cli.app import app
from fks_infra.impact import engine
from fks_infra.impact.markdown import Markdown
from tests.fks_infra.impact import checkout
from tests.fks_infra.impact.pairs import PAIRS


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A commit of the program."""
    return checkout.repository(tmp_path_factory.mktemp("repository"))


@pytest.fixture
def root(program: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The repository that the command compares, as it was committed at first; no stack is read."""
    monkeypatch.setattr(impact, "PROJECT_ROOT", program)
    monkeypatch.setattr(impact, "with_lost_backups", lambda result, _: result)
    yield from checkout.restored(program)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["impact", *arguments])


@pytest.mark.parametrize("name", ["nothing", "a larger plan", "one server for all roles"])
def test_the_exit_code_and_the_first_line(root: Path, name: str) -> None:
    pair = PAIRS[name]
    pair.edit(root)
    result = run("--base", "HEAD")
    assert result.exit_code == pair.code, result.output
    assert result.stdout.splitlines()[0].startswith(pair.verdict)


def test_two_commits_as_json(root: Path) -> None:
    pair = PAIRS["a new role"]
    pair.edit(root)
    checkout.commit_all(root)
    result = run("--base", "HEAD~1", "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == found["exit_code"] == 10
    rows = {
        f"{server}: {effect['part']}: {effect['action']}, {effect['away']}"
        for server, one in found["servers"].items()
        for effect in one["effects"]
    }
    assert rows == {row for row in pair.rows if not row.startswith("DNS")}
    assert "uncommitted" not in found["source"]


def test_markdown_says_that_a_secret_has_changed_and_does_not_show_it(root: Path) -> None:
    checkout.replace(root, "Pulumi.prod.yaml", "v1:one", "v1:canary")
    result = run("--base", "HEAD", "--markdown")
    assert result.exit_code == 10
    assert result.stdout.startswith("**Changes without downtime: ")
    assert ", uncommitted files: 1)." in result.stdout
    assert "| fks:acmeDnsToken | set | changed |" in result.stdout
    assert "canary" not in result.output


@pytest.mark.usefixtures("root")
def test_the_markdown_that_has_no_room_is_appended_to_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(impact, "markdown", lambda *_: Markdown(comment="comment", rest="rest\n"))
    summary = tmp_path / "summary"
    summary.write_text("before\n")
    assert run("--base", "HEAD", "--markdown", "--rest", str(summary)).stdout == "comment"
    assert summary.read_text() == "before\nrest\n"


@pytest.mark.usefixtures("root")
def test_what_it_cannot_tell_is_one_paragraph() -> None:
    result = run()
    assert result.exit_code == impact.CANNOT_TELL == 2
    assert result.stdout == ""
    assert result.stderr.startswith("--base is 'origin/main', which names no commit of this clone.")
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("operation", ["replace", "delete"])
def test_the_engine_confirms_or_it_cannot_tell(
    root: Path, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    PAIRS["a rebuild without data"].edit(root)
    reported = {"web-machine-instance": operation}
    monkeypatch.setattr(engine, "reported", lambda *_: reported)
    result = run("--base", "HEAD", "--engine", "--json")
    if operation == "replace":
        assert result.exit_code == 12
        assert json.loads(result.stdout)["engine"] == reported
    else:
        assert (result.exit_code, result.stdout) == (2, "")
        assert "(engine: delete, comparison: replace)" in result.stderr


def test_json_and_markdown_exclude_each_other() -> None:
    result = run("--json", "--markdown")
    assert result.exit_code == 2
    assert "exclude each other" in result.output
