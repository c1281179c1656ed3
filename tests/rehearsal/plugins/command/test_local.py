"""Local commands: input, output and failures."""

from __future__ import annotations

import threading

import pytest

from rehearsal.plugins.base import Call, ProviderError
from rehearsal.plugins.command.local import run_local


def call(*, cancelled: bool = False) -> Call:
    event = threading.Event()
    if cancelled:
        event.set()
    return Call(log=lambda *_args, **_options: None, cancelled=event)


def test_the_command_reads_its_input_and_environment() -> None:
    inputs = {"stdin": "in\n", "environment": {"FOO": "foo"}}
    outputs = run_local(call(), "cat; echo $FOO >&2", inputs, {})
    assert outputs == {"stdout": "in", "stderr": "foo"}


def test_an_unread_input_is_no_failure() -> None:
    assert run_local(call(), "true", {"stdin": "x" * 10**6}, {})["stdout"] == ""


def test_a_signal_is_named() -> None:
    with pytest.raises(ProviderError, match=r"^signal: killed: running "):
        run_local(call(), "kill -9 $$", {}, {})


def test_a_cancelled_command_is_killed() -> None:
    with pytest.raises(ProviderError, match=r"^signal: killed: running "):
        run_local(call(cancelled=True), "sleep 60", {}, {})
