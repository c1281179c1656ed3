"""What the servers of each mode cost a month."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from fks_infra.config.plans import MODES
from fks_infra.config.settings import Settings
from fks_infra.plans.price_list import PriceList
from fks_infra.topology.names import server_label
from fks_infra.topology.planning import servers_of


@dataclass(frozen=True, kw_only=True)
class ServerCost:
    """Dollars a month, `backups` those of Linode's backups, which nothing here switches on;
    `transfer` in GB a month; None where the price list lacks it.
    """

    server: str
    label: str
    plan: str
    price: float
    backups: float | None
    transfer: int | None


@dataclass(frozen=True, kw_only=True)
class ModeCost:
    """The servers of one mode."""

    servers: tuple[ServerCost, ...]

    @property
    def price(self) -> float:
        """Of all servers, without backups."""
        return round(sum(one.price for one in self.servers), 2)

    @property
    def backups(self) -> float | None:
        """Of all servers; None where one is not known."""
        known = [one.backups for one in self.servers if one.backups is not None]
        return round(sum(known), 2) if len(known) == len(self.servers) else None

    @property
    def transfer(self) -> int | None:
        """Of all servers, which share it; None where one is not known."""
        known = [one.transfer for one in self.servers if one.transfer is not None]
        return sum(known) if len(known) == len(self.servers) else None

    def document(self) -> dict[str, Any]:
        """{"servers": [{"server", "label", "plan", "price", "backups", "transfer"}], "price",
        "backups", "transfer"}.
        """
        totals = {"price": self.price, "backups": self.backups, "transfer": self.transfer}
        return {"servers": [asdict(one) for one in self.servers], **totals}


def costs(settings: Settings, prices: PriceList) -> dict[str, ModeCost]:
    """Mode to cost, by `fks:plan` or its defaults; OperatorError for an unknown plan."""
    return {mode: ModeCost(servers=tuple(_servers(settings, prices, mode))) for mode in MODES}


def _servers(settings: Settings, prices: PriceList, mode: str) -> list[ServerCost]:
    return [_server(settings, prices, name) for name in servers_of(mode)]


def _server(settings: Settings, prices: PriceList, name: str) -> ServerCost:
    plan = prices.plan(settings.plan[name], f"fks:plan.{name}")
    return ServerCost(
        server=name,
        label=server_label(settings.stack, name),
        plan=plan.id,
        price=plan.monthly_price(settings.region),
        backups=plan.backup_price(settings.region),
        transfer=plan.transfer,
    )


def difference(found: Mapping[str, ModeCost]) -> float:
    """Dollars that multi costs more a month than single."""
    return round(found["multi"].price - found["single"].price, 2)
