"""Runs `fks impact` in a job: every result is a text, also that the impact is unknown."""

import subprocess
import sys
from dataclasses import dataclass
from tempfile import NamedTemporaryFile

from fks_infra.paths import PROJECT_ROOT

# Nothing, changes without downtime, with downtime, with loss of data or servers.
RESULTS = frozenset({0, 10, 11, 12})
UNKNOWN = 2
_SECONDS = 900.0
_REASON_LENGTH = 2000


@dataclass(frozen=True, kw_only=True)
class Impact:
    """Markdown for a comment, the rest that has no room there, and 0, 10, 11, 12, or 2 where the
    impact is unknown.
    """

    text: str
    code: int
    rest: str = ""


def impact(base: str, stack: str, *, engine: bool) -> Impact:
    """What the work tree would change against the commit `base`, for one stack."""
    fks = [sys.executable, "-m", "fks_infra.cli"]
    command = [*fks, "impact", "--base", base, "--stack", stack, "--markdown"]
    with NamedTemporaryFile("r", encoding="utf-8", prefix="fks-impact-") as rest:
        command += ["--rest", rest.name, *(["--engine"] if engine else [])]
        try:
            done = _run(command)
        except (OSError, subprocess.TimeoutExpired) as error:
            return _unknown(f"fks impact: {error}")
        if done.returncode in RESULTS:
            return Impact(text=done.stdout, code=done.returncode, rest=rest.read())
    return _unknown(done.stderr.strip() or f"fks impact ended with {done.returncode}")


def _run(command: list[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False, timeout=_SECONDS
    )


def _unknown(reason: str) -> Impact:
    """The reason as a code block, so that nothing in it is Markdown."""
    shown = reason[-_REASON_LENGTH:].replace("```", "'''")
    text = f"**The impact is unknown.** `fks impact` ended with:\n\n```\n{shown}\n```\n"
    return Impact(text=text, code=UNKNOWN)
