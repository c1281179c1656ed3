from datetime import UTC, datetime

import pytest

from fks_infra.errors import OperatorError
from fks_infra.operate.since import seconds

NOW = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("90s", 90),
        ("10m", 600),
        ("2h", 7200),
        ("3d", 259200),
        ("2w", 1209600),
        ("2026-11-27T09:30", 1800),
        ("2026-11-27T09:30:00Z", 1800),
        ("2026-11-27T10:30:00+01:00", 1800),
        ("2026-11-27", 36000),
    ],
)
def test_ages_and_times(text: str, age: float) -> None:
    assert seconds(text, NOW) == age


@pytest.mark.parametrize("text", ["", "10", "10 m", "-5m", "yesterday"])
def test_another_text_is_an_error_with_examples(text: str) -> None:
    with pytest.raises(OperatorError, match="is no time: write 90s, 10m"):
        seconds(text, NOW)


def test_a_time_in_the_future_is_an_error() -> None:
    with pytest.raises(OperatorError, match="is in the future; now is 2026-11-27T10:00 UTC"):
        seconds("2026-11-27T10:01", NOW)
