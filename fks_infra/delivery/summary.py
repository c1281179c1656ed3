"""The summary of a workflow's run, which GitHub shows on the run's page."""

import sys
from collections.abc import Mapping
from pathlib import Path

VARIABLE = "GITHUB_STEP_SUMMARY"
# GitHub rejects a step's summary of more than 1 MiB as a whole.
_LIMIT = 1_000_000
_CUT = "\n\nCut: GitHub shows at most 1 MiB.\n"


def append(environ: Mapping[str, str], text: str) -> None:
    """Add Markdown to the summary; outside a workflow print it."""
    cut = _fitting(text)
    if VARIABLE not in environ:
        sys.stdout.write(cut)
        return
    with Path(environ[VARIABLE]).open("a", encoding="utf-8") as file:
        file.write(cut.rstrip("\n") + "\n\n")


def run_url(environ: Mapping[str, str]) -> str:
    """The page of this run; outside a workflow a description."""
    names = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")
    if not all(environ.get(name) for name in names):
        return "the run's summary"
    server, repository, run = (environ[name] for name in names)
    return f"{server}/{repository}/actions/runs/{run}"


def _fitting(text: str) -> str:
    if len(text.encode()) <= _LIMIT:
        return text
    return text.encode()[: _LIMIT - len(_CUT)].decode(errors="ignore") + _CUT
