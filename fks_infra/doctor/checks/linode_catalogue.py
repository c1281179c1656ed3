"""Does Linode have the region, the image and the plans that the stack is configured with?"""

from collections.abc import Iterator

from fks_infra.config.plans import PLANS
from fks_infra.doctor.check_context import CheckContext
from fks_infra.doctor.findings import CheckResult, InconclusiveError, ok, problem, warning

# Without Cloud Firewall a server would be public; without Metadata it gets no cloud-init data.
CAPABILITIES = ("Linodes", "Cloud Firewall", "Metadata")
_LIST = "curl -s https://api.linode.com/v4"


def region(context: CheckContext) -> Iterator[CheckResult]:
    """The region exists, works, and has the needed capabilities."""
    name = context.stack.region
    remedy = (
        f"pulumi config set fks:region REGION --stack {context.stack.stack}, with an id that "
        f"`{_LIST}/regions` lists"
    )
    found = context.linode.region(name)
    if found is None:
        yield problem(f"fks:region is {name!r}, which Linode does not know", remedy)
        return
    lacking = [capability for capability in CAPABILITIES if capability not in found.capabilities]
    if lacking:
        yield problem(f"fks:region is {name!r}, which has no {', no '.join(lacking)}", remedy)
    elif found.status != "ok":
        yield problem(
            f"fks:region is {name!r}, where Linode reports {found.status}",
            "Wait until https://status.linode.com reports that it is resolved",
        )
    else:
        yield ok(f"{name} ({found.label})")


def image(context: CheckContext) -> Iterator[CheckResult]:
    """The image exists and runs cloud-init."""
    name = context.stack.image
    remedy = f"pulumi config set fks:image linode/debian13 --stack {context.stack.stack}"
    found = context.linode.image(name)
    if found is None:
        yield problem(f"fks:image is {name!r}, which Linode does not know", remedy)
    elif found.status != "available":
        yield problem(f"fks:image is {name!r}, which is {found.status}", remedy)
    elif "cloud-init" not in found.capabilities:
        yield problem(f"fks:image is {name!r}, which does not run cloud-init", remedy)
    elif found.deprecated:
        yield warning(f"fks:image is {name!r}, which Linode has deprecated", remedy)
    else:
        yield ok(name)


def plans(context: CheckContext) -> Iterator[CheckResult]:
    """Every plan exists, and the region has capacity for it."""
    stack, problems = context.stack, list[CheckResult]()
    sold_out = context.linode.sold_out_plans(stack.region)
    if sold_out is None:
        raise InconclusiveError(f"the region {stack.region} is not known")
    for server, plan in stack.plans.items():
        known = context.linode.plan(plan) is not None
        if known and plan not in sold_out:
            continue
        reason = f"is sold out in {stack.region}" if known else "Linode does not sell"
        problems.append(
            problem(
                f"fks:plan.{server} is {plan!r}, which {reason}",
                f"pulumi config set --path fks:plan.{server} {_alternative(plan, sold_out)} "
                f"--stack {stack.stack}",
            )
        )
    listed = ", ".join(f"{server} {plan}" for server, plan in stack.plans.items())
    yield from problems or [ok(f"{listed} are available in {stack.region}")]


def _alternative(plan: str, sold_out: frozenset[str]) -> str:
    """A shared-CPU plan with at least the same memory."""
    least = PLANS[plan].memory if plan in PLANS else 0
    others = (p for p in PLANS.values() if p.id.startswith("g6-standard") and p.memory >= least)
    return next((p.id for p in others if p.id not in {plan, *sold_out}), "PLAN")
