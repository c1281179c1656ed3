"""Stand-in of pulumi-command 1.2.1: local commands, commands over SSH, copies over SFTP."""

from __future__ import annotations

from rehearsal.plugins.base import Provider
from rehearsal.plugins.command.copy import CopyToRemote
from rehearsal.plugins.command.local import LocalCommand
from rehearsal.plugins.command.remote import RemoteCommand


def provider() -> Provider:
    """The provider that the launcher serves."""
    return Provider(
        name="command",
        resources={
            "command:local:Command": LocalCommand(),
            "command:remote:Command": RemoteCommand(),
            "command:remote:CopyToRemote": CopyToRemote(),
        },
    )
