"""Checks of systemd units, the clock and certificates."""

import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

from ..clock import synchronized as is_synchronized
from .context import Context
from .problem import Problem

DAYS_LEFT = 14.0
# Of a short lifetime this part: certbot renews when a third is left.
_PART_LEFT = 1 / 6
_DAY = 86400.0
_OWN_UNIT = "fks-watch.service"
_DATE = re.compile(r"^(notBefore|notAfter)=(.+)$", re.MULTILINE)


def failed_units(context: Context) -> Iterator[Problem]:
    command = ["systemctl", "list-units", "--state=failed", "--plain", "--no-legend", "--full"]
    for line in context.output(command).splitlines():
        unit = line.split()[0]
        # The last run of this program may have failed; this one runs.
        if unit != _OWN_UNIT:
            text = f"the unit {unit} has failed"
            yield Problem(
                f"unit {unit}", text, f"systemctl status {unit}; sudo journalctl -u {unit}"
            )


def clock(context: Context) -> Iterator[Problem]:
    yield from clock_problems(synchronized(context))


def clock_problems(known: bool | None) -> Iterator[Problem]:
    """From what `synchronized` returned."""
    if known is False:
        text = "the clock is not synchronized; certificates and tokens depend on it"
        yield Problem("clock", text, "timedatectl status; timedatectl timesync-status")


def synchronized(context: Context) -> bool | None:
    """None in a container."""
    return is_synchronized(context.paths, context.shell, context.timeout)


@dataclass(frozen=True)
class Validity:
    """When the certificate `name` begins and ends, in seconds since 1970."""

    name: str
    start: float
    end: float

    def days(self, now: float) -> float:
        """How long it is still valid."""
        return (self.end - now) / _DAY

    def problems(self, now: float) -> Iterator[Problem]:
        limit = min(DAYS_LEFT, (self.end - self.start) / _DAY * _PART_LEFT)
        if self.days(now) < limit:
            text = f"the certificate {self.name} is valid for {self.days(now):.1f} days"
            text += f", limit {limit:.1f}: certbot does not renew it"
            log = "sudo tail -n 50 /var/log/letsencrypt/letsencrypt.log"
            yield Problem(f"certificate {self.name}", text, f"{log}; sudo certbot renew")


def certificates(context: Context) -> Iterator[Problem]:
    for validity in validities(context):
        yield from validity.problems(context.now)


def validities(context: Context) -> Iterator[Validity]:
    """Those of the certificates that the edge reads."""
    for name in context.settings.certificates:
        file = context.paths.tls / f"{name}.pem"
        command = ["openssl", "x509", "-in", str(file), "-noout", "-dates"]
        dates = dict(_DATE.findall(context.output(command)))
        start, end = (ssl.cert_time_to_seconds(dates[key]) for key in ("notBefore", "notAfter"))
        yield Validity(name, start, end)
