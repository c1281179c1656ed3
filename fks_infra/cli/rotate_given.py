"""`fks rotate` for secrets that others make: checked, stored, deployed; then the old one ends."""

import os
import sys
import time
from collections.abc import Callable

import typer

from fks_infra.cli import pulumi_run, up
from fks_infra.cli.progress import waiting_for
from fks_infra.cli.servers import CANNOT_TELL, DONE, INCOMPLETE, Servers
from fks_infra.clouds.http import CloudError
from fks_infra.config import stack_files
from fks_infra.config.stored_secret import read_secret, store_secret
from fks_infra.delivery.targets import ALL, Part
from fks_infra.errors import OperatorError
from fks_infra.rotate.given import Given

# Seconds in which the operator deletes the old one, and between two tries
WAIT, PAUSE = 600.0, 5.0


def run(given: Given, servers: Servers, confirm: Callable[[str], bool]) -> int:
    """Returns 0, 1 if `pulumi up` failed or the old value is still accepted, 2 if nothing was
    changed."""
    stack = servers.stack
    new = _new(given)
    _require_accepted(stack, given, new)
    old = read_secret(stack, given.key)
    sys.stdout.write(f"The new fks:{given.key} is accepted. {given.what} No request fails.\n")
    if not confirm(f"Rotate {given.name} of stack {stack}?"):
        return CANNOT_TELL
    command = up.command(ALL, Part.SERVICES, stack, up.VERIFIED)
    store_secret(stack, given.key, new)
    if pulumi_run.run(command) != 0:
        sys.stderr.write(
            f"pulumi up failed; its output says why. fks:{given.key} is the new one already, and "
            f"the old one is still accepted.\nNext: mend the cause, then fks rotate {given.name} "
            f"with the same new value\n"
        )
        return INCOMPLETE
    sys.stdout.write(f"The servers have it. Commit {stack_files.file_name(stack)}.\n")
    return _end_old(stack, given, "" if old == new else old)


def _new(given: Given) -> str:
    value = os.environ.get(given.variable) or _prompted(given)
    if not value.strip():
        raise OperatorError(f"{given.variable} is empty. Nothing was changed.")
    return value.strip()


def _prompted(given: Given) -> str:
    try:
        return str(typer.prompt(f"The new {given.name}, made at {given.where}", hide_input=True))
    except typer.Abort:
        raise OperatorError(
            f"there is no new {given.name}. Nothing was changed.\nNext: export {given.variable}, "
            f"or type it in a terminal"
        ) from None


def _require_accepted(stack: str, given: Given, value: str) -> None:
    try:
        given.check(stack, value)
    except CloudError as error:
        raise OperatorError(
            f"the new {given.name} (hidden) is not accepted: {error.detail}. Nothing was changed.\n"
            f"Next: make one at {given.where}; where its use is limited to the servers' addresses, "
            f"allow this machine's too meanwhile"
        ) from None


def _end_old(stack: str, given: Given, old: str) -> int:
    if not old:
        sys.stdout.write(
            f"fks:{given.key} had this value before, so the old one is not known here. If an "
            f"interrupted fks rotate has stored it, delete the old one, not this one, at "
            f"{given.where}. If {given.variable} has the value that was in use all the time, "
            f"nothing was rotated: export a new one, then the same again.\n"
        )
        return DONE
    try:
        refused = _refused_within(WAIT if sys.stdin.isatty() else 0.0, stack, given, old)
    except (CloudError, OperatorError, KeyboardInterrupt) as error:
        reason = str(error) or "interrupted"
        sys.stderr.write(f"Whether the old {given.name} is refused is not known: {reason}\n")
        refused = False
    if refused:
        sys.stdout.write(f"The old {given.name} is refused.\n")
        return DONE
    sys.stderr.write(
        f"The old {given.name} may still be accepted.\nNext: delete it at {given.where}\n"
    )
    return INCOMPLETE


def _refused_within(seconds: float, stack: str, given: Given, old: str) -> bool:
    """Wait until the operator has deleted it."""
    end = time.monotonic() + seconds
    while given.accepted(stack, old):
        if time.monotonic() >= end:
            return False
        with waiting_for(f"delete the old {given.name} at {given.where}; Ctrl-C ends the wait"):
            time.sleep(PAUSE)
    return True
