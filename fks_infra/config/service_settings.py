"""Writes single fields of `fks:services` into the stack's file."""

from collections.abc import Mapping

from fks_infra.config.pulumi_cli import pulumi


def write(stack: str, service: str, values: Mapping[str, str | None]) -> None:
    """Set these fields of a service; None removes one. All are set at once, then the others are
    removed."""
    path = f"fks:services.{service}"
    set_ = [f"{path}.{name}={value}" for name, value in values.items() if value is not None]
    options = [word for value in set_ for word in ("--plaintext", value)]
    if options:
        pulumi("config", "set-all", "--path", *options, "--stack", stack)
    for name in (name for name, value in values.items() if value is None):
        pulumi("config", "rm", "--path", f"{path}.{name}", "--stack", stack)
