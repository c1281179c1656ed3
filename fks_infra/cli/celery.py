"""`fks celery`: queues, workers and running tasks; or a queue is emptied."""

from collections.abc import Callable

from rich.console import Console

from fks_infra.cli.progress import read_stack, waiting_for
from fks_infra.cli.servers import write_json
from fks_infra.errors import OperatorError
from fks_infra.operate import celery
from fks_infra.operate.login import Login, login
from fks_infra.operate.places import find

READ, PARTLY, CANNOT_TELL = 0, 1, 2


def run(stack: str, *, as_json: bool) -> int:
    """Print the report; returns 0, 1 if a part of it could not be read, 2 if none could."""
    found = read_stack(stack)
    with login(found, find(found, celery.SERVICE).server) as one:
        document = _read(one)
    if as_json:
        write_json(document)
    else:
        _print(document)
    if document["queues"] is None and document["workers"] is None:
        return CANNOT_TELL
    return PARTLY if document["problems"] else READ


def purge(stack: str, queue: str, confirm: Callable[[str], bool]) -> str:
    """Delete the waiting tasks of a queue after `confirm`; returns what was done."""
    found = read_stack(stack)
    with login(found, find(found, celery.SERVICE).server) as one:
        waiting = _waiting(_read(one), queue)
        if not waiting:
            return f"nothing waits in {queue}"
        if not confirm(f"Delete the {waiting} tasks that wait in {queue} of stack {found.name}?"):
            return f"nothing was deleted; {waiting} tasks wait in {queue}"
        return f"{celery.purge(one, queue)} tasks of {queue} were deleted"


def _read(one: Login) -> celery.Document:
    with waiting_for("asking the workers"):
        return celery.read(one)


def _waiting(document: celery.Document, queue: str) -> int:
    """OperatorError for a queue that does not exist, or if the queues cannot be read."""
    if document["queues"] is None:
        raise OperatorError(f"the queues cannot be read: {document['problems'][0]}")
    known = {one["name"]: int(one["waiting"]) for one in document["queues"]}
    if queue not in known:
        raise OperatorError(f"there is no queue {queue!r}; there are {', '.join(known)}")
    return known[queue]


def _print(document: celery.Document) -> None:
    console = Console(highlight=False)
    for number, part in enumerate(celery.tables(document)):
        if number:
            console.print()
        console.print(part)
