"""The first line of the output."""

from dataclasses import replace

import pytest

from fks_infra.impact.impact import Action, Change, Effect, Level
from fks_infra.impact.verdict import away, verdict
from tests.fks_infra.impact.examples import REBUILT, STOPPED, example


def test_the_levels_are_exit_codes() -> None:
    assert [int(level) for level in Level] == [0, 10, 11, 12]


def test_nothing() -> None:
    assert example().level == Level.NOTHING
    assert verdict(example()) == "Nothing changes on the servers. $34 a month, as before."


def test_downtime_with_its_seconds() -> None:
    impact = example(STOPPED, after=34.5)
    assert impact.level == Level.DOWNTIME
    assert verdict(impact) == (
        "Changes with downtime: stopped and replaced: api-queue (10 s at most). $34 → $34.50 a "
        "month."
    )


def test_loss_with_the_data_and_the_refusal() -> None:
    impact = example(REBUILT, STOPPED)
    assert impact.level == Level.LOSS
    assert verdict(impact) == (
        "Servers or data are lost: rebuilt with an empty disk: api (with a-data and b-data); "
        "stopped and replaced: api-queue (10 s at most). pulumi up refuses it while fks:protect "
        "is true. $34 a month, as before."
    )


def test_a_setting_alone_is_a_change() -> None:
    impact = example(settings=(Change(name="fks:protect", before="true", after="false"),))
    assert impact.level == Level.NO_DOWNTIME
    assert verdict(impact) == "Changes without downtime. $34 a month, as before."


def test_the_program_needs_the_engine() -> None:
    impact = example(program=("__main__.py",))
    assert impact.level == Level.NO_DOWNTIME
    assert verdict(impact).endswith("what that does to the clouds, only --engine shows.")
    assert verdict(replace(impact, engine={})).endswith("as before. The engine agrees.")


@pytest.mark.parametrize(
    ("action", "seconds", "expected"),
    [
        (Action.RELOADED, 0, "0 s"),
        (Action.STOPPED_FIRST, 10, "10 s at most"),
        (Action.STOPPED_FIRST, None, "time not measured"),
        (Action.RESIZED, None, "some minutes"),
        (Action.DESTROYED, None, "for good"),
        (Action.REMOVED, None, "for good"),
        (Action.REMOVED, 0, "0 s"),
    ],
)
def test_how_long_a_part_is_away(action: Action, seconds: int | None, expected: str) -> None:
    assert away(Effect(part="x", action=action, seconds=seconds)) == expected
