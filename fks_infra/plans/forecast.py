"""What the month's bill will be, from the instances that Linode has.

Linode counts each hour that has begun, at the hourly price, and no more than the monthly price.
https://techdocs.akamai.com/cloud-computing/docs/understanding-how-billing-works
"""

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from fks_infra.clouds.linode_types import Instance, Plan
from fks_infra.config.plans import Plans

_HOUR = 3600


@dataclass(frozen=True, kw_only=True)
class Charge:
    """An instance in this month: hours so far and until its end, dollars so far and until then.
    `used` is what it has sent, in bytes. Its plan's present price counts for the whole month.
    """

    label: str
    plan: str
    created: str
    hours: int
    hours_at_end: int
    dollars: float
    dollars_at_end: float
    used: int

    def document(self) -> dict[str, Any]:
        """As JSON types."""
        return asdict(self)


def charge(one: Instance, plans: Plans, used: int, now: datetime) -> Charge | None:
    """None for a plan without an hourly price."""
    plan = plans.get(one.plan)
    if plan is None or plan.hourly_price(one.region) is None:
        return None
    begin = max(one.created, _month(now))
    hours, at_end = _hours(begin, now), _hours(begin, _next_month(now))
    return Charge(
        label=one.label,
        plan=one.plan,
        created=one.created.isoformat().replace("+00:00", "Z"),
        hours=hours,
        hours_at_end=at_end,
        dollars=_dollars(one, plan, hours),
        dollars_at_end=_dollars(one, plan, at_end),
        used=used,
    )


def total(charges: Iterable[Charge]) -> float:
    """Dollars at the end of the month."""
    return round(sum(one.dollars_at_end for one in charges), 2)


def _dollars(one: Instance, plan: Plan, hours: int) -> float:
    hourly = plan.hourly_price(one.region) or 0.0
    month = plan.monthly_price(one.region)
    # Backups cost the same part of their month as the instance.
    part = min(hours * hourly / month, 1.0) if month else 0.0
    backups = (plan.backup_price(one.region) or 0.0) if one.backups else 0.0
    return round(part * (month + backups), 2)


def _hours(begin: datetime, end: datetime) -> int:
    return math.ceil(max((end - begin).total_seconds(), 0.0) / _HOUR)


def _month(now: datetime) -> datetime:
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _next_month(now: datetime) -> datetime:
    first = _month(now)
    if first.month == 12:
        return first.replace(year=first.year + 1, month=1)
    return first.replace(month=first.month + 1)
