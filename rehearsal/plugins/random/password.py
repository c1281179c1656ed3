"""`RandomPassword` as pulumi-random 4.21 documents it: every changed input replaces it."""

from __future__ import annotations

import secrets
import string
from typing import Any

from typing_extensions import override

from rehearsal.plugins.base import (
    Call,
    CheckError,
    Diff,
    ProviderError,
    Resource,
    Stored,
    not_modelled,
    require_modelled,
)
from rehearsal.plugins.values import UNKNOWN, Secret, Values

SPECIAL = "!@#$%&*()-_=+[]{}<>:?"
DEFAULTS: Values = {
    **dict.fromkeys(("lower", "number", "numeric", "special", "upper"), True),
    **dict.fromkeys(("minLower", "minNumeric", "minSpecial", "minUpper"), 0),
}
INPUTS = ("length", "special")


def _outputs(inputs: Values, result: Any, bcrypt_hash: Any) -> Values:
    return {**DEFAULTS, **inputs, "result": Secret(result), "bcryptHash": Secret(bcrypt_hash)}


def _hash(result: str) -> str:
    import bcrypt

    # bcrypt reads 72 bytes.
    return bcrypt.hashpw(result.encode()[:72], bcrypt.gensalt()).decode()


class RandomPassword(Resource):
    """`random:index/randomPassword:RandomPassword`, of letters, digits and special characters."""

    @override
    def check(self, call: Call, news: Values) -> Values:
        require_modelled(call.type, news, INPUTS)
        length = news.get("length")
        if isinstance(length, int) and length < 1:
            raise CheckError(("length", f"length is {length}: give 1 or more"))
        return news

    @override
    def diff(self, call: Call, old: Stored, news: Values) -> Diff:
        olds, news = {**DEFAULTS, **old.inputs}, {**DEFAULTS, **news}
        changed = [name for name in INPUTS if olds.get(name) != news.get(name)]
        return Diff(diffs=changed, replaces=changed)

    @override
    def create(self, call: Call, inputs: Values) -> tuple[str, Values]:
        if call.preview:
            return "", _outputs(inputs, UNKNOWN, UNKNOWN)
        characters = string.ascii_letters + string.digits
        characters += SPECIAL if inputs.get("special", True) else ""
        result = "".join(secrets.choice(characters) for _ in range(inputs["length"]))
        return "none", _outputs(inputs, result, _hash(result))

    @override
    def read(self, call: Call, old: Stored) -> tuple[Values, Values] | None:
        """At an import the id is the password, and neither id nor input in the state has it."""
        if old.outputs:
            return old.outputs, old.inputs
        inputs = {"length": len(old.id)}
        return {**_outputs(inputs, old.id, _hash(old.id)), "id": "none"}, inputs

    @override
    def update(self, call: Call, old: Stored, news: Values) -> Values:
        raise ProviderError(not_modelled("an update in place; every change replaces a password"))
