"""Do the servers watch themselves, and do their alerts arrive?"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from fks_infra.doctor.findings import CheckResult, ok, problem, warning

if TYPE_CHECKING:
    from fks_infra.doctor.check_context import CheckContext

# Seconds; the timer runs every minute and two minutes after a boot, and a run that restarts
# containers takes some.
_LATE_AFTER = 600
_GUIDE = 'docs/operations.md, "Alerts"'


def watch(context: "CheckContext") -> Iterator[CheckResult]:
    """From every server's report, as host/fks_deploy/watch/report.py prints it."""
    # `fks status` imports this module, also on servers, which have no settings.
    from fks_infra.doctor.server_reports import server_reports

    yield from server_reports(context, "watch --report", evaluate)


def evaluate(name: str, report: Mapping[str, Any]) -> Iterator[CheckResult]:
    """The results of one server."""
    age, up = report["age"], report["up"]
    checked = f"up for {up} s, not checked yet" if age is None else f"checked {age} s ago"
    found = list(_results(name, report))
    yield from found or [ok(f"{name}: {checked}, no problem, alerts are sent")]


def _results(name: str, report: Mapping[str, Any]) -> Iterator[CheckResult]:
    age, error = report["age"], report["delivery_error"]
    # After a boot the last run is as old as the time without power.
    if report["up"] > _LATE_AFTER and (age is None or age > _LATE_AFTER):
        since = "was never checked" if age is None else f"was last checked {age} s ago"
        yield problem(
            f"{name}: {since}: nobody is alerted",
            "On the server: systemctl status fks-watch.timer; sudo journalctl -u fks-watch",
        )
    if not report["webhook"]:
        yield warning(
            f"{name}: fks:alertWebhook is not set: nobody is alerted",
            f"pulumi config set --secret fks:alertWebhook; pulumi up ({_GUIDE})",
        )
    elif error:
        yield problem(
            f"{name}: the last alert was not sent: {error}",
            f"On the server: sudo /usr/local/lib/fks/current/bin/alert --test ({_GUIDE})",
        )
    for text in report["problems"]:
        yield problem(f"{name}: {text}", _GUIDE)
