"""`fks deploy`: shows what a deploy does, and runs `pulumi up` for one server or all."""

import json
import sys
from collections.abc import Callable, Sequence

from rich.console import Console

from fks_infra.cli import accepted_loss, lock, pulumi_run, up
from fks_infra.cli.lost_backups import with_lost_backups
from fks_infra.cli.servers import CANNOT_TELL, DONE, INCOMPLETE
from fks_infra.config.pulumi_cli import pulumi
from fks_infra.errors import OperatorError
from fks_infra.impact.changes import impact
from fks_infra.impact.checkouts import compare
from fks_infra.impact.terminal import show
from fks_infra.paths import PROJECT_ROOT


def run(stack: str, server: str, confirm: Callable[[str], bool], accept: Sequence[str] = ()) -> int:
    """Returns 0, 1 if `pulumi up` failed, 2 if nothing was changed.

    `accept` are the servers whose data the run may destroy without a proved backup.
    """
    accepted_loss.check(accept)
    name = stack or pulumi("stack", "--show-name").strip()
    command = up.command(server, None, name, ["--yes"])
    check_lock(name)
    show_impact(name)
    if not confirm(f"Deploy {server} of stack {name}?"):
        return CANNOT_TELL
    with accepted_loss.accepted(name, accept):
        return DONE if pulumi_run.run(command) == 0 else INCOMPLETE


def check_lock(stack: str) -> None:
    """Before anything is changed. OperatorError for a locked stack, none for one that cannot be
    read: it is new, or `pulumi up` says why.
    """
    try:
        found = lock.read(stack)
    except OperatorError:
        return
    lock.require_unlocked(found)


def show_impact(stack: str) -> None:
    """Against the commit of the last update; a deploy does not depend on it."""
    try:
        found = compare(PROJECT_ROOT, last_commit(stack), stack.rpartition("/")[2])
        result = with_lost_backups(impact(found.base, found.head), stack)
        show(Console(highlight=False), result, found.source)
    except OperatorError as error:
        sys.stdout.write(f"The impact is not known: {error}\nThe preview of pulumi up follows.\n")


def last_commit(stack: str) -> str:
    """The commit of the last update that succeeded; OperatorError without one."""
    history = json.loads(pulumi("stack", "history", "--json", "--stack", stack) or "[]")
    for update in history:
        commit = (update.get("environment") or {}).get("git.head")
        if update["result"] == "succeeded" and update["kind"] == "update" and commit:
            return str(commit)
    raise OperatorError(f"no update of {stack} that succeeded was made from a commit.")
