"""Does the tailnet's policy hold the servers' part, and let nobody else in?

Targets are followed through `hosts`, not through `ipsets`.
"""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address, ip_network
from typing import Any

from fks_infra.components.dns_records import TAILNET
from fks_infra.doctor.check_context import Case
from fks_infra.doctor.findings import Seen, ok, problem, unknown
from fks_infra.doctor.policy_rules import Rule, rules
from fks_infra.doctor.stack_info import Subject
from fks_infra.doctor.tailnet import CONSOLE
from fks_infra.doctor.web import understood
from fks_infra.roles.services import ROLES
from fks_infra.topology.tailnet_policy import policy as wanted_policy
from fks_infra.topology.tailnet_policy import server_tags

Wanted = Mapping[tuple[str, str], frozenset[int]]


def policy(case: Case) -> Iterator[Seen]:
    """Compare the whole policy with what the stack needs."""
    answer = case.tailnet().get("acl")
    if answer.status in (401, 403, 404):
        yield unknown(
            f"the credentials may not read the tailnet's policy: {answer.status}",
            f"Give the OAuth client Policy File, Read at {CONSOLE}/settings/oauth",
        )
        return
    found = understood(answer, "the tailnet's policy")
    seen = [*missing_owners(case.subject, found), *missing_rules(case.subject, found)]
    seen += open_rules(case.subject, found)
    yield from seen or [ok("it holds the servers' part, and nobody else reaches them")]


def missing_owners(subject: Subject, found: Mapping[str, Any]) -> Iterator[Seen]:
    """Tags nobody owns, and servers' tags the OAuth client's tag does not own."""
    owners, servers = found.get("tagOwners") or {}, server_tags(subject.tag, ROLES)
    wanted = wanted_policy(subject.tag, subject.operators)["tagOwners"]
    absent = [tag for tag in wanted if tag not in owners]
    foreign = [tag for tag in servers if tag in owners and subject.tag not in owners[tag]]
    where = "tagOwners of the tailnet's policy"
    if absent:
        yield problem(f"{where} has no {', '.join(absent)}", _merge(subject))
    if foreign:
        yield problem(
            f"{where} does not let {subject.tag} give {', '.join(foreign)}", _merge(subject)
        )


def missing_rules(subject: Subject, found: Mapping[str, Any]) -> Iterator[Seen]:
    """Ways the servers or the operators need and no rule opens."""
    there = list(rules(found))
    closed = [
        f"{source} to {target}:{port}"
        for (source, target), ports in _wanted(subject).items()
        for port in sorted(ports)
        if not any(rule.covers(source, target, port) for rule in there)
    ]
    if closed:
        yield problem(f"no rule of the tailnet's policy lets {', '.join(closed)}", _merge(subject))


def open_rules(subject: Subject, found: Mapping[str, Any]) -> Iterator[Seen]:
    """Rules by which somebody else reaches the servers, each told once."""
    wanted, hosts = _wanted(subject), found.get("hosts") or {}
    told: set[str] = set()
    for rule in rules(found):
        target = str(hosts.get(rule.target, rule.target))
        if rule.place in told or not _hits(subject, target) or _is_fine(subject, rule, wanted):
            continue
        told.add(rule.place)
        yield problem(
            f"{rule.place} of the tailnet's policy lets {rule.source} reach the servers: "
            f"{rule.text}",
            f"{CONSOLE}/acls: delete {rule.place}, or narrow it to targets that are not servers; "
            f"then merge what this prints: fks tailnet policy --stack {subject.stack}",
        )


def _wanted(subject: Subject) -> Wanted:
    """Source and target to TCP ports."""
    ports: dict[tuple[str, str], frozenset[int]] = {}
    for rule in rules(wanted_policy(subject.tag, subject.operators)):
        pair = (rule.source, rule.target)
        ports[pair] = ports.get(pair, frozenset()) | {ports.first for ports in rule.ports}
    return ports


def _is_fine(subject: Subject, rule: Rule, wanted: Wanted) -> bool:
    """Operators may do as they like; servers only what they need."""
    if rule.source in subject.operators:
        return True
    allowed = wanted.get((rule.source, rule.target), frozenset())
    return bool(allowed) and all(ports.within(allowed) for ports in rule.ports)


def _hits(subject: Subject, target: str) -> bool:
    """Whether a target has a server in it: everything, a server's tag, or a server's address."""
    if target in {"*", "autogroup:tagged", *server_tags(subject.tag, ROLES)}:
        return True
    try:
        network = ip_network(target, strict=False)
    except ValueError:
        return False
    addresses = [server.address for server in subject.inventory.servers]
    return _covers_all(network) or any(ip_address(address) in network for address in addresses)


def _covers_all(network: Any) -> bool:
    return bool(network.version == TAILNET.version and network.supernet_of(TAILNET))


def _merge(subject: Subject) -> str:
    return f"Merge at {CONSOLE}/acls what this prints: fks tailnet policy --stack {subject.stack}"
