"""`fks reboot`: a server goes down and is healthy again."""

import os
import sys
import time

from fks_infra.cli.progress import waiting_for
from fks_infra.cli.prompt import confirmed
from fks_infra.cli.servers import DONE, INCOMPLETE, connected
from fks_infra.errors import OperatorError
from fks_infra.operate import person
from fks_infra.operate.boots import Machine


def run(stack: str, name: str, reason: str, *, force: bool, yes: bool) -> int:
    """Reboot a server; returns 0. OperatorError if nothing was changed."""
    with connected(stack, [name]) as found:
        machine = Machine(server=found.servers[0], stack=found.stack, key=found.ssh_key())
        accepted = accepted_problems(machine, force=force)
        roles = ", ".join(machine.server.roles)
        question = f"Reboot {name}? {roles}: no answer for one to three minutes."
        if not confirmed(question, yes=yes):
            raise OperatorError("nothing was changed")
        return reboot(machine, reason, accepted)


def accepted_problems(machine: Machine, *, force: bool) -> list[str]:
    """The problems that it has already. OperatorError for any without `force`."""
    with waiting_for(f"reading {machine.name}"):
        state = machine.state()
    found = [one.text for one in state.problems]
    if found and not force:
        remedy = f"fks status {machine.name}; --force if this is the remedy"
        command = state.problems[0].command if state.unreached else remedy
        raise OperatorError(
            f"{machine.name} is not healthy, and nothing was changed: {'; '.join(found)}\n"
            f"Next: {command}"
        )
    return found


def reboot(machine: Machine, reason: str, accepted: list[str]) -> int:
    """Reboot it and wait; returns 0, 1 if it does not become healthy."""
    started = time.monotonic()
    before = machine.reboot(person.name(os.environ), reason)
    sys.stdout.write(f"{machine.name}: reboots\n")
    try:
        with waiting_for(f"{machine.name} reboots"):
            machine.wait_booted(before, _report)
            booted = time.monotonic() - started
            machine.wait_healthy(accepted, _report)
    except OperatorError as error:
        _report(str(error))
        return INCOMPLETE
    except KeyboardInterrupt:
        _report(
            f"interrupted: {machine.name} goes on with its reboot\nNext: fks status {machine.name}"
        )
        return INCOMPLETE
    total = time.monotonic() - started
    sys.stdout.write(f"{machine.name}: booted after {booted:.0f} s, healthy after {total:.0f} s\n")
    return DONE


def _report(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
