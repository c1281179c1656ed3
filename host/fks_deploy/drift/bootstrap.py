"""What the steps of the bootstrap would change: their check is the only description of it."""

from collections.abc import Iterator, Sequence

from ..errors import DeployError
from ..shell import CommandFailedError
from .context import Context
from .deviation import BY_HAND, STEP, Deviation

# Seconds, for all steps
_CHECK_TIMEOUT = 120.0
# A step that would fail; what it found is the reason.
_FAILS = "step"


def deviations(context: Context) -> Iterator[Deviation]:
    """Error: DeployError while a bootstrap runs, and before the first one."""
    command = command_line(context, "--check")
    try:
        text = context.shell.run(command, name="bootstrap --check", timeout=_CHECK_TIMEOUT)
    except CommandFailedError as error:
        raise DeployError(error.lines[-1] if error.lines else str(error)) from error
    for line in text.splitlines():
        step, kind, name, expected, found = line.split("\t")
        repair = BY_HAND if kind == _FAILS else f"{STEP}{step}"
        yield Deviation(kind, name, expected, found, repair)


def command_line(context: Context, *options: str) -> Sequence[str]:
    """The bootstrap with the options of its last run, then `options`. Error: DeployError."""
    file = context.paths.bootstrap_options
    if not file.exists():
        raise DeployError(f"{file} is missing, the options of the bootstrap: run pulumi up")
    script = context.scripts / "bootstrap.sh"
    return [str(script), *file.read_text(encoding="utf-8").split(), *options]
