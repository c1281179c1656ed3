"""Does every name have one A record, the address of its server in the tailnet?"""

from collections.abc import Iterator, Sequence
from ipaddress import ip_address

from fks_infra.clouds.cloudflare import Record
from fks_infra.doctor.check_context import Case
from fks_infra.doctor.findings import Seen, ok, problem, unknown
from fks_infra.doctor.inventory import Placed
from fks_infra.doctor.records import deletion, records_of
from fks_infra.doctor.stack_info import Subject
from fks_infra.limits import TAILNET_RANGE
from fks_infra.preflight.record_conflicts import comment
from fks_infra.topology.names import HostName

# What an address lookup follows.
LEADING = frozenset({"A", "AAAA", "CNAME"})


def names(case: Case) -> Iterator[Seen]:
    """One that cannot be read does not hide the others."""
    wanted = {host.fqdn: host for host in case.subject.names}
    right = 0
    for name, found in records_of(case, wanted).items():
        if isinstance(found, Seen):
            yield found
            continue
        seen = list(judged(case.subject, wanted[name], found))
        right += not seen
        yield from seen
    if case.subject.undeployed:
        yield unknown(f"{case.subject.undeployed}, so where the names should lead is not known")
    elif right:
        yield ok(f"{right} of {len(wanted)} names lead to their server alone")


def judged(subject: Subject, host: HostName, records: Sequence[Record]) -> Iterator[Seen]:
    """What is wrong with a name's records; without a server only foreign records are."""
    server = subject.inventory.of_role(host.role)
    leading = [record for record in records if record.type in LEADING]
    strange = [record for record in leading if record.comment != comment(subject.short_name)]
    if server is None:
        yield from (_stranger(subject, host, record) for record in strange)
        return
    rights = [r for r in leading if r.type == "A" and r.content == server.address]
    # An identical twin is refused by Cloudflare, so one is kept and every other one is too many.
    for record in leading:
        if record not in rights[:1]:
            adoptable = record in strange and not rights
            remedy = _adopt(subject) if adoptable else deletion(subject.zone, record)
            yield _too_many(host, server, record, remedy)
    if not rights:
        yield problem(
            f"{host.fqdn} has no A record with {server.address}, the address of {server.name}",
            f"pulumi up --refresh --stack {subject.stack}",
        )
    elif ip_address(server.address) not in TAILNET_RANGE:
        yield problem(
            f"{host.fqdn} leads to {server.address}, which is no tailnet address ({TAILNET_RANGE})",
            f"pulumi up --refresh --stack {subject.stack}",
        )


def _too_many(host: HostName, server: Placed, record: Record, remedy: str) -> Seen:
    where = " outside of the tailnet" if _is_outside(record) else ""
    return problem(
        f"{host.fqdn} has the {record.type} record {record.content} (id {record.id}){where}; "
        f"it should lead to {server.address} of {server.name} alone",
        remedy,
    )


def _stranger(subject: Subject, host: HostName, record: Record) -> Seen:
    return problem(
        f"{host.fqdn} has the {record.type} record {record.content} (id {record.id}), which this "
        f"stack did not make; pulumi up refuses it until it is adopted or deleted",
        _adopt(subject),
    )


def _adopt(subject: Subject) -> str:
    return f"fks adopt-dns --stack {subject.stack}"


def _is_outside(record: Record) -> bool:
    return record.type == "A" and ip_address(record.content) not in TAILNET_RANGE
