"""Is this machine's clock right? Certificates and the lifetime of keys depend on it."""

from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime

from fks_infra.clouds import cloudflare, http, linode
from fks_infra.clouds.http import CloudError, Request
from fks_infra.doctor.check_context import CheckContext
from fks_infra.doctor.findings import CheckResult, ok, problem, unknown

TOLERANCE = 30.0


def clock(context: CheckContext) -> Iterator[CheckResult]:
    """Compare with the first cloud whose response has a Date; no credentials are sent."""
    reason = "their responses have no Date"
    for cloud, url in _urls(context.environ).items():
        try:
            ahead = _seconds_ahead(context, url)
        except CloudError as error:
            reason = error.detail
            continue
        if ahead is not None:
            yield _result(cloud, ahead)
            return
    yield unknown(f"no cloud returns the time: {reason}")


def _seconds_ahead(context: CheckContext, url: str) -> float | None:
    """Seconds that this clock is ahead of the cloud's, or None without a Date."""
    before = context.now()
    response = http.exchange(Request(method="GET", url=url), context.limits.call)
    middle = (before + context.now()) / 2
    try:
        return middle - parsedate_to_datetime(response.headers["date"]).timestamp()
    except (KeyError, ValueError):
        return None


def _result(cloud: str, ahead: float) -> CheckResult:
    direction = "ahead of" if ahead > 0 else "behind"
    if abs(ahead) <= TOLERANCE:
        return ok(f"within {TOLERANCE:g} s of {cloud}'s")
    return problem(
        f"this machine's clock is {abs(ahead):.0f} s {direction} {cloud}'s",
        "sudo timedatectl set-ntp true",
    )


def _urls(environ: Mapping[str, str]) -> dict[str, str]:
    return {
        "Linode": f"{linode.base_url(environ)}/regions",
        "Cloudflare": f"{cloudflare.base_url(environ)}/user/tokens/verify",
    }
