"""`fks scale`: a server gets another plan, after its impact was shown."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from rich.console import Console

from fks_infra.cli import accepted_loss, deploy, lock, pulumi_run, server_health, up
from fks_infra.cli.fit import PROGRAM, measured_peaks
from fks_infra.cli.progress import read_stack, waiting_for
from fks_infra.cli.servers import (
    CANNOT_TELL,
    DONE,
    INCOMPLETE,
    Servers,
    connected,
    show_unreached,
)
from fks_infra.clouds.linode_types import Plan
from fks_infra.components.disk import disk_error
from fks_infra.config import stack_files
from fks_infra.config.pulumi_cli import pulumi
from fks_infra.errors import OperatorError, raise_operator_errors
from fks_infra.impact.changes import impact
from fks_infra.impact.inventory import inventory_of
from fks_infra.impact.stack_file import StackFile, stack_file
from fks_infra.impact.terminal import show
from fks_infra.plans import instances, peaks, price_list
from fks_infra.plans.fit import Fit, Verdict, fit, planned
from fks_infra.plans.peaks import Peaks
from fks_infra.plans.price_list import PriceList
from fks_infra.plans.screen import limits_table
from fks_infra.topology.planning import declared_servers


@dataclass(frozen=True, kw_only=True)
class Scaling:
    """`before` is the plan that the server has, `file` has the present settings."""

    stack: str
    server: str
    before: Plan
    after: Plan
    file: StackFile
    prices: PriceList

    def with_plan(self, plan: Plan) -> StackFile:
        """The settings with this plan."""
        settings, values = self.file.settings, self.file.values
        changed = {**settings.plan, self.server: plan.id}
        plans = {**values["plan"], self.server: plan.id}
        return replace(
            self.file,
            settings=replace(settings, plan=changed),
            values={**values, "plan": plans},
        )

    @property
    def is_done(self) -> bool:
        """Whether server and setting have the plan."""
        configured = self.file.settings.plan[self.server]
        return self.before.id == configured == self.after.id


def run(
    stack: str,
    server: str,
    plan: str,
    confirm: Callable[[str], bool],
    accept: Sequence[str] = (),
) -> int:
    """Returns 0, 1 if `pulumi up` failed or the server has a new problem, 2 if nothing was
    changed. `accept` are the servers whose data may be lost without a proved backup.
    """
    accepted_loss.check(accept)
    found = read_stack(stack)
    found.selected([server])
    scaling = _scaling(found.name, server, plan)
    if scaling.is_done:
        sys.stdout.write(
            f"Nothing changes: {server} has {plan}. If its last update failed, run "
            f"fks deploy {server}.\n"
        )
        return DONE
    with found.key_file() as key:
        problems = _before(Servers(stack=found.name, servers=found.servers, key=key), scaling)
    sys.stdout.write(server_health.text(server, problems))
    if not confirm(f"Change {server} from {scaling.before.id} to {plan}? It is off for minutes."):
        return CANNOT_TELL
    with accepted_loss.accepted(found.name, accept):
        return _change(scaling, problems or [])


def _before(servers: Servers, scaling: Scaling) -> list[str] | None:
    """Show what is to be decided; the problems of the server. OperatorError for a locked stack."""
    lock.require_unlocked(lock.read_from(servers))
    _show(scaling, _peaks(servers.only(scaling.server)))
    return server_health.problems(servers, scaling.server)


def _scaling(stack: str, server: str, plan: str) -> Scaling:
    """OperatorError for everything that is wrong with it."""
    file = stack_file(stack.rpartition("/")[2])
    if server not in declared_servers(file.settings):
        raise OperatorError(
            f"{server} is no server of fks:mode {file.settings.mode}, which the stack's file has. "
            f"Nothing was changed.\nNext: pulumi preview"
        )
    with waiting_for("reading prices and state"):
        prices = price_list.read(os.environ)
        after = prices.plan(plan, "TYPE")
        outputs = instances.outputs(pulumi("stack", "export", "--stack", stack), server)
    if not outputs:
        raise OperatorError(
            f"{server} is not created yet, so there is nothing to scale. Nothing was changed. "
            f"Next: pulumi config set --path fks:plan.{server} {plan} --stack {stack}; pulumi up"
        )
    raise_operator_errors(filter(None, [disk_error(server, outputs, after)]))
    before = prices.plan(str(outputs["type"]), f"The plan of {server}")
    return Scaling(stack=stack, server=server, before=before, after=after, file=file, prices=prices)


def _show(scaling: Scaling, used: Peaks) -> None:
    """The impact of the plan and what else the checkout changes; OperatorError without a fit."""
    console, settings = Console(highlight=False), scaling.file.settings
    after = planned(settings, scaling.server, scaling.after)
    judged = fit(settings, scaling.server, scaling.after, scaling.before, used)
    if judged.verdict is Verdict.NOT:
        raise OperatorError(_no_fit(scaling, judged))
    plans = scaling.prices.plans
    base, head = (
        inventory_of(scaling.with_plan(plan), plans) for plan in (scaling.before, scaling.after)
    )
    show(console, impact(base, head), f"plan {scaling.before.id} and plan {scaling.after.id}")
    limits = {service.name: service.memory for service in after.services}
    console.print(limits_table(_limits(scaling), limits))
    for line in _lines(scaling, judged, used):
        console.print(line, markup=False, soft_wrap=True)
    deploy.show_impact(scaling.stack)


def _lines(scaling: Scaling, judged: Fit, used: Peaks) -> Iterator[str]:
    if used.samples:
        reasons = f": {'; '.join(judged.why)}" if judged.why else ""
        yield f"By the peaks of {used.days} days {scaling.after.id} {judged.verdict}{reasons}."
    else:
        yield "No peaks were measured, so only the limits are known to fit."
    yield "What pulumi up changes besides, since the commit of the last update:"


def _peaks(servers: Servers) -> Peaks:
    """Of the one server."""
    found = servers.run(peaks.KEYS, PROGRAM)
    show_unreached(found)
    (used,) = measured_peaks(found).values()
    return used or Peaks()


def _limits(scaling: Scaling) -> dict[str, int]:
    try:
        spec = planned(scaling.file.settings, scaling.server, scaling.before)
    except OperatorError:
        return {}
    return {service.name: service.memory for service in spec.services}


def _no_fit(scaling: Scaling, judged: Fit) -> str:
    return (
        f"{scaling.after.id} does not fit what {scaling.server} used in the last 30 days: "
        f"{'; '.join(judged.why)}. Nothing was changed. fks fit {scaling.server} shows which do."
    )


def _change(scaling: Scaling, before: list[str]) -> int:
    """Set the plan and run `pulumi up`, whose arguments are made first."""
    stack, server, plan = scaling.stack, scaling.server, scaling.after.id
    role = declared_servers(scaling.file.settings)[server][0]
    command = up.command(role, None, stack, ["--yes", "--skip-preview"])
    setting = f"fks:plan.{server}"
    pulumi("config", "set", "--plaintext", "--path", setting, plan, "--stack", stack)
    file = stack_files.file_name(stack)
    if pulumi_run.run(command) != 0:
        sys.stderr.write(
            f"pulumi up failed; its output says why. {file} has {setting}: {plan} already. Run "
            f"fks scale {server} {plan} again: it goes on where this ended. Back again: "
            f"fks scale {server} {scaling.before.id}\n"
        )
        return INCOMPLETE
    with connected(stack, [server]) as servers:
        after = server_health.problems(servers, server)
    sys.stdout.write(
        f"{server} has {plan}. Commit {file}: a deploy from another checkout undoes it.\n"
        f"{server_health.text(server, after)}"
    )
    return DONE if after is not None and set(after) <= set(before) else INCOMPLETE
