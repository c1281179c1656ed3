"""Secrets in the stack's configuration, through pulumi's own CLI."""

from fks_infra.config.pulumi_cli import pulumi


def store_secret(stack: str, name: str, value: str) -> None:
    """Through standard input: every user of this machine can read arguments."""
    pulumi("config", "set", "--secret", f"fks:{name}", "--stack", stack, stdin=value)


def read_secret(stack: str, name: str) -> str:
    """The value that is stored."""
    return pulumi("config", "get", f"fks:{name}", "--stack", stack).removesuffix("\n")
