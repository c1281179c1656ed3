"""Does this machine resolve every name to its server?"""

from collections.abc import Iterator
from concurrent.futures import Future
from functools import partial

from fks_infra.clouds.cloudflare import DASHBOARD
from fks_infra.doctor.background import together
from fks_infra.doctor.check_context import CheckContext
from fks_infra.doctor.findings import CheckResult, ok, problem, unknown
from fks_infra.doctor.stack_info import StackInfo
from fks_infra.steps.verify import address_complaint, resolve, unresolved_complaint


def resolver(context: CheckContext) -> Iterator[CheckResult]:
    """The same lookups as in the last step of pulumi up."""
    stack, seconds = context.stack, context.limits.call
    if stack.undeployed:
        yield unknown(stack.undeployed)
        return
    servers = {host.fqdn: stack.inventory.of_role(host.role) for host in stack.names}
    addresses = {name: server.address for name, server in servers.items() if server}
    lookups = together({name: partial(resolve, name) for name in addresses}, seconds)
    correct = 0
    for name, lookup in lookups.items():
        if not lookup.done():
            yield _timeout(name, seconds)
        elif result := _problem(stack, name, addresses[name], lookup):
            yield result
        else:
            correct += 1
    if correct:
        yield ok(f"{correct} of {len(lookups)} names resolve to their server from here")


def _timeout(name: str, seconds: float) -> CheckResult:
    return unknown(
        f"{name}: this machine's resolver did not answer within {seconds:g} s",
        f"dig +short {name} @1.1.1.1, to see whether another resolver does",
    )


def _problem(
    stack: StackInfo, name: str, address: str, lookup: "Future[list[str]]"
) -> CheckResult | None:
    error = lookup.exception()
    if isinstance(error, OSError):
        return problem(f"{name} {unresolved_complaint(error)}", _rebind(stack, name, address))
    found = lookup.result()
    complaint = address_complaint(found, address)
    if complaint is None:
        return None
    remedy = _delete_others if len(found) > 1 else _flush
    return problem(f"{name} {complaint}", remedy(stack, name, address))


def _delete_others(stack: StackInfo, name: str, address: str) -> str:
    return f"{DASHBOARD}: {stack.zone}, DNS, Records: delete every A record of {name} but {address}"


def _rebind(stack: StackInfo, name: str, address: str) -> str:
    return (
        f"If `dig +short {name} @1.1.1.1` prints {address}: exempt {stack.zone} from "
        f"rebind protection in your router or resolver (dnsmasq: "
        f"rebind-domain-ok=/{stack.zone}/). If not: pulumi up --stack {stack.stack}"
    )


def _flush(stack: StackInfo, name: str, address: str) -> str:
    return (
        f"If `dig +short {name} @1.1.1.1` prints {address}: resolvectl flush-caches, or wait "
        f"five minutes. If not: pulumi up --refresh --stack {stack.stack}"
    )
