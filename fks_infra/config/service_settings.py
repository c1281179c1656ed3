"""Writes single fields of `fks:services` into the stack's file."""

from collections.abc import Mapping

from fks_infra.config.pulumi_cli import pulumi

# By service and field; None for no such field.
Values = Mapping[str, Mapping[str, str | None]]


def write(stack: str, values: Values) -> None:
    """Set these fields of services. All are set at once, then those without a value are removed."""
    paths = {
        f"fks:services.{service}.{name}": value
        for service, fields in values.items()
        for name, value in fields.items()
    }
    set_ = [f"{path}={value}" for path, value in paths.items() if value is not None]
    options = [word for value in set_ for word in ("--plaintext", value)]
    if options:
        pulumi("config", "set-all", "--path", *options, "--stack", stack)
    for path in (path for path, value in paths.items() if value is None):
        pulumi("config", "rm", "--path", path, "--stack", stack)
