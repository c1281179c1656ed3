"""`fks migrate back` and `finish` after `fks migrate from`."""

import os
import sys

from fks_infra.cli.migrate_legacy import Confirm, work_of
from fks_infra.cli.servers import CANNOT_TELL, DONE, Servers
from fks_infra.errors import OperatorError
from fks_infra.migrate import legacy_host, legacy_steps, steps
from fks_infra.migrate.journal import Journal
from fks_infra.operate import person

_KEPT = "What was written to the stack since is not moved; fks restore api --finish drops it."


def back(journal: Journal, found: Servers, confirm: Confirm) -> int:
    """The legacy server serves again; returns 0, or 2 if nothing was changed."""
    exchanged = journal.began(steps.EXCHANGE)
    kept = f" {_KEPT}" if exchanged else ""
    if not confirm(f"End the move? {journal.old} serve again.{kept}"):
        return CANNOT_TELL
    with legacy_host.opened(journal.source) as legacy:
        work = work_of(journal, found, legacy)
        if not exchanged:
            work.discard()
        elif not work.undo():
            kept = ""
        if journal.began(steps.CLOSE):
            work.start()
    journal.remove()
    sys.stdout.write(f"{journal.old} serve; the stack has its own data again.{kept}\n")
    return DONE


def finish(journal: Journal, found: Servers, confirm: Confirm) -> int:
    """Forget the move and drop what is not in service; returns 0, or 2 if nothing was changed."""
    if not journal.done(steps.STOP):
        raise OperatorError(
            f"the move from {journal.source} is not complete. Nothing was changed.\n"
            f"Next: {journal.command}"
        )
    server = legacy_steps.target(found.servers, found.ssh_key())
    if not confirm(f"Drop the data that {server.name} had before the move from {journal.source}?"):
        return CANNOT_TELL
    legacy_steps.drop(server, person.name(os.environ))
    journal.remove()
    sys.stdout.write(
        f"The move is finished. The containers of {journal.source} are stopped, and their data are "
        f"there still.\n"
    )
    return DONE
