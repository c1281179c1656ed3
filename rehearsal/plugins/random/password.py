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
        import bcrypt

        characters = string.ascii_letters + string.digits
        characters += SPECIAL if inputs.get("special", True) else ""
        result = "".join(secrets.choice(characters) for _ in range(inputs["length"]))
        # bcrypt reads 72 bytes.
        hashed = bcrypt.hashpw(result.encode()[:72], bcrypt.gensalt()).decode()
        return "none", _outputs(inputs, result, hashed)

    @override
    def update(self, call: Call, old: Stored, news: Values) -> Values:
        raise ProviderError(not_modelled("an update in place; every change replaces a password"))
