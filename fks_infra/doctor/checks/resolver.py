"""Does this machine resolve every name to its server?"""

from collections.abc import Iterator
from functools import partial

from fks_infra.doctor.background import together
from fks_infra.doctor.check_context import Case
from fks_infra.doctor.findings import Seen, ok, problem, unknown
from fks_infra.steps.verify import name_complaint


def resolver(case: Case) -> Iterator[Seen]:
    """As the last step of pulumi up asks."""
    if case.subject.undeployed:
        yield unknown(case.subject.undeployed)
        return
    placed = {host.fqdn: case.subject.inventory.of_role(host.role) for host in case.subject.names}
    addresses = {name: server.address for name, server in placed.items() if server}
    asked = together(
        {name: partial(name_complaint, name, there) for name, there in addresses.items()},
        case.limits.call,
    )
    right = 0
    for name, answer in asked.items():
        if not answer.done():
            yield unknown(
                f"{name}: this machine's resolver did not answer within {case.limits.call:g} s",
                f"dig +short {name} @1.1.1.1, to see whether another resolver does",
            )
        elif complaint := answer.result():
            yield problem(f"{name} {complaint}", _remedy(case, name, addresses[name], complaint))
        else:
            right += 1
    if right:
        yield ok(f"{right} of {len(asked)} names lead to their server from here")


def _remedy(case: Case, name: str, address: str, complaint: str) -> str:
    if "A records" in complaint:
        return (
            f"https://dash.cloudflare.com: {case.subject.zone}, DNS, Records: delete every A "
            f"record of {name} but {address}"
        )
    if "does not resolve" in complaint:
        return (
            f"If `dig +short {name} @1.1.1.1` prints {address}: exempt {case.subject.zone} from "
            f"rebind protection in your router or resolver (dnsmasq: "
            f"rebind-domain-ok=/{case.subject.zone}/). If not: pulumi up --stack "
            f"{case.subject.stack}"
        )
    return (
        f"If `dig +short {name} @1.1.1.1` prints {address}: resolvectl flush-caches, or wait "
        f"five minutes. If not: pulumi up --refresh --stack {case.subject.stack}"
    )
