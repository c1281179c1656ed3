"""The stand-in host ends the program of a failed update as the real host does."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.contract.harness import STACK, Engine

pytestmark = pytest.mark.contract

# The engine rejects the change of the length while the program waits for it.
PROGRAM = """
import pulumi
import pulumi_random

{prologue}
length = pulumi.Config().require_int("length")
options = pulumi.ResourceOptions({options})
pulumi_random.RandomPassword("secret", length=length, opts=options)
"""
IGNORE = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
EXIT = "import os, signal; signal.signal(signal.SIGINT, lambda *_: os._exit(130))"
FAILING_HOOK = """
def fail_at_change(args):
    if args.new_inputs["length"] == 9:
        raise Exception("nine is too long")

hook = pulumi.ResourceHook("fail-at-change", fail_at_change)
"""
PROTECTED, HOOKED = "protect=True", "hooks=pulumi.ResourceHookBinding(before_create=[hook])"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An engine with the stand-in of the language host on PATH."""
    return Engine.create(tmp_path_factory.mktemp("engine"))


def rejected(
    engine: Engine, name: str, prologue: str, options: str = PROTECTED
) -> tuple[str, list[str]]:
    """Run a program, then its rejected change: the second output, and the recorded statuses."""
    directory = engine.stack(name).directory
    (directory / "__main__.py").write_text(PROGRAM.format(prologue=prologue, options=options))
    up(engine, directory, 8).check_returncode()
    done = up(engine, directory, 9)
    assert done.returncode != 0
    assert ("nine is too long" if options == HOOKED else "marked for protection") in done.stdout
    return done.stdout, (directory / "status").read_text().split()


def up(engine: Engine, directory: Path, length: int) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": f"{engine.directory}/bin:/usr/bin:/bin",
        "FKS_PROGRAM_STATUS": str(directory / "status"),
    }
    arguments = ["up", "--yes", "--skip-preview", "--stack", STACK, "--config", f"length={length}"]
    return engine.call(directory, arguments, environment, timeout=60)


def test_a_program_that_exits_at_the_signal_is_quiet(engine: Engine) -> None:
    output, statuses = rejected(engine, "exits", EXIT)
    assert statuses == ["0", "130"]
    assert "Traceback" not in output


def test_a_failing_hook_is_as_quiet(engine: Engine) -> None:
    output, statuses = rejected(engine, "hook", EXIT + FAILING_HOOK, HOOKED)
    assert statuses == ["0", "130"]
    assert "KeyboardInterrupt" not in output


def test_a_program_without_a_handler_does_not_exit_at_the_signal(engine: Engine) -> None:
    # Whether its traceback arrives before the engine stops to read depends on the timing.
    _, statuses = rejected(engine, "default", "")
    assert "130" not in statuses


def test_a_program_that_ignores_the_signal_is_killed(engine: Engine) -> None:
    _, statuses = rejected(engine, "ignores", IGNORE)
    assert statuses[1:] in ([], ["-9"])
