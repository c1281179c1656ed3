"""The error whose text is for the operator."""

from collections.abc import Iterable

import pulumi


class OperatorError(pulumi.RunError):
    """What is wrong and what to do about it. Pulumi prints its text and no traceback."""


def raise_operator_errors(messages: Iterable[str]) -> None:
    """Raise all messages as one error, a paragraph each; do nothing when there are none."""
    found = list(messages)
    if found:
        raise OperatorError("\n\n".join(found))
