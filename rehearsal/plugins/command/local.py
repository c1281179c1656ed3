"""A command on this machine: `command:local:Command`."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import threading

from typing_extensions import override

from rehearsal.plugins.base import Call, ProviderError
from rehearsal.plugins.command.command import Command, previous_output
from rehearsal.plugins.command.inputs import COMMAND_INPUTS
from rehearsal.plugins.command.output import Output, quote
from rehearsal.plugins.values import Values

POLL_SECONDS = 0.1


def run_local(call: Call, text: str, inputs: Values, state: Values) -> Values:
    """Run one text in a shell; returns stdout and stderr."""
    output = Output(call, inputs.get("logging"))
    environment = os.environ | inputs.get("environment", {}) | previous_output(inputs, state)
    process = subprocess.Popen(
        ["/bin/sh", "-c", text],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    _send(process, inputs.get("stdin") or "")
    failure = _follow(call, process, output)
    output.close()
    if failure:
        raise ProviderError(f"{failure}: running {quote(text)}:\n{output.together()}")
    return {name: output.text(name) for name in ("stdout", "stderr")}


def _send(process: subprocess.Popen[bytes], text: str) -> None:
    assert process.stdin is not None
    pipe = process.stdin

    def write() -> None:
        # A command may end without having read its input.
        try:
            with pipe:
                pipe.write(text.encode())
        except BrokenPipeError:
            return

    threading.Thread(target=write, daemon=True).start()


def _follow(call: Call, process: subprocess.Popen[bytes], output: Output) -> str:
    """Read until both streams end, then wait; returns the failure, or an empty text."""
    selector = selectors.DefaultSelector()
    for name in ("stdout", "stderr"):
        selector.register(getattr(process, name), selectors.EVENT_READ, name)
    try:
        while selector.get_map():
            for key, _ in selector.select(POLL_SECONDS):
                data = os.read(key.fd, 65536)
                if data:
                    output.feed(key.data, data)
                else:
                    selector.unregister(key.fileobj)
            if call.cancelled.is_set():
                break
        if call.cancelled.is_set():
            process.kill()
        code = process.wait()
    finally:
        process.kill()
        process.wait()
        selector.close()
        for name in ("stdout", "stderr"):
            getattr(process, name).close()
    if code < 0:
        return f"signal: {signal.strsignal(-code) or -code}".lower()
    return f"exit status {code}" if code else ""


class LocalCommand(Command):
    """`command:local:Command`."""

    modelled = COMMAND_INPUTS

    @override
    def run(self, call: Call, text: str, inputs: Values, state: Values) -> Values:
        return run_local(call, text, inputs, state)
