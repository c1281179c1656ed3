"""One command over an SSH connection."""

from __future__ import annotations

import select
import threading
from collections.abc import Mapping

import paramiko

from rehearsal.plugins.base import Call, ProviderError
from rehearsal.plugins.command.command import previous_output
from rehearsal.plugins.command.output import Output, quote
from rehearsal.plugins.command.ssh import dial
from rehearsal.plugins.command.transport import Transport, exit_failure
from rehearsal.plugins.values import Values

CHUNK = 65536
UNACCEPTED = (
    "Unable to set '{name}'. This only works if your SSH server is configured to accept\n"
    "\tthese variables via AcceptEnv. Alternatively, if a Bash-like shell runs the command on "
    "the remote host, you could\n"
    "\tprefix the command itself with the variables in the form 'VAR=value command'"
)


def run_remote(call: Call, text: str, inputs: Values, state: Values) -> Values:
    """Run one text in the user's login shell; returns stdout and stderr."""
    output = Output(call, inputs.get("logging"))
    with dial(call, inputs["connection"]) as transport:
        channel = transport.open_session()
        _set_variables(call, transport, channel, inputs, state)
        channel.exec_command(text)
        _send(channel, inputs.get("stdin") or "")
        _follow(channel, output)
        failure = exit_failure(channel)
    output.close()
    if failure:
        raise ProviderError(f"{failure}: running {quote(text)}:\n{output.together()}")
    return {name: output.text(name) for name in ("stdout", "stderr")}


def _set_variables(
    call: Call, transport: Transport, channel: paramiko.Channel, inputs: Values, state: Values
) -> None:
    """Set variables; the server may reject those of the last run only."""
    environment: Mapping[str, str] = inputs.get("environment") or {}
    for name, value in environment.items():
        if not transport.set_variable(channel, name, value):
            call.log("error", UNACCEPTED.format(name=name))
            raise ProviderError(f'could not set environment variable "{name}": ssh: setenv failed')
    for name, value in previous_output(inputs, state).items():
        if not transport.set_variable(channel, name, value):
            call.log("warning", UNACCEPTED.format(name=name))


def _send(channel: paramiko.Channel, text: str) -> None:
    def write() -> None:
        # A command may end without having read its input.
        try:
            channel.sendall(text.encode())
            channel.shutdown_write()
        except OSError:
            return

    threading.Thread(target=write, daemon=True).start()


def _follow(channel: paramiko.Channel, output: Output) -> None:
    """Read both streams, in the order of arrival, until the channel ends."""
    while True:
        ended = channel.eof_received or channel.closed
        while channel.recv_ready() or channel.recv_stderr_ready():
            if channel.recv_ready():
                output.feed("stdout", channel.recv(CHUNK))
            if channel.recv_stderr_ready():
                output.feed("stderr", channel.recv_stderr(CHUNK))
        if ended:
            return
        select.select([channel], [], [])
