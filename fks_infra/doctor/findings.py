"""The results of checks: four verdicts, and how to fix what is wrong."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum


class Verdict(StrEnum):
    """OK; WARNING: it works today, but is deprecated, slower than it should be or may be wrong;
    PROBLEM: it is wrong; UNKNOWN: the check could not decide.
    """

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """One result of a check; the remedy is a command or the path through a console."""

    verdict: Verdict
    detail: str
    remedy: str = ""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A result with the name of its check, as it is displayed."""

    check: str
    verdict: Verdict
    detail: str
    remedy: str

    @classmethod
    def of(cls, check: str, result: CheckResult) -> "Finding":
        """Add the check's name to its result."""
        return cls(check=check, verdict=result.verdict, detail=result.detail, remedy=result.remedy)

    def document(self) -> dict[str, str]:
        """As JSON: {"check", "verdict", "detail", "remedy"}."""
        return {key: str(value) for key, value in asdict(self).items()}


def grouped(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, with one for all checks that the same cause makes unknown: `check` lists them.

    The place of a group is that of its first check.
    """
    groups: dict[object, Finding] = {}
    for number, finding in enumerate(findings):
        unknown_alike = (finding.detail, finding.remedy)
        key = unknown_alike if finding.verdict is Verdict.UNKNOWN else number
        first = groups.get(key)
        groups[key] = replace(first, check=f"{first.check}, {finding.check}") if first else finding
    return list(groups.values())


class InconclusiveError(Exception):
    """The check could not decide: `detail` says why, `remedy` how to make it possible."""

    def __init__(self, detail: str, remedy: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.remedy = remedy


def ok(detail: str) -> CheckResult:
    """As it should be."""
    return CheckResult(verdict=Verdict.OK, detail=detail)


def warning(detail: str, remedy: str = "") -> CheckResult:
    """It works, but see Verdict.WARNING."""
    return CheckResult(verdict=Verdict.WARNING, detail=detail, remedy=remedy)


def problem(detail: str, remedy: str) -> CheckResult:
    """Wrong, with the way to fix it."""
    return CheckResult(verdict=Verdict.PROBLEM, detail=detail, remedy=remedy)


def unknown(detail: str, remedy: str = "") -> CheckResult:
    """The check could not decide."""
    return CheckResult(verdict=Verdict.UNKNOWN, detail=detail, remedy=remedy)
