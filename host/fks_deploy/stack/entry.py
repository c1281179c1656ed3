"""The line of the journal for a start or a stop of stacks."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .. import interrupts, journal
from ..output import now
from ..step_report import StepReport
from .session import Session

_WIDTH = len("cleanup")


@contextmanager
def recorded(session: Session, kind: str, **more: Any) -> Iterator[StepReport]:
    """Append the line when the block ends, also after an error: {"time", "who", "kind": start,
    stop or cleanup, "roles", "reason", "text": both in words, "digest", "steps", "result": ok or
    failed, "seconds", and "error" after a failure}."""
    report = StepReport(session.output, _WIDTH)
    started = time.monotonic()
    entry: dict[str, Any] = {
        "time": now(),
        "who": session.who,
        "kind": kind,
        "roles": list(session.roles),
        "reason": session.reason,
        "text": _text(session),
        "digest": session.compose.release.digest,
        **more,
        "steps": report.entries,
        "result": "ok",
    }
    try:
        yield report
    except BaseException as error:
        interrupts.ignore()
        entry |= {"result": "failed", "error": str(error) or type(error).__name__}
        raise
    finally:
        entry["seconds"] = round(time.monotonic() - started, 1)
        _append(session, entry)


def _text(session: Session) -> str:
    reason = f" ({session.reason})" if session.reason else ""
    return f"{', '.join(session.roles)}{reason}"


def _append(session: Session, entry: dict[str, Any]) -> None:
    try:
        journal.append(session.paths.journal, entry, session.output.redact)
    except OSError as error:
        session.output.show(f"the journal cannot be written: {error}")
