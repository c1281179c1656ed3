"""Variables in compose files."""

import pytest

from fks_infra.impact.interpolation import interpolate

ENVIRONMENT = {"NAME": "value", "EMPTY": ""}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("${NAME}", "value"),
        ("${NAME:?}", "value"),
        ("${NAME:-other}", "value"),
        ("${EMPTY:-other}", "other"),
        ("${MISSING:-}", ""),
        ("${MISSING:-admin@${NAME:?}}", "admin@value"),
        ("a${NAME}b${NAME}", "avaluebvalue"),
        ("pbkdf2$$1000$$x", "pbkdf2$1000$x"),
        ("${API_SERVER_IP:-}", "${API_SERVER_IP}"),
        ("${FKS_SECRETS:?}/api", "${FKS_SECRETS}/api"),
    ],
)
def test_a_text(text: str, expected: str) -> None:
    assert interpolate(text, ENVIRONMENT) == expected


def test_lists_and_objects_keep_their_form() -> None:
    value = {"command": ["-c", "${NAME}"], "init": True, "count": 3}
    expected = {"command": ["-c", "value"], "init": True, "count": 3}
    assert interpolate(value, ENVIRONMENT) == expected
