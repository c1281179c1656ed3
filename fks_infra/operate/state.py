"""What is wrong with the servers: problems, warnings, the verdict in words and the exit code."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from fks_infra.doctor.checks import updates, watch
from fks_infra.doctor.findings import Verdict
from fks_infra.operate import drift_flag
from fks_infra.operate.reports import Document, Reports
from fks_infra.operate.stops import sentences
from fks_infra.operate.unreachable import Unreachable

HEALTHY, PROBLEMS, CANNOT_TELL = 0, 1, 2


@dataclass(frozen=True, kw_only=True)
class Remark:
    """A problem or a warning; `command` is the one to type next, `since` a time in UTC or empty."""

    server: str
    text: str
    command: str
    since: str = ""


@dataclass(frozen=True, kw_only=True)
class State:
    """All servers that were to report, at one moment."""

    stack: str
    reports: Reports
    problems: tuple[Remark, ...]
    warnings: tuple[Remark, ...]

    @classmethod
    def of(cls, stack: str, reports: Reports) -> "State":
        """Judge the reports."""
        found = [pair for name, report in reports.items() for pair in _remarks(name, report)]
        return cls(
            stack=stack,
            reports=reports,
            problems=tuple(remark for verdict, remark in found if verdict is Verdict.PROBLEM),
            warnings=tuple(remark for verdict, remark in found if verdict is Verdict.WARNING),
        )

    @property
    def unreached(self) -> list[str]:
        """The servers that did not report."""
        return [name for name, one in self.reports.items() if isinstance(one, Unreachable)]

    @property
    def time(self) -> str:
        """The newest time of a report, by its server's clock; empty without a report."""
        times = (one["time"] for one in self.reports.values() if not isinstance(one, Unreachable))
        return max(times, default="")

    @property
    def exit_code(self) -> int:
        """0: no problem, 1: at least one, 2: no server reported."""
        if len(self.unreached) == len(self.reports):
            return CANNOT_TELL
        return PROBLEMS if self.problems else HEALTHY

    @property
    def verdict(self) -> str:
        """One line, such as "api: 2 problems; web: not reached"."""
        if self.exit_code == CANNOT_TELL:
            return f"cannot tell: no server was reached ({', '.join(self.reports)})"
        if self.exit_code == HEALTHY:
            return self._healthy()
        return "; ".join(f"{name}: {text}" for name in self.reports if (text := self._wrong(name)))

    def document(self) -> dict[str, Any]:
        """{"stack", "verdict": in words, "exit_code", "problems" and "warnings": [{"server",
        "text", "command", "since"}], "servers": {name: the document of
        host/fks_deploy/status/report.py, or {"reason", "command"} of one that was not reached}}.
        """
        return {
            "stack": self.stack,
            "verdict": self.verdict,
            "exit_code": self.exit_code,
            "problems": [asdict(remark) for remark in self.problems],
            "warnings": [asdict(remark) for remark in self.warnings],
            "servers": {name: _plain(report) for name, report in self.reports.items()},
        }

    def _healthy(self) -> str:
        names = list(self.reports)
        if stopped := [name for name in names if self._stopped(name)]:
            others = [f"{name} is healthy" for name in names if name not in stopped]
            return "; ".join([f"stopped: {', '.join(stopped)}", *others])
        count = len(names)
        return f"all {count} servers are healthy" if count > 1 else f"{names[0]} is healthy"

    def _stopped(self, name: str) -> bool:
        """Whether the operator has stopped all stacks of a server that reported."""
        report = self.reports[name]
        return not isinstance(report, Unreachable) and set(report["stopped"]) >= set(
            report["roles"]
        )

    def _wrong(self, name: str) -> str:
        report = self.reports[name]
        if isinstance(report, Unreachable):
            return "not reached"
        count = sum(problem.server == name for problem in self.problems)
        deploy = " (a deploy runs)" if report["deploy"] else ""
        return f"{count} problem{'s' if count > 1 else ''}{deploy}" if count else ""


def _plain(report: Document | Unreachable) -> Mapping[str, Any]:
    return asdict(report) if isinstance(report, Unreachable) else report


def _remarks(name: str, report: Document | Unreachable) -> Iterator[tuple[Verdict, Remark]]:
    if isinstance(report, Unreachable):
        yield Verdict.PROBLEM, Remark(server=name, text=report.reason, command=report.command)
        return
    for one in report["problems"]:
        remark = Remark(
            server=name, text=one["text"], command=one["command"], since=one["since"] or ""
        )
        yield Verdict.PROBLEM, remark
    yield from _stops(name, report)
    yield from _failed_deploy(name, report)
    yield from _switches(name, report)
    if found := drift_flag.warning(report["drift"]):
        text, command = found
        yield Verdict.WARNING, Remark(server=name, text=text, command=command)
    yield from _as_doctor(name, report)


def _stops(name: str, report: Document) -> Iterator[tuple[Verdict, Remark]]:
    """Stacks that the operator has stopped are no problem, but nobody is to overlook them."""
    all_of_several = len(report["roles"]) > 1 and set(report["stopped"]) >= set(report["roles"])
    for roles, text in sentences(report["stopped"]):
        options = "" if all_of_several else "".join(f" --{role}" for role in roles)
        yield Verdict.WARNING, Remark(server=name, text=text, command=f"fks start{options}")


def _failed_deploy(name: str, report: Document) -> Iterator[tuple[Verdict, Remark]]:
    last = report["last_deploy"]
    if last and last["result"] != "ok":
        error = (last["error"] or "no reason").splitlines()[0]
        text = f"the last deploy, by {last['who']}, failed: {error}"
        command = "sudo tail -n 50 /var/log/fks/deploy.log"
        yield Verdict.WARNING, Remark(server=name, text=text, command=command, since=last["time"])


def _switches(name: str, report: Document) -> Iterator[tuple[Verdict, Remark]]:
    """What a person has switched on, and may have forgotten."""
    if lock := report["lock"]:
        text = f"the stack is locked, no deploy is accepted, by {lock['who']}: {lock['reason']}"
        yield Verdict.WARNING, Remark(server=name, text=text, command="fks unlock")
    if mode := report["maintenance"]:
        text = f"maintenance is on, by {mode['who']}: {mode['message']}"
        yield Verdict.WARNING, Remark(server=name, text=text, command="fks maintenance off")


def _as_doctor(name: str, report: Document) -> Iterator[tuple[Verdict, Remark]]:
    """Alerts that do not arrive and a pending reboot, as `fks doctor` reports them."""
    # The problems of the watch are in the report already, with the values of now.
    alerts = watch.evaluate(name, {**report["watch"], "problems": []}) if report["watch"] else ()
    others: dict[str, Any] = {"kept_back": [], "timers": {}}
    reboot = updates.evaluate(name, {"reboot": report["reboot"] or [], **others})
    for result in (*alerts, *reboot):
        text = result.detail.removeprefix(f"{name}: ")
        yield result.verdict, Remark(server=name, text=text, command=result.remedy)
