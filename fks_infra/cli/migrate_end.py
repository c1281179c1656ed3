"""`fks migrate status`, `back` and `finish`."""

import sys
from collections.abc import Callable

from fks_infra.cli import migrate, migrate_legacy, migrate_legacy_end, pulumi_run
from fks_infra.cli.accepted_loss import accepted
from fks_infra.cli.migrate import Choice
from fks_infra.cli.servers import CANNOT_TELL, DONE, INCOMPLETE, connected
from fks_infra.config import stack_files
from fks_infra.config.plans import MULTI, SINGLE
from fks_infra.errors import OperatorError
from fks_infra.migrate import journal as journals
from fks_infra.migrate import legacy_screen, stack_settings, steps, timeline
from fks_infra.migrate.journal import Journal


def status(stack: str) -> int:
    """Print which servers serve, and the steps of a move; returns 0."""
    with connected(stack, []) as found:
        modes, journal = stack_settings.read(found.stack), journals.load(found.stack)
        kept = f"; kept: {', '.join(modes.keep)}" if modes.keep else ""
        # The stack's file follows the records.
        serve = modes.serve
        if journal and journal.done(steps.SWITCH):
            serve = journal.target
        sys.stdout.write(f"fks:mode {modes.mode}, the servers of {serve} serve{kept}\n")
        if journal is None:
            sys.stdout.write("no move is under way from this machine\n")
            return DONE
        sys.stdout.write(f"from {journal.source} to {journal.target}:\n")
        if journal.legacy:
            lines = legacy_screen.lines(journal, migrate_legacy.plan_of(journal))
        else:
            lines = timeline.lines(journal, migrate.sizes(found, serve))
        sys.stdout.write("".join(f"{line}\n" for line in lines))
    return DONE


def back(stack: str, choice: Choice, confirm: Callable[[str], bool]) -> int:
    """Before the switch the old servers are opened; after it the data move back, as they came."""
    with connected(stack, []) as found:
        journal = _journal(found.stack)
        if journal.legacy:
            return migrate_legacy_end.back(journal, found, confirm)
        going_on = journal.back and not journal.done(steps.STOP)
        if not going_on and not journal.began(steps.SWITCH):
            if not confirm(f"End the move? The servers of {journal.source} serve as before."):
                return CANNOT_TELL
            if journal.began(steps.CLOSE):
                migrate.work_of(journal, found).reopen()
            journal.remove()
            sys.stdout.write(
                f"The servers of {journal.source} serve, and accept writes. Next: fks migrate "
                f"finish deletes those of {journal.target}.\n"
            )
            return DONE
    way = journal if going_on else reverse(journal)
    if not confirm(f"Move the data back from {way.source} to {way.target}?"):
        return CANNOT_TELL
    return migrate.move(way, choice)


def reverse(journal: Journal) -> Journal:
    """The move back: both modes have their servers already."""
    return Journal(
        stack=journal.stack,
        source=journal.target,
        target=journal.source,
        back=True,
        steps={steps.BUILD: journal.steps[steps.BUILD]},
    )


def finish(stack: str, confirm: Callable[[str], bool]) -> int:
    """Delete the servers that do not serve, with their disks; returns 0, 1, 2 as `migrate.run`."""
    with connected(stack, []) as found:
        name = found.stack
        modes, journal = stack_settings.read(name), journals.load(name)
        if journal and journal.legacy:
            return migrate_legacy_end.finish(journal, found, confirm)
        if journal and not journal.done(steps.STOP):
            raise OperatorError(
                f"the move from {journal.source} to {journal.target} is not complete. Nothing was "
                f"changed.\nNext: {journal.command}"
            )
        if not modes.keep:
            raise OperatorError(
                f"fks:keep of stack {name} names no server, so there is nothing to delete. Nothing "
                f"was changed.\nNext: fks migrate status; pulumi preview shows what is left of a "
                f"finish that was interrupted"
            )
        other = SINGLE if modes.serve == MULTI else MULTI
        names = ", ".join(stack_settings.servers(other))
        if not confirm(f"Delete {names} of stack {name}, with their disks and data?"):
            return CANNOT_TELL
        if journal:
            migrate.work_of(journal, found).finish()
    return _delete(name, modes.serve, other, journal)


def _delete(stack: str, mode: str, other: str, journal: Journal | None) -> int:
    stack_settings.unprotect(stack, other)
    before = stack_settings.read(stack)
    # The operator has confirmed it, and the data are on the other servers.
    with accepted(stack, stack_settings.servers(other)):
        stack_settings.alone(stack, mode)
        code = pulumi_run.run(stack_settings.up(stack))
    if code != 0:
        stack_settings.beside(stack, before.mode, _other(before.mode), before.serve)
        sys.stderr.write(
            f"pulumi up failed; its output says why. {stack_files.file_name(stack)} keeps the old "
            f"servers again.\nNext: mend the cause, then fks migrate finish\n"
        )
        return INCOMPLETE
    if journal:
        journal.remove()
    sys.stdout.write(
        f"Stack {stack} has the servers of {mode} alone. Commit {stack_files.file_name(stack)}.\n"
    )
    return DONE


def _other(mode: str) -> str:
    return SINGLE if mode == MULTI else MULTI


def _journal(stack: str) -> Journal:
    if found := journals.load(stack):
        return found
    raise OperatorError(
        f"no move of stack {stack} is under way from this machine. Nothing was changed.\n"
        f"Next: fks migrate status"
    )
