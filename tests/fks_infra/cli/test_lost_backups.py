"""`fks impact` says how old the backups of servers are that would be lost."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from fks_infra.cli.lost_backups import with_lost_backups
from fks_infra.errors import OperatorError
from fks_infra.impact.impact import Impact
from fks_infra.operate import deployed_stack
from tests.fks_infra.cli import servers
from tests.fks_infra.impact.examples import REBUILT, STOPPED, example
from tests.fks_infra.operate.reports import GONE


def detail(impact: Impact) -> str:
    return impact.servers["api"].effects[-1].detail


@pytest.mark.parametrize(
    ("backup", "text"),
    [
        ({"proved": 18000, "proof": {"verdict": "ok"}}, "proved backup 5 h old"),
        (None, "no proved backup"),
    ],
)
def test_the_newest_proved_backup_is_read(
    monkeypatch: pytest.MonkeyPatch, backup: Any, text: str
) -> None:
    fake = servers.install(monkeypatch)
    fake.reports = {"api": {"backup": backup}}
    found = with_lost_backups(example(STOPPED, REBUILT), "prod")
    assert detail(found) == f"its disk is deleted; {text}"
    assert [names for _, names in fake.commands] == [("api",)]


def test_a_server_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    servers.install(monkeypatch).reports = {"api": GONE}
    found = with_lost_backups(example(REBUILT), "prod")
    assert detail(found).endswith(f"; whether a backup is proved is not known: {GONE.reason}")


def test_a_stack_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(_: str) -> Sequence[str]:
        raise OperatorError("there is no stack prod.\nNext: pulumi stack ls")

    monkeypatch.setattr(deployed_stack, "read", read)
    found = with_lost_backups(example(REBUILT), "prod")
    assert detail(found).endswith("is not known here: there is no stack prod")


def test_without_a_loss_of_data_no_stack_is_read() -> None:
    harmless = example(STOPPED, replace(REBUILT, data=()))
    assert with_lost_backups(harmless, "prod") is harmless
