"""Does every name have one A record, with the tailnet address of its server?"""

from collections.abc import Iterator, Sequence
from ipaddress import ip_address

from fks_infra.clouds.cloudflare import Record
from fks_infra.doctor.check_context import CheckContext
from fks_infra.doctor.findings import CheckResult, ok, problem, unknown
from fks_infra.doctor.records import deletion, records_of
from fks_infra.doctor.stack_info import StackInfo
from fks_infra.limits import TAILNET_RANGE
from fks_infra.preflight.record_conflicts import comment
from fks_infra.remote.inventory import DeployedServer
from fks_infra.topology.names import HostName

# The types that an address lookup follows.
ADDRESS_TYPES = frozenset({"A", "AAAA", "CNAME"})


def names(context: CheckContext) -> Iterator[CheckResult]:
    """Compare the records of each name with the stack's servers."""
    stack = context.stack
    hosts = {host.fqdn: host for host in stack.names}
    correct = 0
    for name, records in records_of(context, hosts).items():
        if isinstance(records, CheckResult):
            yield records
            continue
        problems = list(name_problems(stack, hosts[name], records))
        correct += not problems
        yield from problems
    if stack.undeployed:
        yield unknown(f"{stack.undeployed}, so the right addresses are not known")
    elif correct:
        yield ok(f"{correct} of {len(hosts)} names resolve to their server alone")


def name_problems(
    stack: StackInfo, host: HostName, records: Sequence[Record]
) -> Iterator[CheckResult]:
    """What is wrong with a name's records; before a deployment only foreign records are."""
    server = stack.inventory.of_role(host.role)
    addresses = [record for record in records if record.type in ADDRESS_TYPES]
    foreign = [record for record in addresses if record.comment != comment(stack.short_name)]
    if server is None:
        yield from (_foreign(stack, host, record) for record in foreign)
        return
    right = [r for r in addresses if r.type == "A" and r.content == server.address]
    # Cloudflare rejects identical records, so at most one is right.
    for record in addresses:
        if record not in right[:1]:
            adoptable = record in foreign and not right
            remedy = _adopt(stack) if adoptable else deletion(stack.zone, record)
            yield _superfluous(host, server, record, remedy)
    if not right:
        yield problem(
            f"{host.fqdn} has no A record with {server.address}, the address of {server.name}",
            f"pulumi up --refresh --stack {stack.stack}",
        )
    elif ip_address(server.address) not in TAILNET_RANGE:
        yield problem(
            f"{host.fqdn} resolves to {server.address}, which is not in {TAILNET_RANGE}",
            f"pulumi up --refresh --stack {stack.stack}",
        )


def _superfluous(
    host: HostName, server: DeployedServer, record: Record, remedy: str
) -> CheckResult:
    where = " outside of the tailnet" if _is_outside(record) else ""
    return problem(
        f"{host.fqdn} has the {record.type} record {record.content} (id {record.id}){where}; "
        f"it should resolve to {server.address} of {server.name} alone",
        remedy,
    )


def _foreign(stack: StackInfo, host: HostName, record: Record) -> CheckResult:
    return problem(
        f"{host.fqdn} has the {record.type} record {record.content} (id {record.id}), which this "
        f"stack did not make; pulumi up fails until it is adopted or deleted",
        _adopt(stack),
    )


def _adopt(stack: StackInfo) -> str:
    return f"fks adopt-dns --stack {stack.stack}"


def _is_outside(record: Record) -> bool:
    return record.type == "A" and ip_address(record.content) not in TAILNET_RANGE
