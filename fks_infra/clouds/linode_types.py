"""What Linode's API returns, as far as it is used."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Region:
    """A data centre; `status` is "ok" or "outage"."""

    id: str
    label: str
    status: str
    capabilities: frozenset[str]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Region":
        """From the API's JSON."""
        return cls(
            id=str(row["id"]),
            label=str(row.get("label", "")),
            status=str(row.get("status", "ok")),
            capabilities=frozenset(row.get("capabilities") or ()),
        )


@dataclass(frozen=True, kw_only=True)
class Image:
    """A disk image; `status` is "available" when it can be used."""

    id: str
    status: str
    deprecated: bool
    capabilities: frozenset[str]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Image":
        """From the API's JSON."""
        return cls(
            id=str(row["id"]),
            status=str(row.get("status", "available")),
            deprecated=bool(row.get("deprecated")),
            capabilities=frozenset(row.get("capabilities") or ()),
        )


@dataclass(frozen=True, kw_only=True)
class Plan:
    """An instance type. Memory and disk in MiB, transfer in GB a month; prices are dollars a month
    and an hour, `backups` those of Linode's backups, some regions have their own. None: not known.
    """

    id: str
    memory: int
    disk: int
    vcpus: int
    price: float
    gpus: int = 0
    region_prices: Mapping[str, float] = field(default_factory=dict)
    hourly: float | None = None
    region_hourly: Mapping[str, float] = field(default_factory=dict)
    backups: float | None = None
    region_backups: Mapping[str, float] = field(default_factory=dict)
    transfer: int | None = None

    def monthly_price(self, region: str) -> float:
        """Dollars a month in a region."""
        return self.region_prices.get(region, self.price)

    def hourly_price(self, region: str) -> float | None:
        """Dollars an hour in a region."""
        return self.region_hourly.get(region, self.hourly)

    def backup_price(self, region: str) -> float | None:
        """Dollars a month in a region."""
        return self.region_backups.get(region, self.backups)

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Plan":
        """From the API's JSON."""
        backups = (row.get("addons") or {}).get("backups") or {}
        return cls(
            id=str(row["id"]),
            memory=int(row["memory"]),
            disk=int(row["disk"]),
            vcpus=int(row["vcpus"]),
            price=float(row["price"]["monthly"]),
            gpus=int(row.get("gpus") or 0),
            region_prices=_regional(row, "monthly"),
            hourly=row["price"].get("hourly"),
            region_hourly=_regional(row, "hourly"),
            backups=(backups.get("price") or {}).get("monthly"),
            region_backups=_regional(backups, "monthly"),
            transfer=row.get("transfer"),
        )


def _regional(row: Mapping[str, Any], unit: str) -> dict[str, float]:
    """Region to price, of the regions that have their own."""
    prices = row.get("region_prices") or ()
    return {price["id"]: float(price[unit]) for price in prices if price.get(unit) is not None}


@dataclass(frozen=True, kw_only=True)
class Instance:
    """An instance of the account. `created` is a time in UTC."""

    id: str
    label: str
    plan: str
    region: str
    created: datetime
    backups: bool

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Instance":
        """From the API's JSON, whose times have no zone."""
        return cls(
            id=str(row["id"]),
            label=str(row["label"]),
            plan=str(row["type"]),
            region=str(row["region"]),
            created=datetime.fromisoformat(row["created"]).replace(tzinfo=UTC),
            backups=bool((row.get("backups") or {}).get("enabled")),
        )


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """An instance or a firewall of the account. Labels are unique in an account."""

    id: str
    label: str
    tags: frozenset[str]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Labelled":
        """From the API's JSON."""
        tags = frozenset(row.get("tags") or ())
        return cls(id=str(row["id"]), label=str(row["label"]), tags=tags)
