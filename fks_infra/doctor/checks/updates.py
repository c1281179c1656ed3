"""Are the servers up to date: no pending reboot, no package kept back, and all timers run?"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from fks_infra.doctor.findings import CheckResult, ok, warning

if TYPE_CHECKING:
    from fks_infra.doctor.check_context import CheckContext

_GUIDE = 'docs/operations.md, "Updates of the servers"'


def updates(context: "CheckContext") -> Iterator[CheckResult]:
    """From every server's report, as host/fks_deploy/updates.py prints it."""
    # `fks status` imports this module, also on servers, which have no settings.
    from fks_infra.doctor.server_reports import server_reports

    yield from server_reports(context, "updates", evaluate)


def evaluate(name: str, report: Mapping[str, Any]) -> Iterator[CheckResult]:
    """The results of one server."""
    found = list(_warnings(name, report))
    yield from found or [ok(f"{name}: no reboot pending, no package kept back, all timers run")]


def _warnings(name: str, report: Mapping[str, Any]) -> Iterator[CheckResult]:
    if report["reboot"]:
        yield warning(
            f"{name}: a reboot is pending: {', '.join(report['reboot'])}",
            f"fks reboot {name} ({_GUIDE})",
        )
    if rows := report["kept_back"]:
        versions = [f"{row['package']} {row['installed']} -> {row['candidate']}" for row in rows]
        yield warning(
            f"{name}: newer versions are kept back: {', '.join(versions)}",
            f"fks upgrade-os {name} ({_GUIDE})",
        )
    for timer, reason in report["timers"].items():
        yield warning(f"{name}: {timer} does not run: {reason}", _timer_remedy(timer, reason))


def _timer_remedy(timer: str, reason: str) -> str:
    start = f"sudo systemctl enable --now {timer}"
    if reason == "masked":
        return f"On the server: sudo systemctl unmask {timer}; {start}"
    if reason in ("inactive", "disabled"):
        return f"On the server: {start}"
    return f"On the server: journalctl -u {timer} -u {timer.replace('.timer', '.service')}"
