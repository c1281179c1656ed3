"""The deploy key of a stack as a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fks_infra.config.pulumi_cli import pulumi
from fks_infra.doctor.findings import InconclusiveError
from fks_infra.errors import OperatorError
from fks_infra.remote.key_file import key_file


@contextmanager
def deploy_key(stack: str, seconds: float) -> Iterator[Path]:
    """The file of fks:deployKey, readable by this user only, deleted afterwards.

    Raises InconclusiveError where pulumi cannot decrypt it within `seconds`.
    """
    try:
        key = pulumi("config", "get", "fks:deployKey", "--stack", stack, seconds=seconds)
    except OperatorError as error:
        raise InconclusiveError(f"fks:deployKey cannot be read: {error}") from None
    with key_file(key) as file:
        yield file
