"""One record the stack wants, what Cloudflare has under its name, and what to do about that.

Some shells do not know comments at their prompt and would run those lines; so outside of quotes
none holds a character that makes a shell do something.
"""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from fks_infra.clouds.cloudflare import Record
from fks_infra.limits import TAILNET_RANGE
from fks_infra.preflight.record_conflicts import RECORD, RecordSpec, rivals_of
from fks_infra.preflight.state import StateSnapshot

# The up that takes a record over ends its protection. Before that, and where the command is given
# once more afterwards, it keeps pulumi from deleting the record.
_OPTIONS = ("--protect", "--generate-code=false", "--yes")


@dataclass(frozen=True, kw_only=True)
class Place:
    """`found` are all records of the name in `spec`; `state` is what the stack has; `stack` is
    named as pulumi expects it.
    """

    spec: RecordSpec
    stack: str
    zone: str
    zone_id: str
    found: Sequence[Record]
    state: StateSnapshot

    def lines(self) -> Iterator[str]:
        """A comment for each record that pulumi up would refuse, or leave beside the stack's own;
        and the command for the one to adopt.
        """
        rivals = [record for record in self.found if rivals_of(self.spec, record, self.state)]
        chosen = None if self._taken else adoptable(self.spec, rivals)
        if chosen:
            yield f"# {_what(chosen)}. This makes it {self.spec.resource} of stack {self.stack}:"
            yield self.command(chosen)
        yield from (self._other(r, chosen) for r in rivals if self._is_left(r, chosen))

    def command(self, record: Record) -> str:
        """Import it below no component, as none need be there yet; an alias leads it to its own."""
        options = (f"{self.zone_id}/{record.id}", "--stack", self.stack, *_OPTIONS)
        return shlex.join(["pulumi", "import", RECORD, self.spec.resource, *options])

    @property
    def _taken(self) -> bool:
        return self.state.has_resource(self.spec.resource)

    def _is_left(self, record: Record, chosen: Record | None) -> bool:
        """Whether it is the operator's to remove; the hook before a creation removes our own."""
        made_by_hand = record.comment != self.spec.comment
        return record is not chosen and bool(self._taken or chosen or made_by_hand)

    def _other(self, record: Record, chosen: Record | None) -> str:
        where = f"in https://dash.cloudflare.com, {self.zone}, DNS, Records"
        if self._taken:
            text = f", beside {self.spec.resource}. Delete it {where}.{self._lost}"
        elif chosen:
            text = f", too. Delete it before pulumi up {where}."
        else:
            text = (
                f", which cannot become an A record. Delete it {where}, or give it the comment "
                f'"{self.spec.comment}" there and pulumi up replaces it.'
            )
        return f"# {_what(record)}{text}"

    @property
    def _lost(self) -> str:
        """What else it may be, where Cloudflare does not show the stack's own record."""
        own = [record for record in self.found if record.type == self.spec.type]
        if any(self.state.has(RECORD, record.id) for record in own):
            return ""
        return f" Where the stack has lost its own: pulumi refresh --stack {self.stack}, ask again."


def adoptable(spec: RecordSpec, rivals: Sequence[Record]) -> Record | None:
    """Rather one that leads into the tailnet; never one of another type, which is for ever."""
    same = [record for record in rivals if record.type == spec.type]
    return min(same, key=_is_outside, default=None)


def _is_outside(record: Record) -> bool:
    return record.type == "A" and ip_address(record.content) not in TAILNET_RANGE


def _what(record: Record) -> str:
    return f"{record.name} has {record.type} {record.content}, id {record.id}"
