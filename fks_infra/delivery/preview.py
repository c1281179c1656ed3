"""What `pulumi preview --json` would change, as Markdown of operations, URNs and types only.

The program's own warnings are shown too.

The document itself has values, old ones and secrets that are new among them; none is read. Messages
about a resource are those of providers, which may have values too.
https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fks_infra.delivery.drift import Outcome

_NO_CHANGE = frozenset({"same", "read", "refresh"})
_REPLACES = frozenset({"replace", "create-replacement", "delete-replaced"})
_FIRST = ("delete", *_REPLACES)
_STACK = "::pulumi:pulumi:Stack::"


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
    """The changes, deletions first, whether the preview ended, and the program's own warnings."""

    outcome: Outcome
    changes: tuple[Change, ...] = ()
    warnings: tuple[str, ...] = ()

    def document(self) -> str:
        """Markdown: one sentence with the counts, then a table."""
        if self.outcome is Outcome.UNKNOWN:
            return "The preview failed, so nothing is known. The run's log has its errors.\n"
        if not self.changes:
            return "Pulumi would change nothing.\n"
        counts = Counter(change.operation for change in self.changes)
        listed = ", ".join(f"{number} {operation}" for operation, number in sorted(counts.items()))
        return "\n".join([f"Pulumi would change: {listed}.", "", *_table(self.changes), ""])

    def with_warnings(self) -> str:
        """The document after a list of the warnings."""
        listed = "".join(f"- Warning: {text}\n" for text in self.warnings)
        return f"{listed}\n{self.document()}" if listed else self.document()


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
    return Preview(
        outcome=Outcome.DRIFT if changes else Outcome.SAME,
        changes=tuple(changes),
        warnings=tuple(_warnings(document.get("diagnostics") or ())),
    )


def _warnings(diagnostics: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """What the program says of the stack as a whole: topology's notices, accepted losses."""
    for row in diagnostics:
        of_stack = _STACK in row.get("urn", _STACK)
        if row.get("severity") == "warning" and of_stack:
            yield " ".join(str(row.get("message", "")).removeprefix("warning: ").split())


def _table(changes: tuple[Change, ...]) -> Iterator[str]:
    yield "| operation | name | type | URN |"
    yield "|---|---|---|---|"
    for change in changes:
        yield f"| {change.operation} | {change.name} | `{change.type}` | `{change.urn}` |"
