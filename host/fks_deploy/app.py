"""The command line of `bin/deploy`."""

import argparse
import getpass
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

from . import bundle, order
from .activation import Limits
from .deployment import Deployment
from .errors import DeployError, InputError, InterruptedDeployError, LockHeldError
from .lock import deploy_lock
from .output import Output
from .paths import Paths
from .redact import Redactor
from .runner import Runner
from .shell import Shell

_EPILOG = """\
stdin is one JSON document: {"address": "<tailnet IPv4>",
"secrets": {"<role>": {"<NAME>": "<value>"}}, "dns_token": "<token>",
"registries": [{"server", "username", "password"}]}.
Exit 0: the release is in service. 1: it is not, the previous one was put back. 2: wrong input,
nothing was done. 75: another deploy runs. Details: /var/log/fks/deploy.log."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one deploy; returns the exit code."""
    options = _parser().parse_args(arguments)
    redact = Redactor(())
    try:
        digest = bundle.check_name(options.digest)
        wanted = order.parse(sys.stdin.read())
        redact = Redactor(wanted.secret_values())
        _deploy(options, digest, wanted, redact)
    except InputError as error:
        return _refuse(error, redact, 2)
    except LockHeldError as error:
        return _refuse(error, redact, 75)
    except (DeployError, OSError) as error:
        return _refuse(error, redact, 1)
    return 0


def _deploy(
    options: argparse.Namespace, digest: str, wanted: order.Order, redact: Redactor
) -> None:
    os.umask(0o022)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
        signal.signal(number, _interrupt)
    paths = Paths(options.root)
    limits = Limits(lock=options.lock_wait, healthy=options.healthy_wait, probe=options.probe_wait)
    output = Output(paths.log, redact)
    who = os.environ.get("SUDO_USER") or getpass.getuser()
    with deploy_lock(paths.lock, digest, who, limits.lock) as lock:
        shell = Shell(output, inherit=(lock,))
        signal.alarm(limits.total)
        deployment = Deployment(paths, shell, wanted, digest, limits, options.refresh_images)
        Runner(deployment, output, who).run()


def _interrupt(number: int, _frame: FrameType | None) -> None:
    """End the step at hand; later signals do not end the put-back."""
    for ignored in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
        signal.signal(ignored, signal.SIG_IGN)
    if number == signal.SIGALRM:
        raise InterruptedDeployError(f"took longer than {Limits.total // 60} minutes")
    raise InterruptedDeployError(f"stopped by {signal.Signals(number).name}")


def _refuse(error: Exception, redact: Redactor, code: int) -> int:
    # There may be nobody left to read it.
    with suppress(BrokenPipeError):
        print(redact(f"deploy: {error}"), file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="deploy",
        description="Bring one uploaded release into service on this server.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    limits = Limits()
    parser.add_argument("--digest", required=True, help="sha256 of the uploaded tar")
    parser.add_argument(
        "--refresh-images", action="store_true", help="ask the registry again for moving tags"
    )
    for name, default, what in (
        ("lock", limits.lock, "another deploy to end"),
        ("healthy", limits.healthy, "containers to be healthy"),
        ("probe", limits.probe, "each probe to pass"),
    ):
        help_text = f"seconds to wait for {what} (default {default:.0f})"
        parser.add_argument(f"--{name}-wait", type=float, default=default, help=help_text)
    parser.add_argument("--root", type=Path, default=Path("/"), help="work below this directory")
    return parser
