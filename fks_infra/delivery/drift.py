"""The outcome of the nightly preview, and the one issue that shows drift."""

import json
from enum import StrEnum

from fks_infra.clouds.github import GitHub
from fks_infra.clouds.retry import DEFAULT, RetryPolicy, retry
from fks_infra.delivery.comments import is_own, marker

BUSY = (
    "Drift is unknown: an update of the stack was in progress, or one was interrupted and left "
    "pending operations (pulumi up repairs that).\n"
)
TITLE = "The clouds differ from the program"
_NAME = "drift"
_SOLVED = "\n\nThe preview of {date} found no difference any more.\n"


class Outcome(StrEnum):
    """SAME: nothing to change. DRIFT: the next `up` would change something. UNKNOWN: the preview
    did not end, so neither is known.
    """

    SAME = "same"
    DRIFT = "drift"
    UNKNOWN = "unknown"


# As of `fks doctor`: 2 if the check could not run.
EXIT_CODES = {Outcome.SAME: 0, Outcome.DRIFT: 1, Outcome.UNKNOWN: 2}


def is_busy(before: str, after: str) -> bool:
    """Whether an update ran meanwhile, from two outputs of `pulumi stack export`.

    A preview takes no lock in a bucket or a directory as backend. An update writes the state after
    each step, and lists the steps that have not ended.
    """
    first, last = (json.loads(state).get("deployment") or {} for state in (before, after))
    if first.get("pending_operations") or last.get("pending_operations"):
        return True
    return bool(first.get("manifest") != last.get("manifest"))


def report(
    github: GitHub, outcome: Outcome, text: str, date: str, policy: RetryPolicy = DEFAULT
) -> str:
    """Open, update or close the issue; returns its URL, empty if nothing was to be done.

    UNKNOWN leaves an issue as it is. Raises RejectedError, UnavailableError; each attempt is one
    change at most, so nothing is half done.
    """
    if outcome is Outcome.UNKNOWN:
        return ""
    return retry(lambda: _report(github, outcome, text, date), policy)


def _report(github: GitHub, outcome: Outcome, text: str, date: str) -> str:
    rows = github.pages("/issues", state="open")
    own = [row for row in rows if is_own(row, _NAME) and "pull_request" not in row]
    body = f"{marker(_NAME)}\n{text}"
    if outcome is Outcome.DRIFT and not own:
        return str(github.call("POST", "/issues", {"title": TITLE, "body": body})["html_url"])
    if not own:
        return ""
    change = {"body": body}
    if outcome is Outcome.SAME:
        solved = _SOLVED.format(date=date)
        change = {"body": own[0]["body"] + solved, "state": "closed", "state_reason": "completed"}
    return str(github.call("PATCH", f"/issues/{own[0]['number']}", change)["html_url"])
