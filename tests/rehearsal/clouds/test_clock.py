"""The clouds' clock."""

from datetime import UTC, datetime, timedelta

import pytest

from rehearsal.clouds.clock import Clock, parse


def test_the_clock_moves_forward_only() -> None:
    clock = Clock()
    before = clock.now()
    clock.advance(60)
    assert clock.now() - before >= timedelta(seconds=60)
    with pytest.raises(ValueError, match="only moves forward"):
        clock.advance(-1)


@pytest.mark.parametrize(
    "text", ["2026-11-23T15:04:05", "2026-11-23T15:04:05Z", "2026-11-23T16:04:05+01:00"]
)
def test_the_timestamps_of_all_clouds_are_read_as_utc(text: str) -> None:
    assert parse(text) == datetime(2026, 11, 23, 15, 4, 5, tzinfo=UTC)
