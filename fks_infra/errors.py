"""The one error that is meant for the operator's eyes."""

from collections.abc import Iterable

import pulumi

_LENGTH = 400


class OperatorError(pulumi.RunError):
    """What is wrong and what to write instead. Pulumi prints its text and no traceback."""


def raise_operator_errors(problems: Iterable[str]) -> None:
    """Raise all problems at once, one paragraph each; do nothing when there are none."""
    found = list(problems)
    if found:
        raise OperatorError("\n\n".join(found))


def provider_message(error: BaseException) -> str:
    """What a provider answered to a question that failed, on one line."""
    text = str(error).rpartition(" returned an error: ")[2].replace("1 error occurred:", "")
    return " ".join(text.split()).lstrip("* ").rstrip(".")[:_LENGTH]
