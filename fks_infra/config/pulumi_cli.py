"""Runs pulumi's own command, and others, to their end and never longer than a limit."""

import subprocess
from collections.abc import Sequence

from fks_infra.errors import OperatorError
from fks_infra.paths import PROJECT_ROOT

# A remote backend may answer slowly, or not at all.
SECONDS = 120.0
_GRACE = 5.0


def pulumi(*arguments: str, stdin: str = "", seconds: float = SECONDS) -> str:
    """Run pulumi in the project's directory and give its standard output; errors as of `run`."""
    return run(["pulumi", "--non-interactive", *arguments], stdin, seconds)


def run(command: Sequence[str], stdin: str = "", seconds: float = SECONDS) -> str:
    """The standard output; OperatorError where it fails, is missing, or takes more seconds."""
    shown = " ".join(word for word in command[:5] if word != "--non-interactive")
    with _start(command) as process:
        try:
            out, err = process.communicate(stdin, timeout=seconds)
        except subprocess.TimeoutExpired:
            raise OperatorError(
                f"{shown} ... did not end within {seconds:g} s and was stopped. Check that the "
                f"state's backend answers: pulumi whoami --verbose"
            ) from None
        finally:
            # Not by `subprocess.run`: it would wait for whatever else holds the output open.
            _stop(process)
    if process.returncode != 0:
        raise OperatorError(f"{shown} ... failed: {(err or out).strip()}")
    return out


def _start(command: Sequence[str]) -> "subprocess.Popen[str]":
    pipe = subprocess.PIPE
    try:
        return subprocess.Popen(
            command, cwd=PROJECT_ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True
        )
    except FileNotFoundError:
        raise OperatorError(f"{command[0]} is not installed, or not on the PATH.") from None


def _stop(process: "subprocess.Popen[str]") -> None:
    """End a command that is given up; what has ended is left alone."""
    if process.returncode is not None:
        return
    process.terminate()
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
