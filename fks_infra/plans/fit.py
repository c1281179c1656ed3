"""Whether what a server has used fits a plan, and what the services would get of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from fks_infra.clouds.linode_types import Plan
from fks_infra.config.plans import is_shared
from fks_infra.config.settings import Settings
from fks_infra.errors import OperatorError
from fks_infra.plans.peaks import Peaks
from fks_infra.plans.price_list import PriceList
from fks_infra.topology.planning import plan_topology
from fks_infra.topology.servers import ServerSpec

# Of a container's limit, the plan's memory, cores or disk: from here on a peak is tight.
TIGHT = 0.9


class Verdict(StrEnum):
    """Of a plan for a server."""

    FITS = "fits"
    TIGHT = "tight"
    NOT = "does not fit"


@dataclass(frozen=True, kw_only=True)
class Fit:
    """limits: service to MiB, none where the smallest limits do not fit. memory_left, disk_left:
    MiB beyond the peak; None where it was not measured. why: for every verdict but FITS. present:
    the server has this plan.
    """

    plan: str
    price: float
    memory: int
    disk: int
    limits: Mapping[str, int] = field(default_factory=dict)
    memory_left: int | None = None
    disk_left: int | None = None
    verdict: Verdict = Verdict.NOT
    why: tuple[str, ...] = ()
    present: bool = False

    def document(self) -> dict[str, Any]:
        """As JSON types."""
        return asdict(self)


def fits(settings: Settings, server: str, prices: PriceList, peaks: Peaks) -> list[Fit]:
    """Of each plan with shared cores and of the present one, the cheapest first."""
    present = prices.plan(settings.plan[server], f"fks:plan.{server}")
    chosen = {plan.id: plan for plan in prices.plans.values() if is_shared(plan)}
    plans = sorted({**chosen, present.id: present}.values(), key=lambda plan: plan.price)
    return [fit(settings, server, plan, present, peaks) for plan in plans]


def fit(settings: Settings, server: str, plan: Plan, present: Plan, peaks: Peaks) -> Fit:
    """Of one plan."""
    price = plan.monthly_price(settings.region)
    found = Fit(
        plan=plan.id, price=price, memory=plan.memory, disk=plan.disk, present=plan == present
    )
    try:
        spec = planned(settings, server, plan)
    except OperatorError as error:
        return replace(found, why=(_reason(error),))
    judged = list(_judged(spec, peaks))
    smaller = [_smaller_disk(plan, present)] if plan.disk < present.disk else []
    return replace(
        found,
        limits={service.name: service.memory for service in spec.services},
        memory_left=_left(plan.memory + spec.zram, peaks.memory),
        disk_left=_left(plan.disk, peaks.disk),
        verdict=_worst([verdict for verdict, _ in judged]),
        why=(*(text for _, text in judged), *smaller),
    )


def _reason(error: OperatorError) -> str:
    """Without the remedy: the other rows show which plans fit."""
    text = str(error).partition(". Write ")[0]
    return text.partition("': ")[2] or text


def planned(settings: Settings, server: str, plan: Plan) -> ServerSpec:
    """The server on this plan; OperatorError where its services do not fit, or it is unknown."""
    changed = replace(settings, plan={**settings.plan, server: plan.id})
    topology = plan_topology(changed, _with_others(changed, plan))
    (found,) = (spec for spec in topology.servers if spec.name == server)
    return found


def _with_others(settings: Settings, plan: Plan) -> Mapping[str, Plan]:
    """The other servers are not judged: they get a plan that everything fits."""
    roomy = replace(plan, memory=1 << 20, vcpus=64, disk=1 << 24, gpus=1)
    return {**dict.fromkeys(settings.plan.values(), roomy), plan.id: plan}


def _judged(spec: ServerSpec, peaks: Peaks) -> Iterator[tuple[Verdict, str]]:
    plan = spec.plan
    yield from _memory("memory", peaks.memory, plan.memory + spec.zram)
    yield from _memory("disk", peaks.disk, plan.disk)
    for service in spec.services:
        yield from _memory(service.name, peaks.containers.get(service.name), service.memory)
    # A busy CPU slows down, and fails nothing.
    if peaks.cpu is not None and peaks.cpu > TIGHT * plan.vcpus:
        yield Verdict.TIGHT, f"CPU: peak {peaks.cpu:.1f} of {plan.vcpus} cores"


def _memory(name: str, peak: int | None, available: int) -> Iterator[tuple[Verdict, str]]:
    if peak is not None and peak > TIGHT * available:
        verdict = Verdict.NOT if peak > available else Verdict.TIGHT
        yield verdict, f"{name}: peak {peak} of {available} MiB"


def _smaller_disk(plan: Plan, present: Plan) -> str:
    return (
        f"disk: {plan.disk} MiB, the present plan's has {present.disk}: refused unless the "
        f"server's disks are smaller"
    )


def _left(available: int, peak: int | None) -> int | None:
    return None if peak is None else available - peak


def _worst(found: Iterable[Verdict]) -> Verdict:
    order = (Verdict.NOT, Verdict.TIGHT)
    verdicts = set(found)
    return next((one for one in order if one in verdicts), Verdict.FITS)
