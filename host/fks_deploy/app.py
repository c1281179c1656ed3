"""The command line of `bin/deploy`."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from . import bundle, caller, deploy_request, disk_space, interrupts, stack_lock
from .deploy_request import DeployRequest
from .deployment import Deployment
from .errors import DeployError, InputError, LockBusyError, StackLockedError
from .lock import deploy_lock
from .output import Output
from .paths import Paths
from .redact import Redactor
from .rotation import previous
from .runner import Runner
from .shell import Shell
from .terminal import print_line
from .timeouts import Timeouts

_EPILOG = """\
stdin is one JSON document: {"address": "<tailnet IPv4>",
"secrets": {"<role>": {"<NAME>": "<value>"}}, "acme_dns_token": "<token>",
"acme_account": {"key_id", "hmac_key"} or missing, "alert_webhook": "<URL>" or "",
"registries": [{"server", "username", "password"}],
"backup": {"stack", "password", "repository", ...} or missing}.
Exit 0: the release is in service. 1: it is not; if the service had been changed, a rollback
followed. 2: invalid input, nothing was changed. 75: another deploy runs, or the stack
is locked (`fks lock`).
Details: /var/log/fks/deploy.log."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one deploy; returns the exit code."""
    options = _parser().parse_args(arguments)
    redact = Redactor(())
    try:
        digest = bundle.check_digest(options.digest)
        request = deploy_request.parse(sys.stdin.read())
        old = previous.stored(Paths(options.root))
        redact = Redactor([*request.secret_values(), *old])
        _deploy(options, digest, request, redact)
    except InputError as error:
        return _fail(error, redact, 2)
    except (LockBusyError, StackLockedError) as error:
        return _fail(error, redact, 75)
    except DeployError as error:
        return _fail(error, redact, 1)
    except OSError as error:
        return _fail(disk_space.explained(error), redact, 1)
    return 0


def _deploy(
    options: argparse.Namespace, digest: str, request: DeployRequest, redact: Redactor
) -> None:
    os.umask(0o022)
    interrupts.catch()
    paths = Paths(options.root)
    timeouts = Timeouts(
        lock=options.lock_wait, healthy=options.healthy_wait, probe=options.probe_wait
    )
    output = Output(paths.log, redact)
    user = caller.name()
    with deploy_lock(paths.lock, digest, user, timeouts.lock) as lock:
        stack_lock.check(paths)
        shell = Shell(output, inherit=(lock,))
        signal.alarm(timeouts.deploy)
        refresh = options.refresh_images
        deployment = Deployment(paths, shell, request, digest, timeouts, refresh_images=refresh)
        Runner(deployment, output, user).run()


def _fail(error: Exception, redact: Redactor, code: int) -> int:
    print_line(redact(f"deploy: {error}"), sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="deploy",
        description="Put one uploaded release into service on this server.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    timeouts = Timeouts()
    parser.add_argument("--digest", required=True, help="SHA-256 of the uploaded tar")
    parser.add_argument(
        "--refresh-images", action="store_true", help="pull again what the image tags refer to now"
    )
    for name, default, what in (
        ("lock", timeouts.lock, "another deploy to end"),
        ("healthy", timeouts.healthy, "containers to become healthy"),
        ("probe", timeouts.probe, "each probe to pass"),
    ):
        help_text = f"seconds to wait for {what} (default {default:.0f})"
        parser.add_argument(f"--{name}-wait", type=float, default=default, help=help_text)
    parser.add_argument("--root", type=Path, default=Path("/"), help="directory to use as /")
    return parser
