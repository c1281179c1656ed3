"""May the authority issue for every name, and by no other proof than the servers give?"""

from collections.abc import Iterator, Mapping, Sequence

from fks_infra.clouds.cloudflare import Record
from fks_infra.config.acme import LETS_ENCRYPT, is_lets_encrypt
from fks_infra.doctor.check_context import Case
from fks_infra.doctor.findings import Seen, ok, problem, unknown
from fks_infra.doctor.records import deletion, records_of
from fks_infra.doctor.stack_info import Subject
from fks_infra.topology.caa import (
    ISSUE,
    Property,
    caa_warnings,
    content,
)

Read = Mapping[str, Sequence[Record] | Seen]


def caa(case: Case) -> Iterator[Seen]:
    """Only those records count that an authority finds: of the name, or the nearest above it."""
    subject = case.subject
    # Above the domain nothing counts once the stack's own record is there.
    top = subject.domain if subject.caa_issuer else subject.zone
    ways = [climb(host.fqdn, top) for host in subject.names]
    read = records_of(case, dict.fromkeys(place for way in ways for place in way))
    seen = list(_seen(subject, ways, read))
    yield from seen or [ok(f"no CAA record is in the way of {issuer(subject) or 'an authority'}")]


def _seen(subject: Subject, ways: Sequence[Sequence[str]], read: Read) -> Iterator[Seen]:
    for doubt in caa_warnings(subject.caa_issuer, subject.acme_server):
        yield unknown(doubt.rstrip("."), _name_it(subject, "NAME"))
    yield from (answer for answer in read.values() if isinstance(answer, Seen))
    for place in dict.fromkeys(_nearest(way, read) for way in ways):
        answer = read[place]
        if not isinstance(answer, Seen):
            yield from judged(subject, place, _caas(answer))


def _nearest(way: Sequence[str], read: Read) -> str:
    """Where an authority stops; nobody knows what counts beyond a name that was not read."""
    stops = (p for p in way if isinstance(found := read[p], Seen) or _caas(found))
    return next(stops, way[-1])


def _caas(records: Sequence[Record]) -> list[Record]:
    return [record for record in records if record.type == "CAA"]


def climb(name: str, top: str) -> list[str]:
    """The name and what is above it, up to `top`."""
    labels = name.split(".")
    above = (".".join(labels[first:]) for first in range(1, len(labels)))
    return [name, *(place for place in above if f".{place}".endswith(f".{top}"))]


def issuer(subject: Subject) -> str:
    """The name fks:acmeServer goes by in CAA records; empty if nobody knows."""
    known = LETS_ENCRYPT if is_lets_encrypt(subject.acme_server) else ""
    return subject.caa_issuer or known


def judged(subject: Subject, place: str, records: Sequence[Record]) -> Iterator[Seen]:
    """What is wrong with the CAA records of one name."""
    home = place == subject.domain and bool(subject.caa_issuer)
    if home and not subject.undeployed:
        yield from _missing(subject, records)
    parsed = [(record, Property.parse(record.content)) for record in records]
    issue = [said for _, said in parsed if said.tag == ISSUE]
    allowed = home or not issue or any(said.allows(issuer(subject)) for said in issue)
    if not allowed and not issuer(subject) and any(said.issuer for said in issue):
        yield _unclear(subject, place)
        allowed = True
    for record, said in parsed:
        yield from _flaws(subject, record, said, allowed=allowed)


def _missing(subject: Subject, records: Sequence[Record]) -> Iterator[Seen]:
    if content(subject.caa_issuer) not in [record.content for record in records]:
        yield problem(
            f"{subject.domain} has no CAA record that lets only {subject.caa_issuer} issue",
            f"pulumi up --refresh --stack {subject.stack}",
        )


def _flaws(subject: Subject, record: Record, said: Property, *, allowed: bool) -> Iterator[Seen]:
    name = issuer(subject) or "every authority"
    if said.stops_everybody:
        flaw = "which keeps every authority from issuing that does not know its tag"
    elif said.tag == ISSUE and not allowed:
        flaw = f"which keeps {name} from issuing"
    elif subject.caa_issuer and said.loosens(name):
        flaw = f"by which {name} may issue without a proof in the DNS"
    else:
        return
    told = f"{record.name} has the CAA record {record.content} (id {record.id}), {flaw}"
    yield problem(told, _remedy(subject, record))


def _remedy(subject: Subject, record: Record) -> str:
    delete = deletion(subject.zone, record)
    if subject.caa_issuer or not issuer(subject) or record.name == subject.domain:
        return delete
    return f"{delete}. Or give {subject.domain} its own: {_name_it(subject, issuer(subject))}"


def _unclear(subject: Subject, place: str) -> Seen:
    return unknown(
        f"{place} has CAA records, and by which name fks:acmeServer goes there is not known",
        _name_it(subject, "NAME"),
    )


def _name_it(subject: Subject, name: str) -> str:
    set_it = f"pulumi config set fks:caaIssuer {name} --stack {subject.stack}"
    return f"{set_it}, then pulumi up --stack {subject.stack}"
