import json

import pytest

from fks_infra.drift.findings import Deviation, Unknown
from tests.fks_infra.drift.findings import GONE, PLACES, PORT, RECORD, SYSCTL, USER, findings


@pytest.mark.parametrize(
    ("found", "verdict", "code"),
    [
        ((), "no drift: auth, api, web, clouds", 0),
        ((SYSCTL, USER, RECORD), "drift: api 2, clouds 1; no drift: auth, web", 1),
        ((GONE,), "cannot tell: auth; no drift: api, web, clouds", 2),
        ((GONE, GONE, SYSCTL), "drift: api 1; cannot tell: auth; no drift: web, clouds", 1),
    ],
)
def test_verdict_and_exit_code(
    found: tuple[Deviation | Unknown, ...], verdict: str, code: int
) -> None:
    result = findings(*found)
    assert (result.verdict, result.exit_code) == (verdict, code)


def test_only_what_is_to_be_removed_is_not_ours() -> None:
    assert [one.ours for one in (SYSCTL, USER, PORT, RECORD)] == [True, False, True, True]


def test_the_document() -> None:
    document = json.loads(json.dumps(findings(SYSCTL, GONE, notes=("x",)).document()))
    assert document == {
        "stack": "prod",
        "verdict": "drift: api 1; cannot tell: auth; no drift: web, clouds",
        "exit_code": 1,
        "places": list(PLACES),
        "deviations": [
            {
                "place": "api",
                "kind": "sysctl",
                "name": "net.a",
                "expected": "1",
                "found": "2",
                "repair": "step 34-kernel",
            }
        ],
        "unknown": [
            {
                "place": "auth",
                "part": "server",
                "reason": "SSH to 100.64.0.1: timed out",
                "command": "fks x",
            }
        ],
        "notes": ["x"],
    }
