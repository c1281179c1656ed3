"""The one error that is meant for the operator's eyes."""

from collections.abc import Iterable

import pulumi


class OperatorError(pulumi.RunError):
    """What is wrong and what to write instead. Pulumi prints its text and no traceback."""


def refuse(problems: Iterable[str]) -> None:
    """Raise all problems at once, one paragraph each; do nothing when there are none."""
    found = list(problems)
    if found:
        raise OperatorError("\n\n".join(found))
