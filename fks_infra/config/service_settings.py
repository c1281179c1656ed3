"""Writes single fields of `fks:services` into the stack's file."""

from collections.abc import Iterable, Mapping

from fks_infra.config import stack_files
from fks_infra.config.pulumi_cli import pulumi

# By service and field; None for no such field.
Values = Mapping[str, Mapping[str, str | None]]


def write(stack: str, values: Values) -> None:
    """Set these fields of services. All are set at once, then those without a value are removed,
    with what is empty afterwards: the file is as before an upgrade that was undone."""
    paths = {
        f"fks:services.{service}.{name}": value
        for service, fields in values.items()
        for name, value in fields.items()
    }
    set_ = [f"{path}={value}" for path, value in paths.items() if value is not None]
    options = [word for value in set_ for word in ("--plaintext", value)]
    if options:
        pulumi("config", "set-all", "--path", *options, "--stack", stack)
    removed = [path for path, value in paths.items() if value is None]
    for path in removed:
        _remove(stack, path)
    if removed:
        _remove_empty(stack, values)


def _remove_empty(stack: str, services: Iterable[str]) -> None:
    (left,) = stack_files.read(stack, "services")
    empty = [name for name in services if left.get(name) == {}]
    if empty and len(empty) == len(left):
        _remove(stack, "fks:services")
        return
    for name in empty:
        _remove(stack, f"fks:services.{name}")


def _remove(stack: str, path: str) -> None:
    pulumi("config", "rm", "--path", path, "--stack", stack)
