"""Which way the requests went, by the tailnet interface's own counters."""

import pytest

from rehearsal.bench.hop import Way, figures, judge


def test_the_tailnet_carries_the_first_way_alone() -> None:
    judge(Way(1000, 1800.0), Way(1500, 0.4))


@pytest.mark.parametrize(
    ("over", "past"),
    [
        (Way(1000, 1800.0), Way(1500, 1800.0)),
        (Way(1000, 1800.0), Way(1500, 20.0)),
        (Way(1000, 0.0), Way(1500, 0.0)),
    ],
)
def test_a_way_that_is_not_what_it_should_be_is_refused(over: Way, past: Way) -> None:
    with pytest.raises(RuntimeError, match="one of the two ways"):
        judge(over, past)


def test_rates_are_compared_pair_by_pair() -> None:
    over, past = [Way(1000, 1800.0), Way(900, 1800.0)], [Way(2000, 0.0), Way(1000, 0.0)]
    ratio, above, below = figures(over, past, "direct")
    assert ratio.values == (0.5, 0.9)
    assert above.values == (1000, 900)
    assert below.values == (2000, 1000)
    assert "direct" in above.name
