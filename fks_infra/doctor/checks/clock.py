"""Is this machine's clock right? Certificates, and the time a key may be used, depend on it."""

from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime

from fks_infra.clouds.cloudflare import base_url
from fks_infra.doctor import linode
from fks_infra.doctor.check_context import Case
from fks_infra.doctor.findings import CannotTellError, Seen, ok, problem, unknown
from fks_infra.doctor.web import get

TOLERANCE = 30.0


def clock(case: Case) -> Iterator[Seen]:
    """Against the first cloud that says what time it is, without credentials."""
    reason = ""
    for cloud, url in _clouds(case.environ).items():
        try:
            ahead = _ahead(case, url)
        except CannotTellError as error:
            reason = error.detail
            continue
        if ahead is not None:
            yield _judged(cloud, ahead)
            return
    yield unknown(f"no cloud says what time it is: {reason or 'their answers have no Date'}")


def _ahead(case: Case, url: str) -> float | None:
    """Seconds this clock is ahead of the cloud's, or None where it does not tell."""
    before = case.now()
    answer = get(url, {"Accept": "application/json"}, case.limits.call)
    middle = (before + case.now()) / 2
    try:
        return middle - parsedate_to_datetime(answer.headers["date"]).timestamp()
    except (KeyError, ValueError):
        return None


def _judged(cloud: str, ahead: float) -> Seen:
    way = "ahead of" if ahead > 0 else "behind"
    if abs(ahead) <= TOLERANCE:
        return ok(f"within {TOLERANCE:g} s of {cloud}'s")
    return problem(
        f"this machine's clock is {abs(ahead):.0f} s {way} {cloud}'s",
        "sudo timedatectl set-ntp true",
    )


def _clouds(environ: Mapping[str, str]) -> dict[str, str]:
    return {
        "Linode": f"{linode.base(environ)}/v4/regions",
        "Cloudflare": f"{base_url(environ)}/user/tokens/verify",
    }
