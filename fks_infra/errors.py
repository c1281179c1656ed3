"""The error whose text is for the operator."""

from collections.abc import Iterable

try:
    from pulumi import RunError as _Error
except ModuleNotFoundError:  # on a server
    _Error = Exception  # type: ignore[assignment, misc]


class OperatorError(_Error):
    """What is wrong and what to do about it. Pulumi prints its text and no traceback."""


def raise_operator_errors(messages: Iterable[str]) -> None:
    """Raise all messages as one error, a paragraph each; do nothing when there are none."""
    found = list(messages)
    if found:
        raise OperatorError("\n\n".join(found))
