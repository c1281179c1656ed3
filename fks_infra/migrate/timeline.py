"""What a move does, with the minutes that each step is expected to take."""

from collections.abc import Iterator, Mapping
from typing import Any

from fks_infra.migrate import steps
from fks_infra.migrate.journal import Journal

# Bytes in a second: dump, copy and restore of a database one after the other, and copies of files.
# A first guess for a plan with one shared core; the first copy measures it.
DATABASE, FILES = 3_000_000, 15_000_000
# Minutes
_BUILD, _VERIFY, _DRAIN, _EXCHANGE, _SWITCH = 12, 1.5, 0.5, 0.5, 0.1

# While they run no server accepts writes.
_CLOSED = (steps.CLOSE, steps.LAST, steps.EXCHANGE, steps.SWITCH)

_TEXTS = {
    steps.BUILD: "make the new servers beside the old (pulumi up)",
    steps.READY: "start the databases of the new servers, and nothing that uses them",
    steps.FIRST: "copy the databases, compare all rows; the old servers serve meanwhile",
    steps.CLOSE: "refuse writes (503 with Retry-After), stop applications, empty the queue",
    steps.LAST: "copy again, databases and files, and compare all rows",
    steps.EXCHANGE: "put the copies into service on the new servers",
    steps.SWITCH: "change the DNS records; the new servers answer requests",
    steps.VERIFY: "make the stack agree, check the new servers by their names (pulumi up)",
    steps.STOP: "stop the old servers, which keep their data until fks migrate finish",
}


def lines(journal: Journal, sizes: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """One for each step; `sizes` is data set to the document of `bin/transfer state`."""
    expected = _minutes(journal, sizes)
    yield from of_steps(journal, _TEXTS, expected)
    refused = sum(expected[name] for name in _CLOSED)
    yield f"Writes are refused for about {max(1, round(refused))} min."


def of_steps(
    journal: Journal, texts: Mapping[str, str], expected: Mapping[str, float]
) -> Iterator[str]:
    """A line for each step of `texts`; `expected` has minutes, one where it has none."""
    for name, text in texts.items():
        if journal.done(name):
            state = "done"
        elif journal.began(name):
            state = "interrupted"
        else:
            state = f"about {max(1, round(expected.get(name, 1)))} min"
        yield f"{name:<11} {state:<13} {text}"


def _minutes(journal: Journal, sizes: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    databases = sum(one["bytes"] for one in sizes.values()) / DATABASE / 60
    files = sum(one["files"] for one in sizes.values()) / FILES / 60
    if journal.done(steps.FIRST):
        databases = journal.steps[steps.FIRST]["seconds"] / 60
    return {
        steps.BUILD: _BUILD,
        steps.FIRST: databases,
        steps.CLOSE: _DRAIN,
        steps.LAST: databases + files,
        steps.EXCHANGE: _EXCHANGE,
        steps.SWITCH: _SWITCH,
        steps.VERIFY: _VERIFY,
    }
