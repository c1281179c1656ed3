"""Does Linode sell what the stack asks for, where it asks for it?"""

from collections.abc import Iterator
from typing import Any

from fks_infra.config.plans import PLANS
from fks_infra.doctor import linode
from fks_infra.doctor.check_context import Case
from fks_infra.doctor.findings import CannotTellError, Seen, ok, problem
from fks_infra.doctor.web import understood

# A server without them would be open to everybody, or would never be told its name.
CAPABILITIES = ("Linodes", "Cloud Firewall", "Metadata")
_LIST = "curl -s https://api.linode.com/v4"


def region(case: Case) -> Iterator[Seen]:
    """The region is there, whole, and can do what the program needs."""
    wanted = case.subject.region
    remedy = (
        f"pulumi config set fks:region REGION --stack {case.subject.stack}, with an id that "
        f"`{_LIST}/regions` lists"
    )
    row = _row(case, f"regions/{wanted}", f"the region {wanted}")
    if row is None:
        yield problem(f"fks:region is {wanted!r}, which Linode does not know", remedy)
        return
    lacks = [name for name in CAPABILITIES if name not in row.get("capabilities", ())]
    if lacks:
        yield problem(f"fks:region is {wanted!r}, which has no {', no '.join(lacks)}", remedy)
    elif row.get("status", "ok") != "ok":
        yield problem(
            f"fks:region is {wanted!r}, and Linode reports {row['status']} there",
            "Wait until https://status.linode.com says it is over",
        )
    else:
        yield ok(f"{wanted} ({row.get('label', '')})")


def image(case: Case) -> Iterator[Seen]:
    """The image is there and lets cloud-init start."""
    wanted = case.subject.image
    remedy = f"pulumi config set fks:image linode/debian13 --stack {case.subject.stack}"
    row = _row(case, f"images/{wanted}", f"the image {wanted}", token=wanted.startswith("private/"))
    if row is None:
        yield problem(f"fks:image is {wanted!r}, which Linode does not know", remedy)
    elif row.get("status", "available") != "available":
        yield problem(f"fks:image is {wanted!r}, which is {row['status']}", remedy)
    elif "cloud-init" not in row.get("capabilities", ()):
        yield problem(f"fks:image is {wanted!r}, which does not start cloud-init", remedy)
    else:
        yield ok(f"{wanted}{', which Linode calls deprecated' if row.get('deprecated') else ''}")


def plans(case: Case) -> Iterator[Seen]:
    """Every plan is sold, and sold in the region."""
    wrong, sold_out = 0, _sold_out(case)
    for server, plan in case.subject.plans.items():
        known = _row(case, f"linode/types/{plan}", f"the plan {plan}") is not None
        if known and plan not in sold_out:
            continue
        wrong += 1
        why = f"cannot be had in {case.subject.region} now" if known else "Linode does not sell"
        yield problem(
            f"fks:plan.{server} is {plan!r}, which {why}",
            f"pulumi config set --path fks:plan.{server} {_instead(plan, sold_out)} "
            f"--stack {case.subject.stack}",
        )
    if not wrong:
        listed = ", ".join(f"{server} {plan}" for server, plan in case.subject.plans.items())
        yield ok(f"{listed} can be had in {case.subject.region}")


def _sold_out(case: Case) -> frozenset[str]:
    """Linode lists only plans that are scarce somewhere; the others are to be had."""
    path = f"regions/{case.subject.region}/availability"
    answer = linode.get(case.environ, path, case.limits.call, token=False)
    if answer.status == 404:
        raise CannotTellError(f"the region {case.subject.region} is not known")
    rows = understood(answer, "what the region has")
    return frozenset(row["plan"] for row in rows if not row["available"])


def _instead(plan: str, sold_out: frozenset[str]) -> str:
    least = PLANS[plan].memory if plan in PLANS else 0
    others = (p for p in PLANS.values() if p.id.startswith("g6-standard") and p.memory >= least)
    return next((p.id for p in others if p.id not in {plan, *sold_out}), "PLAN")


def _row(case: Case, path: str, what: str, *, token: bool = False) -> dict[str, Any] | None:
    """An entry of a public list, or None where there is none of that id."""
    answer = linode.get(case.environ, path, case.limits.call, token=token)
    return None if answer.status == 404 else dict(understood(answer, what))
