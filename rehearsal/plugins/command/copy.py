"""Copies over SFTP: `command:remote:CopyToRemote`."""

from __future__ import annotations

import secrets
from typing import Any

from typing_extensions import override

from rehearsal.plugins.base import Call, Diff, Resource
from rehearsal.plugins.command.diff import diff
from rehearsal.plugins.command.inputs import (
    COPY_INPUTS,
    check_source,
    check_types,
    complete_connection,
)
from rehearsal.plugins.values import Archive, Secret, Values, plain


class CopyToRemote(Resource):
    """`command:remote:CopyToRemote`: copies when content or path change, and never removes."""

    @override
    def check(self, call: Call, olds: Values, news: Values) -> Values:
        check_types(news, COPY_INPUTS, required=("connection", "source", "remotePath"))
        check_source(news["source"])
        return complete_connection(news, "CopyToRemoteInputs")

    @override
    def diff(self, call: Call, id: str, state: Values, old_inputs: Values, news: Values) -> Diff:
        return diff(old_inputs, news)

    @override
    def create(self, call: Call, inputs: Values) -> tuple[str, Values]:
        if call.preview:
            return "", inputs
        _copy(call, plain(inputs))
        return secrets.token_hex(4), inputs

    @override
    def update(
        self, call: Call, id: str, state: Values, old_inputs: Values, news: Values
    ) -> Values:
        if not call.preview:
            olds, wanted = plain(state), plain(news)
            hashes = (olds["source"].fields["hash"], wanted["source"].fields["hash"])
            if hashes[0] != hashes[1] or olds["remotePath"] != wanted["remotePath"]:
                _copy(call, wanted)
        return news

    @override
    def read(
        self, call: Call, id: str, state: Values, inputs: Values
    ) -> tuple[Values, Values] | None:
        return _forget_path(state), _forget_path(inputs)


def _forget_path(values: Values) -> Values:
    """What a refresh makes of an archive: its path is lost, its hash stays."""
    return {**values, "source": _without_path(values["source"])}


def _without_path(source: Any) -> Any:
    match source:
        case Secret():
            return Secret(_without_path(source.value))
        case Archive():
            return Archive({"assets": {}, "hash": source.fields["hash"]})
    return source


def _copy(call: Call, inputs: Values) -> None:
    # SSH takes half a second to import, and a preview does without.
    from rehearsal.plugins.command.sftp import copy

    copy(call, inputs)
