"""What to do about the records that Cloudflare has under the name of one of the stack's records.

Some shells execute pasted comment lines. So the comments contain, outside of quotes, no character
with a meaning in a shell.
"""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from fks_infra.clouds.cloudflare import DASHBOARD, Record
from fks_infra.limits import TAILNET_RANGE
from fks_infra.preflight.record_conflicts import RECORD, RecordSpec, conflicts_with
from fks_infra.preflight.state import StateSnapshot

# The up that adopts a record removes its protection. Until then, and when the command is pasted
# again afterwards, the protection keeps pulumi from deleting the record.
_OPTIONS = ("--protect", "--generate-code=false", "--yes")


@dataclass(frozen=True, kw_only=True)
class RecordAdoption:
    """`records` are all records of the name in `spec`; `stack` is the name that pulumi takes."""

    spec: RecordSpec
    stack: str
    zone: str
    zone_id: str
    records: Sequence[Record]
    state: StateSnapshot

    def lines(self) -> Iterator[str]:
        """The import command of the record to adopt; and a comment for each other record that makes
        pulumi up fail, or that would remain beside the stack's own.
        """
        conflicts = [r for r in self.records if conflicts_with(self.spec, r, self.state)]
        adopted = None if self._exists else adoptable(self.spec, conflicts)
        if adopted:
            yield (
                f"# {_described(adopted)}. This makes it {self.spec.resource} of stack "
                f"{self.stack}:"
            )
            yield self.command(adopted)
        for record in conflicts:
            if self._needs_deletion(record, adopted):
                yield self._comment(record, adopted)

    def command(self, record: Record) -> str:
        """The import has no parent, as the component may not exist yet; the component's record has
        that URN as an alias.
        """
        options = (f"{self.zone_id}/{record.id}", "--stack", self.stack, *_OPTIONS)
        return shlex.join(["pulumi", "import", RECORD, self.spec.resource, *options])

    @property
    def _exists(self) -> bool:
        return self.state.has_resource(self.spec.resource)

    def _needs_deletion(self, record: Record, adopted: Record | None) -> bool:
        """Whether the operator must delete it: before a creation pulumi deletes the stack's own."""
        foreign = record.comment != self.spec.comment
        return record is not adopted and bool(self._exists or adopted or foreign)

    def _comment(self, record: Record, adopted: Record | None) -> str:
        where = f"in {DASHBOARD}, {self.zone}, DNS, Records"
        if self._exists:
            text = f", beside {self.spec.resource}. Delete it {where}.{self._refresh_hint}"
        elif adopted:
            text = f", too. Delete it before pulumi up {where}."
        else:
            text = (
                f", which cannot become an A record. Delete it {where}, or give it the comment "
                f'"{self.spec.comment}" there and pulumi up replaces it.'
            )
        return f"# {_described(record)}{text}"

    @property
    def _refresh_hint(self) -> str:
        """What else is possible where Cloudflare does not have the stack's own record."""
        same = [record for record in self.records if record.type == self.spec.type]
        if any(self.state.has(RECORD, record.id) for record in same):
            return ""
        return (
            f" If the record of the stack was deleted: pulumi refresh --stack {self.stack}, then "
            f"run this again."
        )


def adoptable(spec: RecordSpec, conflicts: Sequence[Record]) -> Record | None:
    """A record of the same type, which never changes; preferably one with a tailnet address."""
    same = [record for record in conflicts if record.type == spec.type]
    return min(same, key=_is_outside, default=None)


def _is_outside(record: Record) -> bool:
    return record.type == "A" and ip_address(record.content) not in TAILNET_RANGE


def _described(record: Record) -> str:
    return f"{record.name} has {record.type} {record.content}, id {record.id}"
