"""A command on another machine: `command:remote:Command`."""

from __future__ import annotations

from typing_extensions import override

from rehearsal.plugins.base import Call
from rehearsal.plugins.command.command import Command
from rehearsal.plugins.command.inputs import REMOTE_INPUTS, check_inputs, complete_connection
from rehearsal.plugins.values import Values


class RemoteCommand(Command):
    """`command:remote:Command`."""

    modelled = REMOTE_INPUTS

    @override
    def check(self, call: Call, news: Values) -> Values:
        check_inputs(call.type, news, self.modelled, required=("connection",))
        return complete_connection(news, "CommandInputs")

    @override
    def run(self, call: Call, text: str, inputs: Values, state: Values) -> Values:
        # A preview does not need paramiko, whose import takes half a second.
        from rehearsal.plugins.command.session import run_remote

        return run_remote(call, text, inputs, state)
