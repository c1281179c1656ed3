"""Runs `fks impact` in a job: every answer of it is a text, also that it cannot tell."""

import subprocess
import sys
from dataclasses import dataclass

from fks_infra.paths import PROJECT_ROOT

# Nothing, changes without downtime, with downtime, with loss of data or servers.
ANSWERS = frozenset({0, 10, 11, 12})
CANNOT_TELL = 2
_SECONDS = 900.0
_REASON_LENGTH = 2000


@dataclass(frozen=True, kw_only=True)
class Impact:
    """Markdown, and 0, 10, 11, 12, or 2 where `fks impact` cannot tell."""

    text: str
    code: int


def impact(base: str, stack: str, *, engine: bool) -> Impact:
    """What the work tree would change against the commit `base`, for one stack."""
    fks = [sys.executable, "-m", "fks_infra.cli"]
    command = [*fks, "impact", "--base", base, "--stack", stack, "--markdown"]
    try:
        done = subprocess.run(
            [*command, *(["--engine"] if engine else [])],
            cwd=PROJECT_ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return _unknown(f"fks impact: {error}")
    if done.returncode in ANSWERS:
        return Impact(text=done.stdout, code=done.returncode)
    return _unknown(done.stderr.strip() or f"fks impact ended with {done.returncode}")


def _unknown(reason: str) -> Impact:
    """The reason as a code block, so that nothing in it is Markdown."""
    shown = reason[-_REASON_LENGTH:].replace("```", "'''")
    text = f"**Cannot tell what this changes.** `fks impact` says:\n\n```\n{shown}\n```\n"
    return Impact(text=text, code=CANNOT_TELL)
