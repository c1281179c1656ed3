"""Do the CAA records allow the certificate authority, and only by the DNS-01 challenge?"""

from collections.abc import Iterator, Mapping, Sequence

from fks_infra.clouds.cloudflare import Record
from fks_infra.config.acme import LETS_ENCRYPT, is_lets_encrypt
from fks_infra.doctor.check_context import CheckContext
from fks_infra.doctor.findings import CheckResult, ok, problem, unknown, warning
from fks_infra.doctor.records import deletion, records_of
from fks_infra.doctor.stack_info import StackInfo
from fks_infra.topology.caa import (
    ISSUE,
    Property,
    caa_warnings,
    content,
)

RecordsByName = Mapping[str, Sequence[Record] | CheckResult]


def caa(context: CheckContext) -> Iterator[CheckResult]:
    """An authority uses the CAA records of the name, or of the nearest parent that has some."""
    stack = context.stack
    # The stack's own record hides those of the domain's parents.
    top = stack.domain if stack.caa_issuer else stack.zone
    chains = [lookup_chain(host.fqdn, top) for host in stack.names]
    found = records_of(context, dict.fromkeys(name for chain in chains for name in chain))
    results = list(_results(stack, chains, found))
    yield from results or [ok(f"no CAA record stops {issuer(stack) or 'an authority'}")]


def _results(
    stack: StackInfo, chains: Sequence[Sequence[str]], found: RecordsByName
) -> Iterator[CheckResult]:
    for text in caa_warnings(stack.caa_issuer, stack.acme_server):
        yield warning(text.rstrip("."), _set_issuer(stack, "NAME"))
    yield from (records for records in found.values() if isinstance(records, CheckResult))
    for name in dict.fromkeys(_relevant(chain, found) for chain in chains):
        records = found[name]
        if not isinstance(records, CheckResult):
            yield from record_problems(stack, name, _caa_records(records))


def _relevant(chain: Sequence[str], found: RecordsByName) -> str:
    """The name whose records count; also one that could not be read, as it may have some."""
    candidates = (
        name
        for name in chain
        if isinstance(records := found[name], CheckResult) or _caa_records(records)
    )
    return next(candidates, chain[-1])


def _caa_records(records: Sequence[Record]) -> list[Record]:
    return [record for record in records if record.type == "CAA"]


def lookup_chain(name: str, top: str) -> list[str]:
    """The name and its parents, up to `top`."""
    labels = name.split(".")
    parents = (".".join(labels[first:]) for first in range(1, len(labels)))
    return [name, *(parent for parent in parents if f".{parent}".endswith(f".{top}"))]


def issuer(stack: StackInfo) -> str:
    """The name of the authority of fks:acmeServer in CAA records; empty if it is not known."""
    known = LETS_ENCRYPT if is_lets_encrypt(stack.acme_server) else ""
    return stack.caa_issuer or known


def record_problems(
    stack: StackInfo, name: str, records: Sequence[Record]
) -> Iterator[CheckResult]:
    """What is wrong with the CAA records of one name."""
    own = name == stack.domain and bool(stack.caa_issuer)
    if own and not stack.undeployed:
        yield from _missing(stack, records)
    parsed = [(record, Property.parse(record.content)) for record in records]
    issue = [entry for _, entry in parsed if entry.tag == ISSUE]
    allowed = own or not issue or any(entry.allows(issuer(stack)) for entry in issue)
    if not allowed and not issuer(stack) and any(entry.issuer for entry in issue):
        yield _undecided(stack, name)
        allowed = True
    for record, entry in parsed:
        yield from _faults(stack, record, entry, allowed=allowed)


def _missing(stack: StackInfo, records: Sequence[Record]) -> Iterator[CheckResult]:
    if content(stack.caa_issuer) not in [record.content for record in records]:
        yield problem(
            f"{stack.domain} has no CAA record that lets only {stack.caa_issuer} issue",
            f"pulumi up --refresh --stack {stack.stack}",
        )


def _faults(
    stack: StackInfo, record: Record, entry: Property, *, allowed: bool
) -> Iterator[CheckResult]:
    name = issuer(stack) or "every authority"
    if entry.blocks_all:
        effect = "which stops every authority that does not know its tag"
    elif entry.tag == ISSUE and not allowed:
        effect = f"which stops {name} from issuing"
    elif stack.caa_issuer and entry.loosens(name):
        effect = f"by which {name} may issue without a DNS-01 challenge"
    else:
        return
    detail = f"{record.name} has the CAA record {record.content} (id {record.id}), {effect}"
    yield problem(detail, _remedy(stack, record))


def _remedy(stack: StackInfo, record: Record) -> str:
    delete = deletion(stack.zone, record)
    if stack.caa_issuer or not issuer(stack) or record.name == stack.domain:
        return delete
    return f"{delete}. Or give {stack.domain} its own: {_set_issuer(stack, issuer(stack))}"


def _undecided(stack: StackInfo, name: str) -> CheckResult:
    return unknown(
        f"{name} has CAA records, and the name of fks:acmeServer in CAA records is not known",
        _set_issuer(stack, "NAME"),
    )


def _set_issuer(stack: StackInfo, name: str) -> str:
    set_it = f"pulumi config set fks:caaIssuer {name} --stack {stack.stack}"
    return f"{set_it}, then pulumi up --stack {stack.stack}"
