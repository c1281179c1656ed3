"""`fks migrate single-to-multi` and `multi-to-single`: the steps of a move, one after the other."""

import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fks_infra.cli import pulumi_run
from fks_infra.cli.migrate_copies import copy
from fks_infra.cli.progress import waiting_for
from fks_infra.cli.servers import CANNOT_TELL, DONE, INCOMPLETE, Servers, connected
from fks_infra.clouds.cloudflare import Cloudflare
from fks_infra.config import stack_files
from fks_infra.doctor import stack_info
from fks_infra.errors import OperatorError
from fks_infra.migrate import journal as journals
from fks_infra.migrate import stack_settings, steps, timeline
from fks_infra.migrate.dns import Dns
from fks_infra.migrate.journal import Journal
from fks_infra.migrate.pairs import hosts, pairs
from fks_infra.migrate.steps import Work
from fks_infra.operate import person
from fks_infra.roles import data_sets
from fks_infra.topology.keep import AUTOMATIC_SECONDS, KEEP_SECONDS


@dataclass(frozen=True, kw_only=True)
class Choice:
    """`old_answers`: seconds for which the old servers still answer 503 after the switch, None for
    as long as resolvers may know them; `leave_tasks` as steps.Work has it."""

    yes: bool
    old_answers: float | None = None
    leave_tasks: bool = False


def run(
    stack: str, source: str, target: str, choice: Choice, confirm: Callable[[str], bool]
) -> int:
    """Returns 0, 1 if a step failed, 2 if nothing was changed."""
    with connected(stack, []) as found:
        name = found.stack
        journal = begun(name, source, target)
        _show(timeline.lines(journal, sizes(found, source)))
    if not confirm(f"Move the data of stack {name} from {source} to {target}?"):
        return CANNOT_TELL
    return move(journal, choice)


def begun(stack: str, source: str, target: str) -> Journal:
    """The move that was begun, or a new one; OperatorError where it makes no sense."""
    found, modes = journals.load(stack), stack_settings.read(stack)
    if found and (found.source, found.target) == (source, target):
        return found
    if found:
        raise OperatorError(
            f"the move from {found.source} to {found.target} is not finished. Nothing was changed."
            f"\nNext: fks migrate status"
        )
    if modes.serve != source:
        raise OperatorError(
            f"the DNS records of stack {stack} point to the servers of {modes.serve}, so there is "
            f"nothing to move from {source}. Nothing was changed.\nNext: fks migrate status"
        )
    return Journal(stack=stack, source=source, target=target)


def sizes(found: Servers, mode: str) -> Mapping[str, Mapping[str, Any]]:
    """Data set to its sizes; those of stopped stacks are missing."""
    with waiting_for("measuring the data"):
        own = [
            host
            for host in hosts(found.servers, mode, found.ssh_key())
            if data_sets(host.server.roles)
        ]
        documents = [host.document("transfer", "state", seconds=120) for host in own]
    return {name: one for document in documents for name, one in document["sets"].items()}


def move(journal: Journal, choice: Choice) -> int:
    """All steps that are not done; returns 0, or 1 if `pulumi up` failed."""
    stack = journal.stack
    if not journal.done(steps.BUILD):
        journal = journal.begin(steps.BUILD)
        stack_settings.beside(stack, journal.target, journal.source, journal.source)
        if pulumi_run.run(stack_settings.up(stack)) != 0:
            return _failed(journal, "the old servers serve as before")
        journal = journal.end(steps.BUILD)
    with connected(stack, []) as found:
        work = work_of(journal, found, leave_tasks=choice.leave_tasks)
        journal = copy(journal, work, work.actions())
        if not journal.done(steps.SWITCH):
            journal = _switched(journal.begin(steps.SWITCH), work)
            _show([f"The servers of {journal.target} have the DNS records, and accept writes."])
        if not journal.done(steps.VERIFY):
            journal = journal.begin(steps.VERIFY)
            stack_settings.beside(stack, *_order(journal), journal.target)
            if pulumi_run.run(stack_settings.up(stack, ("--skip-preview",))) != 0:
                return _failed(journal, f"the servers of {journal.target} have the DNS records")
            journal = journal.end(steps.VERIFY)
        return _stopped(journal, work, choice)


def _switched(journal: Journal, work: Work) -> Journal:
    """OperatorError where the records are not changed; the old servers stay closed then, because
    a request without an answer may have changed them."""
    try:
        return journal.end(steps.SWITCH, **work.switch())
    except OperatorError as error:
        raise OperatorError(
            f"{error}\nWrites are refused until the DNS records are changed.\n"
            f"Next: mend the cause, then {journal.command}"
        ) from None


def work_of(journal: Journal, found: Servers, *, leave_tasks: bool = False) -> Work:
    """The servers of both modes."""
    key = found.ssh_key()
    return Work(
        pairs=pairs(journal, found.servers, key),
        old=hosts(found.servers, journal.source, key),
        new=hosts(found.servers, journal.target, key),
        dns=_dns(found.stack),
        who=person.name(os.environ),
        report=lambda text: _show([text]),
        leave_tasks=leave_tasks,
    )


def _dns(stack: str) -> Dns:
    info = stack_info.read(stack)
    return Dns(zone=info.zone, names=info.names, cloudflare=Cloudflare.from_environ(os.environ))


def _order(journal: Journal) -> tuple[str, str]:
    """fks:mode stays what it is: the first move of two sets it, the way back does not."""
    mode = stack_settings.read(journal.stack).mode
    other = journal.source if mode == journal.target else journal.target
    return mode, other


def _refused(journal: Journal) -> str:
    seconds = journal.seconds(steps.CLOSE, steps.SWITCH)
    copy = journal.steps[steps.LAST]["seconds"]
    return f"Writes were refused for {seconds:.0f} s; the last copy took {copy:.0f} s."


def _stopped(journal: Journal, work: Work, choice: Choice) -> int:
    """Wait while resolvers may know the old addresses; then stop the old servers."""
    if not journal.done(steps.STOP):
        wanted = _cached(journal) if choice.old_answers is None else choice.old_answers
        left = max(0.0, wanted - journal.age(steps.SWITCH))
        with waiting_for(f"the old servers answer 503 for {left:.0f} s more"):
            time.sleep(left)
        journal = journal.begin(steps.STOP)
        journal = journal.end(steps.STOP, **work.stop())
    _show(
        [
            _refused(journal),
            f"The data of stack {journal.stack} are on the servers of {journal.target}. Those of "
            f"{journal.source} are stopped and keep theirs.",
            f"Commit {stack_files.file_name(journal.stack)}. Next: fks migrate finish deletes the "
            f"old servers, fks migrate back moves the data back.",
        ]
    )
    return DONE


def _cached(journal: Journal) -> float:
    """Seconds after the switch for which a resolver may have an old address: it has one from
    before `build` for the longer time to live."""
    since_build = journal.age(steps.BUILD) - journal.age(steps.SWITCH)
    return max(KEEP_SECONDS, AUTOMATIC_SECONDS - since_build)


def _failed(journal: Journal, state: str) -> int:
    sys.stderr.write(
        f"pulumi up failed; its output says why. {state[0].upper()}{state[1:]}.\nNext: mend the "
        f"cause, then {journal.command}\n"
    )
    return INCOMPLETE


def _show(lines: Any) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()
