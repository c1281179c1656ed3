"""Does the tailnet's policy contain the servers' part, and give nobody else access to them?

Targets are resolved through `hosts`, not through `ipsets`.
"""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address, ip_network
from typing import Any

from fks_infra.clouds.http import RejectedError
from fks_infra.clouds.tailscale_login import CONSOLE
from fks_infra.doctor.check_context import CheckContext
from fks_infra.doctor.findings import CheckResult, ok, problem, unknown
from fks_infra.doctor.policy_rules import Rule, rules
from fks_infra.doctor.stack_info import StackInfo
from fks_infra.limits import TAILNET_RANGE
from fks_infra.roles import ROLE_NAMES
from fks_infra.topology.tailnet_policy import policy as needed_policy
from fks_infra.topology.tailnet_policy import server_tags

NeededPorts = Mapping[tuple[str, str], frozenset[int]]


def tailnet_policy(context: CheckContext) -> Iterator[CheckResult]:
    """Compare the whole policy with what the stack needs."""
    stack, tailscale = context.stack, context.tailscale()
    try:
        found = tailscale.policy()
    except RejectedError as error:
        yield unknown(
            f"the credentials may not read the tailnet's policy: {error.detail}",
            f"Give the OAuth client Policy File, Read at {CONSOLE}/settings/oauth",
        )
        return
    problems = [
        *missing_owners(stack, found),
        *missing_rules(stack, found),
        *open_rules(stack, found),
    ]
    yield from problems or [ok("it contains the servers' part, and nobody else has access")]


def missing_owners(stack: StackInfo, found: Mapping[str, Any]) -> Iterator[CheckResult]:
    """Tags without owners, and servers' tags that the OAuth client's tag does not own."""
    owners, servers = found.get("tagOwners") or {}, server_tags(stack.tag, ROLE_NAMES)
    needed = needed_policy(stack.tag, stack.operators)["tagOwners"]
    absent = [tag for tag in needed if tag not in owners]
    foreign = [tag for tag in servers if tag in owners and stack.tag not in owners[tag]]
    where = "tagOwners of the tailnet's policy"
    if absent:
        yield problem(f"{where} has no {', '.join(absent)}", _merge(stack))
    if foreign:
        yield problem(f"{where} does not let {stack.tag} give {', '.join(foreign)}", _merge(stack))


def missing_rules(stack: StackInfo, found: Mapping[str, Any]) -> Iterator[CheckResult]:
    """Connections that the servers or the operators need and no rule allows."""
    existing = list(rules(found))
    closed = [
        f"{source} to {target}:{port}"
        for (source, target), ports in _needed(stack).items()
        for port in sorted(ports)
        if not any(rule.covers(source, target, port) for rule in existing)
    ]
    if closed:
        yield problem(f"no rule of the tailnet's policy allows {', '.join(closed)}", _merge(stack))


def open_rules(stack: StackInfo, found: Mapping[str, Any]) -> Iterator[CheckResult]:
    """Rules that give somebody else access to the servers, each reported once."""
    needed, hosts = _needed(stack), found.get("hosts") or {}
    reported: set[str] = set()
    for rule in rules(found):
        target = str(hosts.get(rule.target, rule.target))
        if rule.place in reported or not _includes_server(stack, target):
            continue
        if _is_needed(stack, rule, needed):
            continue
        reported.add(rule.place)
        yield problem(
            f"{rule.place} of the tailnet's policy gives {rule.source} access to the servers: "
            f"{rule.text}",
            f"{CONSOLE}/acls: delete {rule.place}, or narrow it to targets that are not servers; "
            f"then merge what this prints: fks tailnet policy --stack {stack.stack}",
        )


def _needed(stack: StackInfo) -> NeededPorts:
    """Source and target to TCP ports."""
    ports: dict[tuple[str, str], frozenset[int]] = {}
    for rule in rules(needed_policy(stack.tag, stack.operators)):
        pair = (rule.source, rule.target)
        ports[pair] = ports.get(pair, frozenset()) | {ports.first for ports in rule.ports}
    return ports


def _is_needed(stack: StackInfo, rule: Rule, needed: NeededPorts) -> bool:
    """Whether the source is an operator, or a server that needs all of the rule's ports."""
    if rule.source in stack.operators:
        return True
    allowed = needed.get((rule.source, rule.target), frozenset())
    return bool(allowed) and all(ports.within(allowed) for ports in rule.ports)


def _includes_server(stack: StackInfo, target: str) -> bool:
    """Whether a target includes a server: everything, a server's tag, or a server's address."""
    if target in {"*", "autogroup:tagged", *server_tags(stack.tag, ROLE_NAMES)}:
        return True
    try:
        network = ip_network(target, strict=False)
    except ValueError:
        return False
    addresses = [server.address for server in stack.inventory.servers]
    return _covers_tailnet(network) or any(ip_address(address) in network for address in addresses)


def _covers_tailnet(network: Any) -> bool:
    return bool(network.version == TAILNET_RANGE.version and network.supernet_of(TAILNET_RANGE))


def _merge(stack: StackInfo) -> str:
    return f"Merge at {CONSOLE}/acls what this prints: fks tailnet policy --stack {stack.stack}"
