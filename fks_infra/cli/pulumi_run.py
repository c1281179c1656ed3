"""Runs `pulumi up` with this terminal, and waits until it has ended."""

import shlex
import signal
import subprocess
import sys
from collections.abc import Sequence

from fks_infra.errors import OperatorError
from fks_infra.paths import PROJECT_ROOT


def run(command: Sequence[str]) -> int:
    """The exit code. Ctrl-C is for the engine, which ends what it has begun."""
    # A handler, because the child would inherit that a signal is ignored.
    # pulumi writes to the same place.
    sys.stdout.flush()
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        with subprocess.Popen(command, cwd=PROJECT_ROOT) as process:
            return process.wait()
    except FileNotFoundError:
        shown = shlex.join(command)
        raise OperatorError(f"pulumi is not on the PATH, so this did not run: {shown}") from None
    finally:
        signal.signal(signal.SIGINT, before)
