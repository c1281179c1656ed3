"""What a check says: it is well, something is wrong and how to mend it, or it cannot be told."""

from dataclasses import asdict, dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a check ended."""

    OK = "ok"
    PROBLEM = "problem"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One thing a check saw; the remedy is a command or the way through a console."""

    verdict: Verdict
    detail: str
    remedy: str = ""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The same with the name of its check, as it is shown."""

    check: str
    verdict: Verdict
    detail: str
    remedy: str

    @classmethod
    def of(cls, check: str, seen: Seen) -> "Finding":
        """Put the check's name to what it saw."""
        return cls(check=check, verdict=seen.verdict, detail=seen.detail, remedy=seen.remedy)

    def document(self) -> dict[str, str]:
        """As JSON: check, verdict, detail, remedy."""
        return {key: str(value) for key, value in asdict(self).items()}


class CannotTellError(Exception):
    """The check cannot be made; the text says why, `remedy` what would let it be made."""

    def __init__(self, detail: str, remedy: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.remedy = remedy


class RejectedError(CannotTellError):
    """A credential was turned away: a problem where it is examined, elsewhere only a reason."""


def ok(detail: str) -> Seen:
    """As it should be."""
    return Seen(verdict=Verdict.OK, detail=detail)


def problem(detail: str, remedy: str) -> Seen:
    """Wrong, and how to mend it."""
    return Seen(verdict=Verdict.PROBLEM, detail=detail, remedy=remedy)


def unknown(detail: str, remedy: str = "") -> Seen:
    """Not to be told from here."""
    return Seen(verdict=Verdict.UNKNOWN, detail=detail, remedy=remedy)
