"""A file on another machine: `command:remote:CopyToRemote`."""

from __future__ import annotations

import secrets

from typing_extensions import override

from rehearsal.plugins.base import Call, Diff, Resource, Stored
from rehearsal.plugins.command.diff import diff
from rehearsal.plugins.command.inputs import (
    COPY_INPUTS,
    check_inputs,
    check_source,
    complete_connection,
)
from rehearsal.plugins.command.recorded import records_commands
from rehearsal.plugins.values import Values, plain


class CopyToRemote(Resource):
    """Copies when content or path change; does not remove files."""

    @override
    def check(self, call: Call, news: Values) -> Values:
        check_inputs(call.type, news, COPY_INPUTS, required=("connection", "source", "remotePath"))
        check_source(news["source"])
        return complete_connection(news, "CopyToRemoteInputs")

    @override
    def diff(self, call: Call, old: Stored, news: Values) -> Diff:
        return diff(old.inputs, news)

    @override
    def create(self, call: Call, inputs: Values) -> tuple[str, Values]:
        if call.preview:
            return "", inputs
        _copy(call, plain(inputs))
        return secrets.token_hex(4), inputs

    @override
    def update(self, call: Call, old: Stored, news: Values) -> Values:
        if not call.preview:
            before, new = plain(old.outputs), plain(news)
            hashes = [values["source"].fields["hash"] for values in (before, new)]
            if hashes[0] != hashes[1] or before["remotePath"] != new["remotePath"]:
                _copy(call, new)
        return news


def _copy(call: Call, inputs: Values) -> None:
    if records_commands():
        return
    # A preview does not need paramiko, whose import takes half a second.
    from rehearsal.plugins.command.sftp import copy

    copy(call, inputs)
