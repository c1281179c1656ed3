import pytest

from fks_infra.operate.age import age, seconds


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (-3, "0 s"),
        (34.6, "35 s"),
        (119, "119 s"),
        (120, "2 min"),
        (7199, "119 min"),
        (7200, "2 h"),
        (172799, "47 h"),
        (172800, "2 d"),
        (40 * 86400, "40 d"),
    ],
)
def test_one_unit(number: float, text: str) -> None:
    assert seconds(number) == text


def test_between_two_times() -> None:
    assert age("2026-11-27T10:00:00Z", "2026-11-24T09:59:59Z") == "3 d"
