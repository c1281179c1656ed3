"""Does every name present a valid certificate that certbot renews?"""

import socket
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial

from fks_infra.doctor.background import together
from fks_infra.doctor.check_context import CheckContext
from fks_infra.doctor.findings import CheckResult, ok, problem, unknown, warning
from fks_infra.doctor.server_reports import read_reports
from fks_infra.limits import EDGE_PORT
from fks_infra.remote.inventory import DeployedServer
from fks_infra.topology.names import HostName

# certbot renews when a third of the lifetime is left, and reports a failure nowhere else.
OVERDUE = 0.25


@dataclass(frozen=True, kw_only=True)
class Validity:
    """When a certificate begins and ends, in seconds since 1970."""

    begins: float
    ends: float

    @property
    def last_day(self) -> str:
        """Its last day, in UTC."""
        return time.strftime("%Y-%m-%d", time.gmtime(self.ends))


def certificates(context: CheckContext) -> Iterator[CheckResult]:
    """Connect to each server's tailnet address, so that no resolver is involved."""
    stack = context.stack
    if stack.undeployed:
        yield unknown(stack.undeployed)
        return
    of_role = stack.inventory.of_role
    servers = [(host, server) for host in stack.names if (server := of_role(host.role))]
    calls = {
        host.fqdn: partial(read_validity, host.fqdn, server.address, context.limits.call)
        for host, server in servers
    }
    futures = together(calls, context.limits.check / 2)
    stopped = _stopped(context) if any(_is_silent(one) for one in futures.values()) else {}
    yield from stopped.values()
    results = [
        evaluate(context, host, server, futures[host.fqdn])
        for host, server in servers
        if server.name not in stopped
    ]
    yield from (result for result in results if isinstance(result, CheckResult))
    valid = sorted((r.ends, r.last_day) for r in results if isinstance(r, Validity))
    if valid:
        yield ok(f"{len(valid)} of {len(results)} names have one; the first ends on {valid[0][1]}")


def _is_silent(future: "Future[Validity]") -> bool:
    if not future.done():
        return True
    error = future.exception()
    return isinstance(error, OSError) and not isinstance(error, ssl.SSLCertVerificationError)


def _stopped(context: CheckContext) -> dict[str, CheckResult]:
    """By server, those whose stacks the operator has stopped all, which present none."""
    found = {}
    for name, report in read_reports(context, "stack state"):
        if isinstance(report, CheckResult) or not report["stopped"]:
            continue
        if set(report["stopped"]) >= set(report["roles"]):
            stop = next(iter(report["stopped"].values()))
            detail = f"{name} is stopped since {stop['since']} by {stop['who']}: it presents none"
            found[name] = warning(detail, f"fks start --{name}")
    return found


def read_validity(name: str, address: str, seconds: float) -> Validity:
    """The validity of the certificate for a name, verified as every client does."""
    tls_context = ssl.create_default_context()
    with (
        socket.create_connection((address, EDGE_PORT), timeout=seconds) as plain,
        tls_context.wrap_socket(plain, server_hostname=name) as tls,
    ):
        fields = tls.getpeercert() or {}
    begins, ends = (ssl.cert_time_to_seconds(str(fields[key])) for key in ("notBefore", "notAfter"))
    return Validity(begins=begins, ends=ends)


def evaluate(
    context: CheckContext, host: HostName, server: DeployedServer, future: "Future[Validity]"
) -> CheckResult | Validity:
    """The validity, or what is wrong with the certificate."""
    where = f"{server.name} at {server.address}"
    if not future.done():
        return unknown(f"{host.fqdn}: no answer from {where}")
    error = future.exception()
    if isinstance(error, ssl.SSLCertVerificationError):
        detail = f"{host.fqdn}: {where} has an invalid one: {error.verify_message}"
        return problem(detail, _remedy(context, host, server))
    if isinstance(error, OSError):
        return unknown(f"{host.fqdn}: {where} presents none: {error}")
    validity = future.result()
    if validity.ends - context.now() < OVERDUE * (validity.ends - validity.begins):
        detail = f"{host.fqdn}: {where} has one that ends on {validity.last_day}, not renewed"
        return problem(detail, _remedy(context, host, server))
    return validity


def _remedy(context: CheckContext, host: HostName, server: DeployedServer) -> str:
    return (
        f"On {server.address}: sudo certbot renew --cert-name {host.role}, which prints why it "
        f"fails (details in /var/log/letsencrypt/letsencrypt.log). If fks:acmeDnsToken or "
        f"fks:acmeServer is the cause: set it again, then pulumi up --stack {context.stack.stack}"
    )
