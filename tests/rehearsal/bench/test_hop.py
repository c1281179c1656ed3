"""Which path the requests took, by the tailnet interface's counters."""

import pytest

from rehearsal.bench.hop import Throughput, figures, verify


def test_the_tailnet_carries_the_first_requests_only() -> None:
    verify(Throughput(1000, 1800.0), Throughput(1500, 0.4))


@pytest.mark.parametrize(
    ("over", "without"),
    [
        (Throughput(1000, 1800.0), Throughput(1500, 1800.0)),
        (Throughput(1000, 1800.0), Throughput(1500, 20.0)),
        (Throughput(1000, 0.0), Throughput(1500, 0.0)),
    ],
)
def test_requests_on_the_wrong_path_are_an_error(over: Throughput, without: Throughput) -> None:
    with pytest.raises(RuntimeError, match="wrong path"):
        verify(over, without)


def test_rates_are_compared_pair_by_pair() -> None:
    over, without = (
        [Throughput(1000, 1800.0), Throughput(900, 1800.0)],
        [Throughput(2000, 0.0), Throughput(1000, 0.0)],
    )
    ratio, above, below = figures(over, without, "direct")
    assert ratio.values == (0.5, 0.9)
    assert above.values == (1000, 900)
    assert below.values == (2000, 1000)
    assert "direct" in above.name
