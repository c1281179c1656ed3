"""Stand-in of pulumi-command 1.2.1: commands here and over SSH, and copies over SFTP."""

from __future__ import annotations

from rehearsal.plugins.base import Provider
from rehearsal.plugins.command.copy import CopyToRemote
from rehearsal.plugins.command.local import LocalCommand, run_function
from rehearsal.plugins.command.remote import RemoteCommand


def provider() -> Provider:
    """The provider as the server wants it."""
    return Provider(
        name="command",
        resources={
            "command:local:Command": LocalCommand(),
            "command:remote:Command": RemoteCommand(),
            "command:remote:CopyToRemote": CopyToRemote(),
        },
        functions={"command:local:run": run_function},
    )
