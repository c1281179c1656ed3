"""The backups beside the loss of a server."""

from dataclasses import replace

from fks_infra.impact.backups import endangered, with_backups
from tests.fks_infra.impact.examples import REBUILT, STOPPED, example


def test_only_servers_that_lose_data_are_endangered() -> None:
    assert endangered(example(STOPPED, REBUILT)) == ("api",)
    assert endangered(example(STOPPED, replace(REBUILT, data=()))) == ()


def test_the_text_is_beside_the_loss() -> None:
    found = with_backups(example(STOPPED, REBUILT), {"api": "proved backup 5 h old"})
    stopped, rebuilt = found.servers["api"].effects
    assert stopped == STOPPED
    assert rebuilt.detail == "its disk is deleted; proved backup 5 h old"
    assert list(found.servers) == ["api", "web"]
