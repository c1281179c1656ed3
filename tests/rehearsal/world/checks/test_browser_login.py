"""The output of a journey, judged."""

import json
import re

import pytest

from rehearsal.world.checks.browser_login import STEPS, clients, problems, settings
from rehearsal.world.names import ROOT

JOURNEY = ROOT / "rehearsal/images/browser/journey.py"
GOOD = {f"step_{number}": "" for number in range(STEPS)}


def test_a_journey_with_all_steps_has_no_problems() -> None:
    assert problems(0, f"a warning\n{json.dumps(GOOD)}\n") == ""


@pytest.mark.parametrize(
    ("code", "output", "text"),
    [
        (1, "Traceback\nNo module", "exited with 1: Traceback\nNo module"),
        (0, json.dumps({"log_in": "no button"}), "log_in: no button"),
        (0, json.dumps({"log_in": ""}), f"1 of {STEPS} steps: log_in"),
    ],
)
def test_a_problem_is_named(code: int, output: str, text: str) -> None:
    assert text in problems(code, output)


def test_the_expected_number_of_steps_is_that_of_the_journey() -> None:
    (steps,) = re.findall(r"def steps.*?return \((.*?)\n        \)", JOURNEY.read_text(), re.DOTALL)
    assert steps.count("self.") == STEPS


def test_each_run_has_its_own_users() -> None:
    first, second = (settings("https://fks.test", "https://auth.fks.test", "t") for _ in range(2))
    assert first["member"] != second["member"]
    assert first["member"]["name"] != first["outsider"]["name"]
    assert first["group"] == "fks-traders"


def test_the_clients_of_token_requests_are_read_from_the_log() -> None:
    lines = [
        "INFO:     Uvicorn running",
        '{"event": "/application/o/token/", "remote": "100.64.0.1", "scheme": "https"}',
        '{"event": "/application/o/token/", "remote": "172.24.0.1", "scheme": "http"}',
        '{"event": "/if/flow/x/", "remote": "100.64.0.9", "scheme": "https"}',
    ]
    assert clients("\n".join(lines)) == {"100.64.0.1", "http://172.24.0.1"}
