"""`fks cost`: what the servers cost in each mode, and the forecast of the month's bill."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import Console

from fks_infra.cli.progress import waiting_for
from fks_infra.cli.servers import DONE, INCOMPLETE, write_json
from fks_infra.clouds.http import CloudError
from fks_infra.clouds.linode import Linode
from fks_infra.config.plans import PRICE_LIST
from fks_infra.config.settings import Settings
from fks_infra.impact.stack_file import stack_file
from fks_infra.paths import PROJECT_ROOT
from fks_infra.plans import forecast, price_list
from fks_infra.plans.costs import ModeCost, costs, difference
from fks_infra.plans.forecast import Charge
from fks_infra.plans.price_list import PriceList
from fks_infra.plans.screen import charge_table, cost_table
from fks_infra.topology.object_storage import bucket_price

_TOKEN = "LINODE_TOKEN"


def run(stack: str, *, as_json: bool, write: bool) -> int:
    """Print the costs of the stack of this name; returns 0, 1 if the account was not read although
    a token is exported. `write` refreshes the dated copy of the price list first.

    JSON: {"stack", "mode": the present one, "region", "prices": where they are from, "modes":
    {mode: `ModeCost.document`}, "difference": dollars that multi costs more a month,
    "objectStorage": dollars a month at least, 0 without a declared bucket, "forecast":
    {"charges": [`Charge`], "dollars": at the end of the month, "unknown": [label without an hourly
    price]} or null without an account, "notes": [sentence]}.
    """
    settings = stack_file(stack).settings
    with waiting_for("reading prices"):
        prices = price_list.read(os.environ)
    notes = [prices.note] if prices.note else []
    if write:
        notes.append(_written(price_list.refresh_copy(prices)))
    found = costs(settings, prices)
    charges, unknown, failed = _charges(found[settings.mode], prices)
    notes += failed
    document = _document(settings, prices, found, charges, unknown, notes)
    if as_json:
        write_json(document)
    else:
        _show(settings, found, charges or [], document)
    return INCOMPLETE if failed and os.environ.get(_TOKEN) else DONE


def _written(changed: Sequence[str]) -> str:
    path = PRICE_LIST.relative_to(PROJECT_ROOT)
    rows = ", ".join(changed) or "no row"
    return f"{path} has today's date; {rows} changed. Run make docs, and commit."


def _charges(cost: ModeCost, prices: PriceList) -> tuple[list[Charge] | None, list[str], list[str]]:
    """The charges, None without an account; labels without an hourly price; what went wrong."""
    if not os.environ.get(_TOKEN):
        return None, [], [f"No forecast: {_TOKEN} is not exported."]
    linode, now = Linode.from_environ(os.environ), datetime.now(UTC)
    try:
        with waiting_for("reading instances"):
            instances = linode.running([one.label for one in cost.servers])
            used = {one.id: linode.used_transfer(one.id) for one in instances}
    except CloudError as error:
        return None, [], [f"No forecast: {error.detail}. {error.remedy}".strip()]
    found = [
        (one.label, forecast.charge(one, prices.plans, used[one.id], now)) for one in instances
    ]
    unknown = [label for label, one in found if one is None]
    return [one for _, one in found if one], unknown, []


def _document(
    settings: Settings,
    prices: PriceList,
    found: dict[str, ModeCost],
    charges: list[Charge] | None,
    unknown: list[str],
    notes: list[str],
) -> dict[str, Any]:
    month = None
    if charges is not None:
        shown = [one.document() for one in charges]
        month = {"charges": shown, "dollars": forecast.total(charges), "unknown": unknown}
    return {
        "stack": settings.stack,
        "mode": settings.mode,
        "region": settings.region,
        "prices": prices.source,
        "modes": {mode: cost.document() for mode, cost in found.items()},
        "difference": difference(found),
        "objectStorage": bucket_price(settings),
        "forecast": month,
        "notes": notes,
    }


def _show(
    settings: Settings,
    found: dict[str, ModeCost],
    charges: list[Charge],
    document: dict[str, Any],
) -> None:
    console = Console(highlight=False)
    by_label = {one.label: one for one in charges}
    for mode, cost in found.items():
        present = mode == settings.mode
        title = f"{mode} (fks:mode)" if present else mode
        console.print(cost_table(title, cost, by_label if present else {}))
    more = "more" if document["difference"] >= 0 else "less"
    lines = [f"multi costs ${abs(document['difference']):g} a month {more} than single."]
    if document["objectStorage"]:
        lines.append(
            f"Object Storage for fks:backup.bucket costs ${document['objectStorage']:g} a month at "
            f"least, in both modes."
        )
    lines.append(f"Prices: {document['prices']}, region {settings.region}, without taxes.")
    if month := document["forecast"]:
        console.print(charge_table(charges))
        lines.append(f"Forecast of this month's bill: ${month['dollars']:.2f}.")
        lines += [f"{label}: its plan has no hourly price here." for label in month["unknown"]]
    for line in (*lines, *document["notes"]):
        console.print(line, markup=False, soft_wrap=True)
