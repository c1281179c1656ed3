"""The steps of a move until its switch, during which an error opens the old servers again."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from fks_infra.cli.progress import waiting_for
from fks_infra.errors import OperatorError
from fks_infra.migrate import steps
from fks_infra.migrate.journal import Journal


class Work(Protocol):
    """A move whose old servers can be opened again."""

    def reopen(self) -> None:
        """OperatorError where it fails."""


def copy(
    journal: Journal, work: Work, actions: Mapping[str, Callable[[], dict[str, Any]]]
) -> Journal:
    """These steps, by name, up to the switch. After an error the old servers are open again."""
    latest = journal
    for name, action in actions.items():
        if latest.done(name) or latest.began(steps.SWITCH):
            continue
        latest = latest.begin(name)
        with _reopened_after_errors(latest, work), waiting_for(name):
            latest = latest.end(name, **action())
        sys.stdout.write(f"{name}: {latest.seconds(name, name):.0f} s\n")
        sys.stdout.flush()
    return latest


@contextmanager
def _reopened_after_errors(journal: Journal, work: Work) -> Iterator[None]:
    try:
        yield
    except (OperatorError, KeyboardInterrupt) as error:
        what = str(error) or "interrupted"
        if journal.began(steps.CLOSE):
            _reopen(journal, work, what)
        raise OperatorError(
            f"{what}\n{journal.old} serve as before, and accept writes.\n"
            f"Next: {journal.command} goes on; fks migrate status"
        ) from None


def _reopen(journal: Journal, work: Work, what: str) -> None:
    try:
        work.reopen()
    except OperatorError as error:
        raise OperatorError(
            f"{what}\n{journal.old} may refuse writes still, they could not be "
            f"opened: {error}\nNext: {journal.command} goes on; before the switch fks migrate back "
            f"opens them"
        ) from None
    journal.without(steps.REOPENED)
