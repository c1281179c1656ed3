"""wrk's output, parsed and verified."""

import json

import pytest

from rehearsal.bench.load import FAILURES, LoadResult


def printed(**seen: int) -> str:
    """Return wrk's output: its own lines, then the line of JSON."""
    line = {"requests": 800, "seconds": 4.0, "p50": 1.5, "p99": 3.5}
    line |= {**dict.fromkeys(FAILURES, 0), **seen}
    return f"Running 4s test @ https://example.org/api/hop\nRequests/sec: 1.0\n{json.dumps(line)}\n"


def test_a_load_without_failures_has_a_rate() -> None:
    result = LoadResult.parse(printed())
    result.verify()
    assert (result.rate, result.p50, result.p99) == (200.0, 1.5, 3.5)


@pytest.mark.parametrize("failure", FAILURES)
def test_any_failure_is_an_error(failure: str) -> None:
    with pytest.raises(RuntimeError, match=f"in 800 requests.*'{failure}': 3"):
        LoadResult.parse(printed(**{failure: 3})).verify()


def test_a_load_without_responses_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="no response at all"):
        LoadResult.parse(printed(requests=0)).verify()
