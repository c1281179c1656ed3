"""The last check of a server for drift, in words."""

from typing import Any

import pytest

from fks_infra.operate.drift_flag import LATE_AFTER, shown, warning


def flag(**changes: Any) -> dict[str, Any]:
    base = {"time": "2026-11-27T02:00:00Z", "age": 3600, "deviations": 0, "unknown": 0}
    return {**base, "first": [], "reasons": [], **changes}


@pytest.mark.parametrize(
    ("found", "text", "command"),
    [
        (
            flag(deviations=3, first=["file a", "key b"]),
            "drift, checked 60 min ago: file a, key b and 1 more",
            "fks drift",
        ),
        (flag(unknown=1, reasons=["docker: x"]), "drift is not known, checked 60 min ago", "fks"),
        (flag(age=LATE_AFTER + 1), "the last check for drift was 2 d ago", "systemctl status"),
    ],
)
def test_a_warning_has_the_next_command(found: dict[str, Any], text: str, command: str) -> None:
    result = warning(found)
    assert result is not None
    assert result[0].startswith(text)
    assert result[1].startswith(command)


def test_without_drift_there_is_no_warning() -> None:
    assert (warning(None), warning(flag())) == (None, None)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (None, ("not checked yet", True)),
        (flag(), ("none, 60 min ago", True)),
        (flag(deviations=1, first=["file a"]), ("1 deviation, 60 min ago", False)),
        (flag(unknown=2, reasons=["x: y"]), ("not known, 60 min ago", False)),
    ],
)
def test_what_a_card_shows(found: dict[str, Any] | None, expected: tuple[str, bool]) -> None:
    assert shown(found) == expected
