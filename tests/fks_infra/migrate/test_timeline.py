from dataclasses import replace
from typing import Any

from fks_infra.migrate import steps
from fks_infra.migrate.journal import Journal
from fks_infra.migrate.timeline import lines

NEW = Journal(stack="prod", source="single", target="multi")
SIZES = {"api": {"bytes": 1_800_000_000, "files": 0}, "auth": {"bytes": 0, "files": 900_000_000}}
DONE = {"began": "2026-11-27T10:00:00+00:00", "ended": "2026-11-27T10:02:00+00:00"}


def test_each_step_has_the_minutes_that_follow_from_the_sizes() -> None:
    found = list(lines(NEW, SIZES))
    assert [line.split("  ")[0] for line in found[:-1]] == list(steps.STEPS)
    assert "about 10 min" in found[2]
    assert "about 11 min" in found[4]
    assert found[-1] == "Writes are refused for about 12 min."


def test_the_first_copy_measures_the_last_one() -> None:
    done: dict[str, dict[str, Any]] = {
        steps.FIRST: {**DONE, "seconds": 120},
        steps.CLOSE: {**DONE, "ended": ""},
    }
    found = list(lines(replace(NEW, steps=done), SIZES))
    assert "done" in found[2]
    assert "interrupted" in found[3]
    assert "about 3 min" in found[4]
