"""What `fks migrate` knows of a move after it was killed."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fks_infra.errors import OperatorError
from fks_infra.migrate.journal import Journal, load

NEW = Journal(stack="prod", source="single", target="multi")


def test_a_step_is_known_when_it_begins_and_when_it_ends(state_home: Callable[[], Path]) -> None:
    assert load("prod") is None
    begun = NEW.begin("close")
    assert load("prod") == begun
    assert (begun.began("close"), begun.done("close")) == (True, False)
    ended = begun.end("close", rows=3)
    assert load("prod") == ended
    assert ended.done("close")
    assert ended.steps["close"]["rows"] == 3
    ended.remove()
    assert not state_home().exists()


def test_a_step_that_is_begun_again_keeps_its_first_time(state_home: Callable[[], Path]) -> None:
    first = NEW.begin("close")
    assert first.begin("close").steps == first.steps
    assert state_home().stat().st_size > 0


def test_steps_are_forgotten_where_they_have_to_be_done_again(
    state_home: Callable[[], Path],
) -> None:
    done = NEW.begin("close").end("close").begin("build").end("build")
    assert done.without(["close", "exchange"]).steps.keys() == {"build"}
    left = load("prod")
    assert left and left.steps.keys() == {"build"}
    assert state_home().exists()


def test_times_are_from_the_first_beginning_to_the_last_end(state_home: Callable[[], Path]) -> None:
    times = {
        "close": {"began": "2026-11-27T10:00:00+00:00", "ended": "2026-11-27T10:00:05+00:00"},
        "switch": {"began": "2026-11-27T10:01:00+00:00", "ended": "2026-11-27T10:01:30+00:00"},
    }
    journal = replace(NEW, steps=times)
    assert journal.seconds("close", "switch") == 90
    assert journal.age("switch") > 0
    assert not state_home().exists()


def test_the_command_that_goes_on_is_that_of_the_direction() -> None:
    assert NEW.command == "fks migrate single-to-multi"
    assert replace(NEW, back=True).command == "fks migrate back"


@pytest.mark.parametrize("text", ["", "{", '{"stack": "prod"}', '{"other": 1}', "[]"])
def test_a_damaged_journal_is_an_error(state_home: Callable[[], Path], text: str) -> None:
    state_home().parent.mkdir()
    state_home().write_text(text)
    with pytest.raises(OperatorError, match=r"is damaged.*\nNext: rm "):
        load("prod")
