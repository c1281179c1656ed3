"""Linode's plans: a dated copy of the price list, and each server's default.

The plans of a run come from Linode (preflight/plan_list.py). The copy is for texts that are made
without Linode: documents, the schema of the stack files, tests.
"""

from collections.abc import Callable, Mapping

from fks_infra.clouds.linode_types import Plan
from fks_infra.roles import ROLES

# By their ids.
Plans = Mapping[str, Plan]

COPIED = "September 2026"


def _plan(plan_id: str, memory: int, disk: int, vcpus: int, price: float, gpus: int = 0) -> Plan:
    return Plan(id=plan_id, memory=memory, disk=disk, vcpus=vcpus, price=price, gpus=gpus)


# A part of https://api.linode.com/v4/linode/types as of COPIED, each class by memory.
PLANS: Plans = {
    plan.id: plan
    for plan in (
        _plan("g6-nanode-1", 1024, 25600, 1, 5),
        _plan("g6-standard-1", 2048, 51200, 1, 12),
        _plan("g6-standard-2", 4096, 81920, 2, 24),
        _plan("g6-standard-4", 8192, 163840, 4, 48),
        _plan("g6-standard-6", 16384, 327680, 6, 96),
        _plan("g6-standard-8", 32768, 655360, 8, 192),
        _plan("g6-dedicated-2", 4096, 81920, 2, 36),
        _plan("g6-dedicated-4", 8192, 163840, 4, 72),
        _plan("g6-dedicated-8", 16384, 327680, 8, 144),
        _plan("g6-dedicated-16", 32768, 655360, 16, 288),
        _plan("g2-gpu-rtx4000a1-s", 16384, 524288, 4, 350, gpus=1),
        _plan("g1-gpu-rtx6000-1", 32768, 655360, 8, 1000, gpus=1),
    )
}


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


SINGLE = "single"
MODES: tuple[str, ...] = ("multi", SINGLE)

# Server to plan: a server for each role, and the one that carries all of them.
DEFAULT_PLANS: dict[str, str] = {
    **{role.name: role.plan for role in ROLES},
    SINGLE: "g6-standard-4",
}
SERVER_NAMES: tuple[str, ...] = tuple(DEFAULT_PLANS)
