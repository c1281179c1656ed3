"""One comment per name on a pull request, edited in place."""

from collections.abc import Mapping
from typing import Any

from fks_infra.clouds.github import GitHub
from fks_infra.clouds.http import RejectedError
from fks_infra.clouds.retry import DEFAULT, RetryPolicy, retry


def marker(name: str) -> str:
    """The first line of a comment or an issue by which its next version is found."""
    return f"<!-- fks:{name} -->"


def is_own(row: Mapping[str, Any], name: str) -> bool:
    """Whether a bot wrote it under this name: a person may copy the marker."""
    is_bot = (row.get("user") or {}).get("type") == "Bot"
    return is_bot and str(row.get("body") or "").startswith(marker(name))


def upsert(github: GitHub, number: int, name: str, text: str, policy: RetryPolicy = DEFAULT) -> str:
    """Edit the comment of this name on a pull request, or create it; returns its URL.

    A repeated attempt lists the comments again: GitHub may have stored the one whose creation it
    answered with an error. Raises RejectedError, and UnavailableError after the last attempt.
    """
    body = {"body": f"{marker(name)}\n{text}"}
    return retry(lambda: _upsert(github, number, name, body), policy)


def _upsert(github: GitHub, number: int, name: str, body: Mapping[str, str]) -> str:
    path = f"/issues/{number}/comments"
    own = [row for row in github.pages(path) if is_own(row, name)]
    if own:
        row = github.call("PATCH", f"/issues/comments/{own[0]['id']}", body)
    else:
        row = github.call("POST", path, body)
    return str(row["html_url"])


def check_head(github: GitHub, number: int, commit: str) -> None:
    """RejectedError unless the pull request's newest commit is this one.

    The number comes from a run of the pull request's own code, which may name any other.
    """
    head = github.call("GET", f"/pulls/{number}")["head"]["sha"]
    if head != commit:
        raise RejectedError(
            f"Pull request {number} is at {head}, and the run was of {commit}",
            "Nothing was posted; the run of the newest commit posts its own text",
        )
