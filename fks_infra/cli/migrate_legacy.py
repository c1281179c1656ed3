"""`fks migrate from`: a legacy server's data move into the running stack."""

import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rich.console import Console

from fks_infra.cli import server_health
from fks_infra.cli.migrate_copies import copy
from fks_infra.cli.progress import waiting_for
from fks_infra.cli.ready import require_not_pinned, require_ready
from fks_infra.cli.servers import CANNOT_TELL, DONE, INCOMPLETE, Servers, connected
from fks_infra.errors import OperatorError
from fks_infra.migrate import journal as journals
from fks_infra.migrate import (
    legacy_checks,
    legacy_host,
    legacy_look,
    legacy_plan,
    legacy_screen,
    steps,
)
from fks_infra.migrate.host import Host
from fks_infra.migrate.journal import Journal
from fks_infra.migrate.legacy_host import LegacyHost
from fks_infra.migrate.legacy_plan import Plan
from fks_infra.migrate.legacy_steps import LOOK, SET, Work, target
from fks_infra.operate import person

_STACK = "the stack"
Confirm = Callable[[str], bool]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """`project` and `database` choose where there are several, "" for the only one; `look` ends
    after the table; `drain` and `leave_tasks` as legacy_steps.Work has them."""

    project: str = ""
    database: str = ""
    look: bool = False
    drain: float = 60.0
    leave_tasks: bool = False


def run(stack: str, source: str, choice: Choice, confirm: Confirm) -> int:
    """Returns 0, 1 if the server is not healthy at the end, 2 if nothing was changed."""
    legacy_host.parse(source)
    with connected(stack, []) as found, legacy_host.opened(source) as legacy:
        journal, server = begun(found.stack, source), target(found.servers, found.ssh_key())
        require_ready(found, [SET])
        require_not_pinned(found, [SET])
        if choice.look or not journal.done(LOOK):
            plan = _looked(legacy, server, journal, choice)
        else:
            plan = plan_of(journal)
            _show(legacy_screen.lines(journal, plan))
        if choice.look:
            return DONE
        question = f"Copy {plan.database} of {legacy.name} to {server.name} of stack {found.stack}"
        if not journal.done(steps.FIRST) and not confirm(f"{question}, while it serves?"):
            return CANNOT_TELL
        if not journal.done(LOOK):
            journal = journal.begin(LOOK).end(LOOK, plan=legacy_plan.to_journal(plan))
        return _move(journal, work_of(journal, found, legacy, choice), found, confirm)


def begun(stack: str, source: str) -> Journal:
    """The move that was begun, or a new one; OperatorError while another one is not finished."""
    found = journals.load(stack)
    if found is None:
        return Journal(stack=stack, source=source, target=_STACK)
    if found.source == source:
        return found
    raise OperatorError(
        f"the move from {found.source} to {found.target} is not finished. Nothing was changed.\n"
        f"Next: fks migrate status"
    )


def plan_of(journal: Journal) -> Plan:
    """As it was confirmed; OperatorError before."""
    if not journal.done(LOOK):
        raise OperatorError(
            f"the move from {journal.source} was not begun. Nothing was changed.\n"
            f"Next: {journal.command}"
        )
    return legacy_plan.from_journal(dict(journal.steps[LOOK]["plan"]))


def work_of(
    journal: Journal, found: Servers, legacy: LegacyHost, choice: Choice | None = None
) -> Work:
    """The legacy server and the stack's."""
    chosen = choice or Choice()
    return Work(
        legacy=legacy,
        target=target(found.servers, found.ssh_key()),
        plan=plan_of(journal),
        drain=chosen.drain,
        leave_tasks=chosen.leave_tasks,
        who=person.name(os.environ),
        report=lambda text: _show([text]),
    )


def _looked(legacy: LegacyHost, server: Host, journal: Journal, choice: Choice) -> Plan:
    """Prints what was found. OperatorError with all reasons why it cannot be moved."""
    with waiting_for(f"looking at {legacy.name}"):
        found = legacy_look.look(legacy)
        state = server.document("transfer", "state", seconds=120)
    plan = legacy_plan.make(found, choice.project, choice.database)
    Console(highlight=False).print(legacy_screen.table(found, plan))
    _show([*legacy_screen.notes(found, plan), *legacy_screen.lines(journal, plan)])
    if reasons := list(legacy_checks.reasons(found, plan, state, server.name)):
        raise OperatorError(
            f"{plan.database} cannot be moved: {'; '.join(reasons)}. Nothing was changed"
        )
    return plan


def _move(journal: Journal, work: Work, found: Servers, confirm: Confirm) -> int:
    plan, legacy = work.plan, work.legacy.name
    journal = copy(journal, work, work.first())
    names = ", ".join(plan.closed) or "no container"
    if not journal.began(steps.CLOSE) and not confirm(
        f"Stop {names} on {legacy} (docker stop), and move the data? {data_of_before(plan, work)}"
    ):
        _show([f"{legacy} serves as before. Next: {journal.command} goes on with the last copy"])
        return CANNOT_TELL
    journal = copy(journal, work, work.last())
    if not journal.done(steps.STOP):
        journal = journal.begin(steps.STOP)
        with waiting_for(steps.STOP):
            journal = journal.end(steps.STOP, **work.stop())
    server = work.target.name
    problems = server_health.problems(found, server)
    _show(_end(journal, legacy, server))
    sys.stdout.write(server_health.text(server, problems))
    return INCOMPLETE if problems is None else DONE


def data_of_before(plan: Plan, work: Work) -> str:
    """What becomes of the stack's own data."""
    volumes = ", ".join(one.volume for one in plan.volumes)
    files = f" and the files of {volumes}" if volumes else ""
    return f"The present database{files} of {work.target.name} are kept until fks migrate finish."


def _end(journal: Journal, legacy: str, server: str) -> Iterable[str]:
    seconds = journal.seconds(steps.CLOSE, steps.EXCHANGE)
    yield f"Nothing was written for {seconds:.0f} s."
    yield (
        f"The data of {legacy} are on {server}. {legacy} is stopped and keeps its data; nothing "
        f"was deleted there."
    )
    yield (
        f"The names of stack {journal.stack} point to its servers already. Other names that point "
        f"to {legacy} are not changed: delete them where they are kept."
    )
    yield (
        "Next: fks migrate finish drops what the stack had before, fks migrate back puts it into "
        "service again and starts the legacy server."
    )


def _show(lines: Iterable[str]) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()
