"""Runs a command on a server: over SSH, or without a key on the server itself."""

import subprocess
from collections.abc import Generator
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from fks_infra.remote.inventory import DeployedServer
from fks_infra.remote.ssh import command_line

# Seconds
CONNECT_SECONDS = 5.0
_KILL_AFTER = 5.0


def output_of(
    server: DeployedServer,
    key: Path | None,
    command: str,
    seconds: float,
    connect: float | None = None,
) -> str:
    """The command's standard output. Raises OSError with the last line that ssh printed.

    `seconds` limits all of it, `connect` the connection (also `seconds` without it).
    """
    arguments = command_line(server, key, command, connect or seconds)
    # A file, here and below: before OpenSSH 8.5 the connection that stays open keeps a pipe open.
    with TemporaryFile("w+", errors="replace") as errors:
        try:
            done = subprocess.run(
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise OSError(f"no answer within {seconds:g} s") from None
        _raise_error(done.returncode, errors)
    return done.stdout


def lines_of(server: DeployedServer, key: Path | None, command: str) -> Generator[str, None, None]:
    """The lines of the command's standard output, each as soon as it is complete.

    Standard input stays open until the iterator is closed: a command that ends at its end leaves no
    process on the server. Raises OSError with the last line that ssh printed.
    """
    arguments = command_line(server, key, command, CONNECT_SECONDS)
    with TemporaryFile("w+", errors="replace") as errors:
        with subprocess.Popen(
            arguments,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            encoding="utf-8",
            errors="replace",
            # Ctrl-C is for `fks`, which then closes the input.
            start_new_session=True,
        ) as process:
            try:
                yield from process.stdout or ()
            finally:
                _end(process)
        _raise_error(process.returncode, errors)


def interactive(server: DeployedServer, key: Path | None, command: str, *, terminal: bool) -> int:
    """Run a command, the shell if it is empty, with this process's input and output.

    Returns the command's exit code; 255 is also that of ssh's own errors, which ssh prints. Raises
    OSError without a host key.
    """
    arguments = command_line(server, key, command, CONNECT_SECONDS, terminal=terminal)
    return subprocess.run(arguments, check=False).returncode


def _end(process: "subprocess.Popen[str]") -> None:
    """End the input, and then ssh where the command did not end."""
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(_KILL_AFTER)
    except subprocess.TimeoutExpired:
        process.kill()


def _raise_error(code: int, errors: IO[str]) -> None:
    if code != 0:
        errors.seek(0)
        lines = errors.read().strip().splitlines() or [f"exit code {code}"]
        raise OSError(lines[-1])
