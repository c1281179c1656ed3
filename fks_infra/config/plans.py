"""Linode's plans: sizes, and each server's default. Prices come from Linode at run time."""

from dataclasses import dataclass

from fks_infra.roles import ROLES


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A plan's size. Memory and disk in MiB, as Linode's price list counts them."""

    id: str
    memory: int
    disk: int
    vcpus: int


def _plan(plan_id: str, memory: int, disk: int, vcpus: int) -> Plan:
    return Plan(id=plan_id, memory=memory, disk=disk, vcpus=vcpus)


# Linode's public price list, September 2026, smallest first.
PLANS: dict[str, Plan] = {
    plan.id: plan
    for plan in (
        _plan("g6-nanode-1", 1024, 25600, 1),
        _plan("g6-standard-1", 2048, 51200, 1),
        _plan("g6-standard-2", 4096, 81920, 2),
        _plan("g6-standard-4", 8192, 163840, 4),
        _plan("g6-standard-6", 16384, 327680, 6),
        _plan("g6-standard-8", 32768, 655360, 8),
        _plan("g6-dedicated-2", 4096, 81920, 2),
        _plan("g6-dedicated-4", 8192, 163840, 4),
        _plan("g6-dedicated-8", 16384, 327680, 8),
        _plan("g6-dedicated-16", 32768, 655360, 16),
        _plan("g2-gpu-rtx4000a1-s", 16384, 524288, 4),
        _plan("g1-gpu-rtx6000-1", 32768, 655360, 8),
    )
}


def smallest_standard(memory: int) -> Plan | None:
    """The smallest shared-CPU plan with at least `memory` MiB, or None."""
    standard = (p for p in PLANS.values() if p.id.startswith(("g6-nanode", "g6-standard")))
    return next((plan for plan in standard if plan.memory >= memory), None)


SINGLE = "single"
MODES: tuple[str, ...] = ("multi", SINGLE)

# Server to plan: a server for each role, and the one that carries all of them.
DEFAULT_PLANS: dict[str, str] = {
    **{role.name: role.plan for role in ROLES},
    SINGLE: "g6-standard-4",
}
SERVER_NAMES: tuple[str, ...] = tuple(DEFAULT_PLANS)
