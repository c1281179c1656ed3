"""The reason in certbot's output."""

import pytest

from host.fks_deploy.certbot_output import reason
from tests.host.certbot_messages import AFTER, BANNER, BEFORE, printed


def test_the_reason_has_no_lines_that_certbot_always_prints() -> None:
    err = f"{BEFORE}An unexpected error occurred:\n  the reason.\nthe reason.\nanother\n{AFTER}"
    assert reason("", err) == "the reason; another"


@pytest.mark.parametrize(
    ("err", "expected"),
    [
        (printed("the code\nthe text\n"), "the code; the text"),
        (f"the code\n{BANNER}".rstrip("\n"), "the code"),
        ("a.py:7: DeprecationWarning: old\n  call()\nthe reason\n", "the reason"),
        ("a.py:7: UserWarning: \n\nthe reason\n", "the reason"),
        (
            "ValueError: line 7: a Warning: is not one\n",
            "ValueError: line 7: a Warning: is not one",
        ),
    ],
    ids=["between", "at the end", "one line", "without a body", "not a warning"],
)
def test_warnings_of_python_are_no_reason(err: str, expected: str) -> None:
    assert reason("", err) == expected


def test_the_problem_of_each_name_replaces_standard_error() -> None:
    out = "\n  Domain: a.example\n  Type:   dns\n  Detail: no TXT record\n"
    out += "\n  Domain: b.example\n  Type:   caa\n  Detail: CAA forbids it.\n"
    expected = "a.example: no TXT record (dns); b.example: CAA forbids it. (caa)"
    assert reason(out, "Some challenges have failed.\nmore\n") == expected


def test_output_without_a_reason_is_reported_as_such() -> None:
    assert reason("", BEFORE + BANNER + AFTER) == "certbot printed no reason"


def test_a_very_long_reason_is_cut() -> None:
    assert len(reason("", "x" * 5000)) < 1000
