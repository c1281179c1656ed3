"""What `docker stats` prints, and the highest of several samples."""

import pytest

from rehearsal.bench.container_memory import Memory, Peaks

KEY = ("api", "fks-api-1")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("12.5MiB / 64MiB", Memory(12.5, 64)),
        ("512KiB / 1GiB", Memory(0.5, 1024)),
        ("0B / 0B", Memory(0, 0)),
    ],
)
def test_units_become_mebibytes(printed: str, expected: Memory) -> None:
    assert Memory.parse(printed) == expected


def test_an_unknown_unit_is_an_error() -> None:
    with pytest.raises(KeyError):
        Memory.parse("1PiB / 2PiB")


def test_the_highest_sample_stays() -> None:
    peaks = Peaks()
    for used in (10.0, 30.0, 20.0):
        peaks.add({KEY: Memory(used, 64)})
    assert peaks.rows == {KEY: Memory(30, 64)}
