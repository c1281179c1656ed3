import json
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from fks_infra.cli.app import app
from fks_infra.operate import celery, deployed_stack
from tests.fks_infra.operate.stack import MULTI
from tests.fks_infra.operate.test_celery import DOCUMENT


@pytest.fixture
def purged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queues that were emptied."""
    found: list[str] = []

    def purge(_: object, queue: str) -> int:
        found.append(queue)
        return 3

    monkeypatch.setattr(deployed_stack, "read", lambda _: MULTI)
    monkeypatch.setattr(celery, "purge", purge)
    return found


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Set parts of what the server reports."""

    def use(**changes: Any) -> None:
        monkeypatch.setattr(celery, "read", lambda _: {**DOCUMENT, **changes})

    use()
    return use


pytestmark = pytest.mark.usefixtures("report", "purged")


def run(*options: str, typed: str = "") -> Result:
    return CliRunner(env={"COLUMNS": "80"}).invoke(app, ["celery", *options], input=typed)


def test_the_tables() -> None:
    result = run()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[1].split() == ["celery", "3", "at", "least", "12", "min"]


def test_json_is_one_document() -> None:
    assert json.loads(run("--json").stdout) == DOCUMENT


def test_a_part_that_cannot_be_read_ends_with_1(report: Callable[..., None]) -> None:
    report(workers=None, tasks=None, problems=["no container runs"])
    result = run()
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1] == "no container runs"


def test_nothing_that_can_be_read_ends_with_2(report: Callable[..., None]) -> None:
    report(queues=None, workers=None, tasks=None, problems=["no Redis", "no worker"])
    assert run("--json").exit_code == 2


@pytest.mark.parametrize(("typed", "done"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_a_purge_asks_first(purged: list[str], typed: str, done: bool) -> None:
    result = run("--purge", "celery", typed=typed)
    assert "Delete the 3 tasks that wait in celery of stack prod?" in result.stdout
    assert purged == (["celery"] if done else [])
    last = "3 tasks of celery were deleted" if done else "nothing was deleted; 3 tasks wait"
    assert last in result.stdout


def test_a_purge_without_a_question(purged: list[str]) -> None:
    result = run("--purge", "celery", "--yes")
    assert (result.stdout, purged) == ("3 tasks of celery were deleted\n", ["celery"])


def test_without_an_answer_nothing_is_deleted(purged: list[str]) -> None:
    assert run("--purge", "celery").exit_code == 1
    assert purged == []


def test_an_empty_queue_needs_no_purge(purged: list[str]) -> None:
    assert run("--purge", "trading").stdout == "nothing waits in trading\n"
    assert purged == []


@pytest.mark.parametrize(
    ("queue", "changes", "message"),
    [
        ("trade", {}, "there is no queue 'trade'; there are celery, default, model_training, tra"),
        ("celery", {"queues": None, "problems": ["no Redis"]}, "cannot be read: no Redis"),
    ],
)
def test_a_queue_that_does_not_exist_or_cannot_be_read(
    report: Callable[..., None],
    purged: list[str],
    queue: str,
    changes: dict[str, Any],
    message: str,
) -> None:
    report(**changes)
    result = run("--purge", queue, "--yes")
    assert result.exit_code == 2 and message in result.stderr
    assert purged == []
