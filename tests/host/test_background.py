import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from host.fks_deploy import interrupts
from host.fks_deploy.background import Background
from host.fks_deploy.certbot import NotIssuedError
from host.fks_deploy.errors import DeployError, InterruptedDeployError


def started(function: Callable[[], str]) -> Background:
    background = Background("certificates", function)
    background.start()
    return background


def test_the_value_of_the_function_is_returned() -> None:
    assert started(lambda: "issued: api").result() == "issued: api"


@pytest.mark.parametrize("error", [NotIssuedError("no answer"), FileNotFoundError(2, "missing")])
def test_the_error_of_the_function_is_raised(error: Exception) -> None:
    def fail() -> str:
        raise error

    with pytest.raises(type(error)) as raised:
        started(fail).result()
    assert raised.value.args == error.args


def test_a_process_that_is_killed_is_an_error() -> None:
    def die() -> str:
        os.kill(os.getpid(), signal.SIGKILL)
        return ""

    background = started(die)
    with pytest.raises(DeployError, match="the process of certificates ended without a result"):
        background.result()


def test_after_the_failure_of_another_step_the_function_is_completed(tmp_path: Path) -> None:
    def slow() -> str:
        time.sleep(0.3)
        (tmp_path / "done").touch()
        return ""

    started(slow).close(DeployError("pull failed"))
    assert (tmp_path / "done").exists()


def test_a_stopped_deploy_ends_the_function_by_its_reaction_to_signals(tmp_path: Path) -> None:
    def endless() -> str:
        interrupts.catch()
        (tmp_path / "started").touch()
        try:
            time.sleep(60)
        finally:
            (tmp_path / "ended").touch()
        return ""

    background = started(endless)
    while not (tmp_path / "started").exists():
        time.sleep(0.01)
    background.close(InterruptedDeployError("stopped by SIGTERM"))
    assert (tmp_path / "ended").exists()


def test_one_that_was_not_started_needs_no_end() -> None:
    Background("certificates", lambda: "").close(DeployError("login failed"))
