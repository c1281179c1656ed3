"""Which way the requests went, by the tailnet interface's own counters."""

import pytest

from rehearsal.bench.hop import Throughput, figures, verify


def test_the_tailnet_carries_the_first_way_alone() -> None:
    verify(Throughput(1000, 1800.0), Throughput(1500, 0.4))


@pytest.mark.parametrize(
    ("over", "past"),
    [
        (Throughput(1000, 1800.0), Throughput(1500, 1800.0)),
        (Throughput(1000, 1800.0), Throughput(1500, 20.0)),
        (Throughput(1000, 0.0), Throughput(1500, 0.0)),
    ],
)
def test_a_way_that_is_not_what_it_should_be_is_refused(over: Throughput, past: Throughput) -> None:
    with pytest.raises(RuntimeError, match="wrong path"):
        verify(over, past)


def test_rates_are_compared_pair_by_pair() -> None:
    over, past = (
        [Throughput(1000, 1800.0), Throughput(900, 1800.0)],
        [Throughput(2000, 0.0), Throughput(1000, 0.0)],
    )
    ratio, above, below = figures(over, past, "direct")
    assert ratio.values == (0.5, 0.9)
    assert above.values == (1000, 900)
    assert below.values == (2000, 1000)
    assert "direct" in above.name
