"""What Linode's API returns, as far as it is used."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    """An instance type. Memory and disk in MiB; prices are dollars a month, some regions have their
    own.
    """

    id: str
    memory: int
    disk: int
    vcpus: int
    price: float
    gpus: int = 0
    region_prices: Mapping[str, float] = field(default_factory=dict)

    def monthly_price(self, region: str) -> float:
        """Dollars a month in a region."""
        return self.region_prices.get(region, self.price)

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Plan":
        """From the API's JSON."""
        regional = {
            price["id"]: float(price["monthly"]) for price in row.get("region_prices") or ()
        }
        return cls(
            id=str(row["id"]),
            memory=int(row["memory"]),
            disk=int(row["disk"]),
            vcpus=int(row["vcpus"]),
            price=float(row["price"]["monthly"]),
            gpus=int(row.get("gpus") or 0),
            region_prices=regional,
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
