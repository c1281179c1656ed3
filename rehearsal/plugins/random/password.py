"""`RandomPassword` as pulumi-random 4.21 documents it: made once, and every input replaces it."""

from __future__ import annotations

import secrets
import string
from typing import Any

from typing_extensions import override

from rehearsal.plugins.base import Call, CheckError, Diff, Resource
from rehearsal.plugins.values import UNKNOWN, Secret, Values, has_unknown, plain

SPECIAL = "!@#$%&*()-_=+[]{}<>:?"
DEFAULTS: Values = {
    "lower": True,
    "minLower": 0,
    "minNumeric": 0,
    "minSpecial": 0,
    "minUpper": 0,
    "number": True,
    "numeric": True,
    "special": True,
    "upper": True,
}
# class of characters: the input that allows it, the input that demands some of it
CLASSES = {
    "lower": ("minLower", string.ascii_lowercase),
    "upper": ("minUpper", string.ascii_uppercase),
    "numeric": ("minNumeric", string.digits),
    "special": ("minSpecial", SPECIAL),
}
INPUTS = {*DEFAULTS, "keepers", "length", "overrideSpecial"}


def effective(inputs: Values) -> Values:
    """The inputs with defaults filled in; `number` is the old name of `numeric`."""
    values = {**DEFAULTS, **inputs}
    numeric = plain(inputs.get("numeric", inputs.get("number", True)))
    return {**values, "number": numeric, "numeric": numeric}


def generate(inputs: Values) -> str:
    """A password of the effective inputs, from the system's source of randomness."""
    everything, chosen = "", []
    for name, (minimum, characters) in CLASSES.items():
        if name == "special":
            characters = inputs.get("overrideSpecial") or characters
        if inputs[name]:
            everything += characters
        chosen += [secrets.choice(characters) for _ in range(inputs[minimum])]
    chosen += [secrets.choice(everything) for _ in range(inputs["length"] - len(chosen))]
    secrets.SystemRandom().shuffle(chosen)
    return "".join(chosen)


def _outputs(inputs: Values, result: Any, bcrypt_hash: Any) -> Values:
    return {**effective(inputs), "result": Secret(result), "bcryptHash": Secret(bcrypt_hash)}


class RandomPassword(Resource):
    """`random:index/randomPassword:RandomPassword`."""

    @override
    def check(self, call: Call, olds: Values, news: Values) -> Values:
        values = plain(effective(news))
        if has_unknown(values):
            return news
        least = max(1, sum(values[minimum] for minimum, _ in CLASSES.values()))
        if values["length"] < least:
            reason = f"length is {values['length']}: give {least} or more, the sum of the minima"
            raise CheckError(("length", reason))
        if not any(values[name] for name in CLASSES):
            reason = "lower, upper, numeric and special are all false: allow at least one"
            raise CheckError(("numeric", reason))
        return news

    @override
    def diff(self, call: Call, id: str, state: Values, old_inputs: Values, news: Values) -> Diff:
        olds, wanted = plain(effective(old_inputs)), plain(effective(news))
        changed = [key for key in sorted(INPUTS) if olds.get(key) != wanted.get(key)]
        return Diff(diffs=changed, replaces=changed)

    @override
    def create(self, call: Call, inputs: Values) -> tuple[str, Values]:
        if call.preview:
            return "", _outputs(inputs, UNKNOWN, UNKNOWN)
        import bcrypt

        result = generate(plain(effective(inputs)))
        # bcrypt reads 72 bytes and no more.
        hashed = bcrypt.hashpw(result.encode()[:72], bcrypt.gensalt()).decode()
        return "none", _outputs(inputs, result, hashed)

    @override
    def update(
        self, call: Call, id: str, state: Values, old_inputs: Values, news: Values
    ) -> Values:
        # Only reached where inputs are spelt differently and mean the same.
        return {**state, **effective(news)}
