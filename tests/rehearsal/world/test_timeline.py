"""Steps as bars: scaled, in order, without the short ones."""

import pytest
from rich.console import Console

from rehearsal.world.progress import Step
from rehearsal.world.timeline import WIDTH, bar, timeline


@pytest.mark.parametrize(
    ("offset", "seconds", "expected"),
    [
        (0, 60, "█" * WIDTH),
        (30, 30, " " * 30 + "█" * 30),
        (0, 0.1, "█"),
        (60, 0.1, " " * 59 + "█"),
    ],
)
def test_a_bar_is_scaled_to_the_whole(offset: float, seconds: float, expected: str) -> None:
    assert bar(offset, seconds, 60) == expected


def printed(*steps: Step) -> list[str]:
    console = Console(width=140)
    with console.capture() as capture:
        console.print(timeline(steps))
    return capture.get().splitlines()


def test_steps_are_in_order_of_their_starts_and_short_ones_are_left_out() -> None:
    lines = printed(
        Step("second", started=110.0, seconds=50.0),
        Step("short", started=105.0, seconds=0.4),
        Step("first", started=100.0, seconds=30.0),
    )
    assert lines[0].strip() == "Timeline, 60 s"
    rows = [line.split("│")[1].strip() for line in lines if line.startswith("│")]
    assert rows == ["first", "second"]


def test_no_steps_are_an_empty_table() -> None:
    assert printed()[0].strip() == "Timeline, 1 s"
