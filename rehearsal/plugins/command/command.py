"""The common part of local and remote Command: which text runs when, and what is stored."""

from __future__ import annotations

import secrets
from abc import abstractmethod
from collections.abc import Collection

from typing_extensions import override

from rehearsal.plugins.base import Call, Diff, Resource, Stored
from rehearsal.plugins.command.diff import diff
from rehearsal.plugins.command.inputs import check_inputs
from rehearsal.plugins.command.recorded import recorded_outputs, records_commands
from rehearsal.plugins.values import UNKNOWN, Values, plain

PREVIOUS = {"PULUMI_COMMAND_STDOUT": "stdout", "PULUMI_COMMAND_STDERR": "stderr"}


def previous_output(inputs: Values, state: Values) -> dict[str, str]:
    """The variables with the last run's output; empty ones are left out."""
    if inputs.get("addPreviousOutputInEnv") is False:
        return {}
    return {name: state[key] for name, key in PREVIOUS.items() if state.get(key)}


class Command(Resource):
    """A command that runs on create and again on any change, and one that runs on delete."""

    modelled: Collection[str]

    @abstractmethod
    def run(self, call: Call, text: str, inputs: Values, state: Values) -> Values:
        """Run one text with these plain inputs; returns the outputs, or raises."""

    @override
    def check(self, call: Call, news: Values) -> Values:
        check_inputs(call.type, news, self.modelled)
        return news

    @override
    def diff(self, call: Call, old: Stored, news: Values) -> Diff:
        return diff(old.inputs, news)

    @override
    def create(self, call: Call, inputs: Values) -> tuple[str, Values]:
        name = call.name + secrets.token_hex(4)
        return name, self._apply(call, inputs, {})

    @override
    def update(self, call: Call, old: Stored, news: Values) -> Values:
        return self._apply(call, news, old.outputs)

    @override
    def delete(self, call: Call, old: Stored) -> None:
        kept = plain(old.outputs)
        if kept.get("delete") is not None:
            self.run(call, kept["delete"], kept, kept)

    def _apply(self, call: Call, inputs: Values, state: Values) -> Values:
        if call.preview:
            return {**inputs, "stdout": UNKNOWN, "stderr": UNKNOWN}
        outputs = {name: state.get(name, "") for name in ("stdout", "stderr")}
        given = plain(inputs)
        if given.get("create") is not None:
            text = given["create"]
            outputs = (
                recorded_outputs(text)
                if records_commands()
                else self.run(call, text, given, plain(state))
            )
        return {**inputs, **outputs}
