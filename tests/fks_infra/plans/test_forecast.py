"""The bill of a month: each hour that has begun, and no more than the monthly price."""

from datetime import UTC, datetime

import pytest

from fks_infra.clouds.linode_types import Instance
from fks_infra.config.plans import PLANS
from fks_infra.plans.forecast import charge, total

NOW = datetime(2026, 11, 27, 12, 30, tzinfo=UTC)


def instance(created: datetime, plan: str = "g6-nanode-1", *, backups: bool = False) -> Instance:
    return Instance(
        id="7",
        label="fks-prod-web",
        plan=plan,
        region="ca-central",
        created=created,
        backups=backups,
    )


@pytest.mark.parametrize(
    ("created", "hours", "at_end", "dollars", "dollars_at_end"),
    [
        # November has 720 hours, and 667 of them cost the monthly price.
        (datetime(2026, 3, 1, tzinfo=UTC), 637, 720, 4.78, 5.0),
        (datetime(2026, 11, 27, 12, 0, tzinfo=UTC), 1, 84, 0.01, 0.63),
    ],
)
def test_hours_and_dollars(
    created: datetime, hours: int, at_end: int, dollars: float, dollars_at_end: float
) -> None:
    found = charge(instance(created), PLANS, 5, NOW)
    assert found is not None
    assert (found.hours, found.hours_at_end) == (hours, at_end)
    assert (found.dollars, found.dollars_at_end) == (dollars, dollars_at_end)
    assert found.document()["used"] == 5
    assert total([found, found]) == 2 * dollars_at_end


def test_backups_that_are_on_are_added() -> None:
    found = charge(instance(datetime(2026, 1, 1, tzinfo=UTC), backups=True), PLANS, 0, NOW)
    assert found is not None
    assert found.dollars_at_end == 7.0


def test_the_year_ends_in_december() -> None:
    now = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    found = charge(instance(now), PLANS, 0, now)
    assert found is not None
    assert (found.hours, found.hours_at_end) == (0, 1)


@pytest.mark.parametrize("plan", ["g9", "g6-standard-8"])
def test_a_plan_without_an_hourly_price_has_no_charge(plan: str) -> None:
    assert charge(instance(NOW, plan), PLANS, 0, NOW) is None
