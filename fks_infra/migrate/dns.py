"""The DNS records of a stack at the switch of a move.

One request changes all of them or none. `pulumi up` would need most of a minute while nobody can
write, and could fail for other reasons; after the request it finds the contents that it wants.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from fks_infra.clouds.cloudflare import Cloudflare, Record
from fks_infra.clouds.retry import DEFAULT, RetryPolicy
from fks_infra.errors import OperatorError
from fks_infra.preflight.cloud_calls import cloud_call
from fks_infra.topology.names import HostName

# Role to the address of its server
Addresses = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Dns:
    """The zone and the names of a stack."""

    zone: str
    names: tuple[HostName, ...]
    cloudflare: Cloudflare = field(repr=False)
    policy: RetryPolicy = DEFAULT

    def check(self, old: Addresses, new: Addresses) -> None:
        """OperatorError where a name has no record with its old or new address."""
        cloud_call(lambda: self._contents(old, new), self.policy)

    def switch(self, old: Addresses, new: Addresses) -> None:
        """Every name gets its new address; again it changes what is left. OperatorError as of
        `check`, and where Cloudflare rejects the change or does not answer.
        """
        cloud_call(lambda: self._change(old, new), self.policy)

    def _change(self, old: Addresses, new: Addresses) -> None:
        """Reads again in each attempt: without an answer the request may have been applied."""
        zone, contents = self._contents(old, new)
        if contents:
            self.cloudflare.change_contents(zone, contents)

    def _contents(self, old: Addresses, new: Addresses) -> tuple[str, dict[str, str]]:
        """The zone's id, and by record its new content, without those that have it."""
        found = self.cloudflare.zone_records(self.zone, [name.fqdn for name in self.names])
        owned = [(name, _own(name, found.records[name.fqdn], old, new)) for name in self.names]
        changed = {
            record.id: new[name.role] for name, record in owned if record.content != new[name.role]
        }
        return found.id, changed


def _own(name: HostName, records: Iterable[Record], old: Addresses, new: Addresses) -> Record:
    found = [record for record in records if record.type == "A"]
    expected = {old[name.role], new[name.role]}
    for record in found:
        if record.content in expected:
            return record
    has = ", ".join(record.content for record in found) or "none"
    raise OperatorError(
        f"{name.fqdn} has no A record at Cloudflare with the address of a server of this move "
        f"({' or '.join(sorted(expected))}); it has {has}.\nNext: fks drift shows what was changed "
        f"by hand, pulumi up --refresh restores it"
    )
