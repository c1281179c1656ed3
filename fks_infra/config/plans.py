"""Linode's plans: a dated copy of the price list, and each server's default.

The plans of a run come from Linode (preflight/plan_list.py). The copy is for texts that are made
without Linode: documents, the schema of the stack files, tests.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from fks_infra.clouds.linode_types import Plan
from fks_infra.roles import ROLES

# By their ids.
Plans = Mapping[str, Plan]

# A part of https://api.linode.com/v4/linode/types, each class by memory: {"copied": month and year,
# "types": [row, with null for what the copy lacks]}. `fks cost --write` refreshes the rows.
PRICE_LIST = Path(__file__).with_name("price_list.json")
_COPY = json.loads(PRICE_LIST.read_text(encoding="utf-8"))
COPIED: str = _COPY["copied"]
PLANS: Plans = {row["id"]: Plan.of(row) for row in _COPY["types"]}


def is_shared(plan: Plan) -> bool:
    """Whether its cores are shared, as those of the cheapest plans."""
    return plan.id.startswith(("g6-nanode", "g6-standard"))


def smallest_shared(plans: Plans, fits: Callable[[Plan], bool]) -> Plan | None:
    """The smallest plan with shared cores that fits, or None."""
    fitting = (plan for plan in plans.values() if is_shared(plan) and fits(plan))
    return min(fitting, key=lambda plan: plan.memory, default=None)


def gpu_plans(plans: Plans) -> list[str]:
    """The ids of the plans that have a GPU."""
    return [plan.id for plan in plans.values() if plan.gpus]


MULTI, SINGLE = "multi", "single"
MODES: tuple[str, ...] = (MULTI, SINGLE)

# Server to plan: a server for each role, and the one that carries all of them.
DEFAULT_PLANS: dict[str, str] = {
    **{role.name: role.plan for role in ROLES},
    SINGLE: "g6-standard-4",
}
SERVER_NAMES: tuple[str, ...] = tuple(DEFAULT_PLANS)


def mode_of(server: str) -> str:
    """The mode that has the server."""
    return SINGLE if server == SINGLE else MULTI
