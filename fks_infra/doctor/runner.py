"""All checks at the same time, and what they found in one order."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, as_completed
from contextlib import suppress
from dataclasses import replace
from functools import partial

from fks_infra.clouds.credentials import CREDENTIALS
from fks_infra.doctor.background import begin
from fks_infra.doctor.check_context import Case, Check
from fks_infra.doctor.checks.caa import caa
from fks_infra.doctor.checks.certificates import certificates
from fks_infra.doctor.checks.clock import clock
from fks_infra.doctor.checks.credentials import tokens
from fks_infra.doctor.checks.tailnet_devices import devices
from fks_infra.doctor.checks.linode_catalogue import image, plans, region
from fks_infra.doctor.checks.linode_token import linode_token
from fks_infra.doctor.checks.names import names
from fks_infra.doctor.checks.tailnet_policy import policy
from fks_infra.doctor.checks.resolver import resolver
from fks_infra.doctor.checks.ssh_agent import ssh_agent
from fks_infra.doctor.checks.tailnet_path import path
from fks_infra.doctor.checks.tailscale_credentials import tailnet_tag, tailscale
from fks_infra.doctor.checks.zone import zone
from fks_infra.doctor.findings import CannotTellError, Finding, RejectedError, Seen, unknown

CHECKS: Mapping[str, Check] = {
    "tokens": tokens,
    "linode-token": linode_token,
    "region": region,
    "image": image,
    "plans": plans,
    "zone": zone,
    "names": names,
    "caa": caa,
    "tailscale": tailscale,
    "tailnet-tag": tailnet_tag,
    "policy": policy,
    "devices": devices,
    "ssh-agent": ssh_agent,
    "resolver": resolver,
    "certificates": certificates,
    "clock": clock,
    "path": path,
}

# A shorter value is no token, and would black out half of what is said.
_SECRET_LENGTH = 6


def examine(
    case: Case, done: Callable[[str], None], checks: Mapping[str, Check] = CHECKS
) -> list[Finding]:
    """Run the checks, telling `done` the name of each that ends; never longer than the limit."""
    begun = {name: begin(partial(_all_of, check, case)) for name, check in checks.items()}
    ends = {future: name for name, future in begun.items()}
    # What has not ended by then is told as unknown.
    with suppress(TimeoutError):
        for future in as_completed(ends, timeout=case.limits.check):
            done(ends[future])
    return [
        _without_secrets(Finding.of(name, seen), case.environ)
        for name, future in begun.items()
        for seen in _outcome(future, case.limits.check)
    ]


def _all_of(check: Check, case: Case) -> list[Seen]:
    return list(check(case))


def _outcome(future: "Future[list[Seen]]", seconds: float) -> Iterator[Seen]:
    if not future.done():
        yield unknown(f"it did not end within {seconds:g} s")
    elif (error := future.exception()) is None:
        yield from future.result()
    elif isinstance(error, RejectedError):
        # What mends it is said once, where the credential is examined.
        yield unknown(error.detail)
    elif isinstance(error, CannotTellError):
        yield unknown(error.detail, error.remedy)
    else:
        # Its text may hold anything, also a token.
        yield unknown(f"an answer was not understood ({type(error).__name__})")


def _without_secrets(finding: Finding, environ: Mapping[str, str]) -> Finding:
    """No text comes from a credential; this keeps one out that a cloud or a tool says again."""
    detail, remedy = finding.detail, finding.remedy
    for name in CREDENTIALS:
        secret = environ.get(name, "").strip()
        if len(secret) >= _SECRET_LENGTH:
            detail = detail.replace(secret, "(hidden)")
            remedy = remedy.replace(secret, "(hidden)")
    return replace(finding, detail=detail, remedy=remedy)
