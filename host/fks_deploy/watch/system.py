"""Checks of systemd units, the clock and certificates."""

import re
import ssl
from collections.abc import Iterator

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
    """The kernel's flag, which systemd-timesyncd and chrony set."""
    if context.in_container:
        return
    command = ["timedatectl", "show", "--property=NTPSynchronized", "--value"]
    if context.output(command).strip() != "yes":
        text = "the clock is not synchronized; certificates and tokens depend on it"
        yield Problem("clock", text, "timedatectl status; timedatectl timesync-status")


def certificates(context: Context) -> Iterator[Problem]:
    """Those that the edge reads."""
    for name in context.settings.certificates:
        file = context.paths.tls / f"{name}.pem"
        command = ["openssl", "x509", "-in", str(file), "-noout", "-dates"]
        dates = dict(_DATE.findall(context.output(command)))
        start, end = (ssl.cert_time_to_seconds(dates[key]) for key in ("notBefore", "notAfter"))
        limit = min(DAYS_LEFT * _DAY, (end - start) * _PART_LEFT)
        if end - context.now < limit:
            text = f"the certificate {name} is valid for {(end - context.now) / _DAY:.1f} days"
            text += f", limit {limit / _DAY:.1f}: certbot does not renew it"
            log = "sudo tail -n 50 /var/log/letsencrypt/letsencrypt.log"
            yield Problem(f"certificate {name}", text, f"{log}; sudo certbot renew")
