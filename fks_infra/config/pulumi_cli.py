"""Runs the `pulumi` command, and others, with a time limit."""

import os
import subprocess
from collections.abc import Sequence
from importlib.metadata import version

from fks_infra.errors import OperatorError
from fks_infra.paths import PROJECT_ROOT

# A remote backend may be slow, or not answer at all.
SECONDS = 120.0
_KILL_AFTER = 5.0
# The CLI and its SDK have the same version numbers; requirements.txt pins the SDK's.
_INSTALL = {
    "pulumi": f"curl -fsSL https://get.pulumi.com | sh -s -- --version {version('pulumi')} "
    "(other ways: https://www.pulumi.com/docs/install/)",
    "ssh-keygen": "it belongs to OpenSSH's client; on Debian: apt-get install openssh-client",
    "age": "on Debian: apt-get install age (other ways: https://age-encryption.org)",
}


class CommandError(OperatorError):
    """A command ended with an error; `stderr` is what it printed there."""

    def __init__(self, message: str, stderr: str) -> None:
        super().__init__(message)
        self.stderr = stderr


def pulumi(*arguments: str, stdin: str = "", seconds: float = SECONDS) -> str:
    """Run pulumi in the project's directory and return its standard output; errors as of `run`."""
    return run(["pulumi", "--non-interactive", *arguments], stdin, seconds)


def run(command: Sequence[str], stdin: str = "", seconds: float = SECONDS) -> str:
    """Return the command's standard output.

    Raises CommandError if it fails, OperatorError if it is missing or exceeds the time limit.
    """
    shown = " ".join(part for part in command[:5] if part != "--non-interactive")
    with _start(command) as process:
        try:
            out, err = process.communicate(stdin, timeout=seconds)
        except subprocess.TimeoutExpired:
            raise OperatorError(
                f"{shown} ... did not end within {seconds:g} s and was stopped. Check that the "
                f"state's backend answers: pulumi whoami --verbose"
            ) from None
        finally:
            # `subprocess.run` would also wait for the command's children that keep a pipe open.
            _stop(process)
    if process.returncode != 0:
        raise CommandError(f"{shown} ... failed: {(err or out).strip()}{_hint(err)}", err)
    return out


def _start(command: Sequence[str]) -> "subprocess.Popen[str]":
    pipe = subprocess.PIPE
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        return subprocess.Popen(
            command,
            cwd=PROJECT_ROOT,
            env=environment,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            text=True,
        )
    except FileNotFoundError:
        raise OperatorError(_not_installed(command[0])) from None


def _hint(stderr: str) -> str:
    return "\nNext: pulumi stack ls" if "no stack named" in stderr else ""


def _not_installed(program: str) -> str:
    install = f" Install it: {_INSTALL[program]}" if program in _INSTALL else ""
    return f"{program} is not installed, or not on the PATH.{install}"


def _stop(process: "subprocess.Popen[str]") -> None:
    """Stop a command that has not ended."""
    if process.returncode is not None:
        return
    process.terminate()
    try:
        process.wait(_KILL_AFTER)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
