"""Does every name show a certificate that is good, and that certbot renews?"""

import socket
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial

from fks_infra.doctor.background import together
from fks_infra.doctor.check_context import Case
from fks_infra.doctor.findings import Seen, ok, problem, unknown
from fks_infra.doctor.inventory import Placed
from fks_infra.limits import EDGE_PORT
from fks_infra.topology.names import HostName

# certbot renews when a third of its time is left; a failed renewal is told nowhere else.
OVERDUE = 0.25


@dataclass(frozen=True, kw_only=True)
class Shown:
    """When a certificate begins and ends, in seconds since 1970."""

    begins: float
    ends: float

    @property
    def day(self) -> str:
        """Its last day, in UTC."""
        return time.strftime("%Y-%m-%d", time.gmtime(self.ends))


def certificates(case: Case) -> Iterator[Seen]:
    """Asked of each server by its address in the tailnet, so that no resolver stands between."""
    if case.subject.undeployed:
        yield unknown(case.subject.undeployed)
        return
    of_role = case.subject.inventory.of_role
    placed = [(host, server) for host in case.subject.names if (server := of_role(host.role))]
    looks = {
        host.fqdn: partial(look, host.fqdn, server.address, case.limits.call)
        for host, server in placed
    }
    asked = together(looks, case.limits.check / 2)
    seen = [judged(case, host, server, asked[host.fqdn]) for host, server in placed]
    yield from (item for item in seen if isinstance(item, Seen))
    if good := sorted((item.ends, item.day) for item in seen if isinstance(item, Shown)):
        yield ok(f"{len(good)} of {len(seen)} names show one; the first ends on {good[0][1]}")


def look(name: str, address: str, seconds: float) -> Shown:
    """The certificate that is shown for a name, checked as every client does."""
    context = ssl.create_default_context()
    with (
        socket.create_connection((address, EDGE_PORT), timeout=seconds) as plain,
        context.wrap_socket(plain, server_hostname=name) as tls,
    ):
        held = tls.getpeercert() or {}
    begins, ends = (ssl.cert_time_to_seconds(str(held[key])) for key in ("notBefore", "notAfter"))
    return Shown(begins=begins, ends=ends)


def judged(case: Case, host: HostName, server: Placed, asked: "Future[Shown]") -> Seen | Shown:
    """What was shown, or what is wrong with it."""
    where = f"{server.name} at {server.address}"
    if not asked.done():
        return unknown(f"{host.fqdn}: no answer from {where}")
    error = asked.exception()
    if isinstance(error, ssl.SSLCertVerificationError):
        told = f"{host.fqdn}: {where} shows one that is not good: {error.verify_message}"
        return problem(told, _remedy(case, host, server))
    if isinstance(error, OSError):
        return unknown(f"{host.fqdn}: {where} shows none: {error}")
    shown = asked.result()
    if shown.ends - case.now() < OVERDUE * (shown.ends - shown.begins):
        told = f"{host.fqdn}: {where} shows one that ends on {shown.day} and was not renewed"
        return problem(told, _remedy(case, host, server))
    return shown


def _remedy(case: Case, host: HostName, server: Placed) -> str:
    return (
        f"On {server.address}: sudo certbot renew --cert-name {host.role}, which says why it fails "
        f"(/var/log/letsencrypt/letsencrypt.log says all). If it is fks:acmeDnsToken or "
        f"fks:acmeServer: set it anew, then pulumi up --stack {case.subject.stack}"
    )
