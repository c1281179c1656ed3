"""Test processes with a world each."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
pytest_plugins = ["pytester"]

TEST = """
import os
import time

def test_world():
    # The other process takes the other module meanwhile.
    time.sleep(1)
    with open(os.environ["SEEN"], "a") as seen:
        seen.write(os.environ["FKS_WORLD"])
"""


@pytest.mark.parametrize(
    ("first", "options", "worlds"), [("", ["-n2"], "12"), ("3", ["-n2"], "34"), ("2", [], "22")]
)
def test_each_process_has_a_world(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    first: str,
    options: list[str],
    worlds: str,
) -> None:
    for name in ("PYTEST_XDIST_WORKER", "FKS_WORLD"):
        monkeypatch.delenv(name, raising=False)
    if first:
        monkeypatch.setenv("FKS_WORLD", first)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("SEEN", str(pytester.path / "seen"))
    pytester.makepyfile(test_a=TEST, test_b=TEST)
    result = pytester.runpytest_subprocess("-p", "tests.worlds", "--dist", "loadfile", *options)
    result.assert_outcomes(passed=2)
    assert "".join(sorted((pytester.path / "seen").read_text())) == worlds
