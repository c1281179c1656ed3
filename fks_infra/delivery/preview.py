"""What `pulumi preview --json` would change, as Markdown of operations, URNs and types only.

The document itself has values, old ones and secrets that are new among them; none is read.
https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from fks_infra.delivery.drift import Outcome

_NO_CHANGE = frozenset({"same", "read", "refresh"})
_REPLACES = frozenset({"replace", "create-replacement", "delete-replaced"})
_FIRST = ("delete", *_REPLACES)


@dataclass(frozen=True, kw_only=True)
class Change:
    """One step of the engine: create, update, delete, replace and its two halves."""

    operation: str
    urn: str

    @property
    def type(self) -> str:
        """The resource's own type, such as linode:index/instance:Instance."""
        return self.urn.split("::")[2].rpartition("$")[2]

    @property
    def name(self) -> str:
        """The resource's name."""
        return self.urn.split("::")[-1]


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The changes, deletions first, and whether the preview ended."""

    outcome: Outcome
    changes: tuple[Change, ...] = ()

    def document(self) -> str:
        """Markdown: one sentence with the counts, then a table."""
        if self.outcome is Outcome.UNKNOWN:
            return "The preview failed, so nothing is known. The run's log has its errors.\n"
        if not self.changes:
            return "Pulumi would change nothing.\n"
        counts = Counter(change.operation for change in self.changes)
        listed = ", ".join(f"{number} {operation}" for operation, number in sorted(counts.items()))
        return "\n".join([f"Pulumi would change: {listed}.", "", *_table(self.changes), ""])


def read(text: str) -> Preview:
    """From the standard output of the command, whatever its exit code."""
    try:
        document = json.loads(text)
        # A preview that failed has no summary.
        if "changeSummary" not in document:
            return Preview(outcome=Outcome.UNKNOWN)
        steps = [Change(operation=row["op"], urn=row["urn"]) for row in document["steps"]]
    except (ValueError, LookupError, TypeError):
        return Preview(outcome=Outcome.UNKNOWN)
    changes = [change for change in steps if change.operation not in _NO_CHANGE]
    # The engine reads the resources in parallel, in another order each time.
    changes.sort(key=lambda change: (change.operation not in _FIRST, change.urn))
    return Preview(outcome=Outcome.DRIFT if changes else Outcome.SAME, changes=tuple(changes))


def _table(changes: tuple[Change, ...]) -> Iterator[str]:
    yield "| operation | name | type | URN |"
    yield "|---|---|---|---|"
    for change in changes:
        yield f"| {change.operation} | {change.name} | `{change.type}` | `{change.urn}` |"
