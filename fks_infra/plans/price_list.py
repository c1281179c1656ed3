"""The plans with their prices, from Linode or from the dated copy, and the refresh of the copy."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fks_infra.clouds.http import CloudError
from fks_infra.clouds.linode import Linode
from fks_infra.clouds.linode_types import Plan
from fks_infra.config.plans import COPIED, PLANS, PRICE_LIST, Plans
from fks_infra.config.schema import did_you_mean
from fks_infra.errors import OperatorError

_MONTH = "%B %Y"


@dataclass(frozen=True, kw_only=True)
class PriceList:
    """Plans by id. `source`: where they are from. `rows`: as Linode shows them, none of the copy.
    `note`: why it is the copy, or empty.
    """

    plans: Plans
    source: str
    rows: Sequence[Mapping[str, Any]] = ()
    note: str = ""

    def plan(self, identifier: str, key: str) -> Plan:
        """A plan; OperatorError that names the key whose value is no plan."""
        if identifier not in self.plans:
            near = did_you_mean(identifier, dict(self.plans))
            raise OperatorError(
                f"{key} is {identifier!r}, which is not in the price list ({self.source}); {near} "
                f"Nothing was changed."
            )
        return self.plans[identifier]


def read(environ: Mapping[str, str]) -> PriceList:
    """Linode's list, which needs no token; the dated copy while Linode does not answer."""
    try:
        rows = Linode.from_environ(environ).plan_rows()
    except CloudError as error:
        note = f"Linode's price list was not read: {error.detail}. This is the copy of {COPIED}."
        return PriceList(plans=PLANS, source=f"copy of {COPIED}", note=note)
    plans = {**PLANS, **{row["id"]: Plan.of(row) for row in rows}}
    return PriceList(plans=plans, source="Linode, today", rows=rows)


def refresh_copy(found: PriceList, path: Path = PRICE_LIST) -> list[str]:
    """Write what Linode sells now of the copy's plans; returns the ids whose row has changed.

    OperatorError without Linode's list. A plan that Linode does not sell any more keeps its row.
    """
    if not found.rows:
        raise OperatorError(f"{found.note} The copy was not changed; try again in a while.")
    before = json.loads(path.read_text(encoding="utf-8"))["types"]
    sold = {row["id"]: _kept(row) for row in found.rows}
    after = [sold.get(row["id"], row) for row in before]
    lines = ",\n".join(f"    {json.dumps(row)}" for row in after)
    copied = json.dumps(datetime.now(UTC).strftime(_MONTH))
    path.write_text(f'{{\n  "copied": {copied},\n  "types": [\n{lines}\n  ]\n}}\n')
    return [new["id"] for old, new in zip(before, after, strict=True) if old != new]


def _kept(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the copy has of a row: prices are those of the core regions."""
    backups = ((row.get("addons") or {}).get("backups") or {}).get("price")
    names = ("id", "memory", "disk", "vcpus", "gpus", "transfer", "price")
    return {**{name: row.get(name) for name in names}, "addons": {"backups": {"price": backups}}}
