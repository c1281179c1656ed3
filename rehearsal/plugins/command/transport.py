"""A paramiko transport with features of Go's SSH client that paramiko does not offer.

It waits for the reply to an environment variable, keeps the channel when one is rejected, and
keeps the signal that ended a command.
"""

from __future__ import annotations

import logging
from typing import Any, ClassVar

import paramiko
from paramiko.common import MSG_CHANNEL_FAILURE, MSG_CHANNEL_REQUEST, cMSG_CHANNEL_REQUEST
from paramiko.message import Message

# The order of Go's golang.org/x/crypto/ssh.
HOST_KEY_KINDS = (
    *("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"),
    *("rsa-sha2-256", "rsa-sha2-512", "ssh-ed25519"),
)
NO_LIMIT_SECONDS = 10**9
# The callers report failures.
logging.getLogger("paramiko").setLevel(logging.CRITICAL + 1)
SIGNALS = {"HUP": 1, "INT": 2, "QUIT": 3, "ILL": 4, "ABRT": 6, "FPE": 8, "KILL": 9, "SEGV": 11,
           "PIPE": 13, "ALRM": 14, "TERM": 15}  # fmt: skip


def _rejected(channel: paramiko.Channel, _message: Message) -> None:
    """Wake the thread that waits for the reply, and leave the channel open."""
    channel.event.set()


def _request(channel: Any, message: Message) -> None:
    if message.get_text() == "exit-signal":
        message.get_boolean()
        channel.exit_signal = message.get_text()
        channel.status_event.set()
        return
    message.rewind()
    message.get_int()
    channel._handle_request(message)


_BASE: Any = paramiko.Transport


class Transport(paramiko.Transport):
    """The client side of one SSH connection, without time limits."""

    _channel_handler_table: ClassVar = {
        **_BASE._channel_handler_table,
        MSG_CHANNEL_FAILURE: _rejected,
        MSG_CHANNEL_REQUEST: _request,
    }

    def __init__(self, pipe: Any) -> None:
        super().__init__(pipe)
        self.daemon = True
        self.banner_timeout = self.handshake_timeout = NO_LIMIT_SECONDS
        self.auth_timeout = self.channel_timeout = NO_LIMIT_SECONDS
        self.get_security_options().key_types = HOST_KEY_KINDS

    def set_variable(self, channel: Any, name: str, value: str) -> bool:
        """Set an environment variable; returns whether the server accepted it."""
        message = Message()
        message.add_byte(cMSG_CHANNEL_REQUEST)
        message.add_int(channel.remote_chanid)
        message.add_string("env")
        message.add_boolean(True)
        message.add_string(name)
        message.add_string(value)
        channel._event_pending()
        _BASE._send_user_message(self, message)
        channel.event.wait()
        if channel.closed:
            raise paramiko.SSHException("Channel closed.")
        return bool(channel.event_ready)


def exit_failure(channel: paramiko.Channel) -> str:
    """Go's text for the end of a failed command; empty after a success."""
    channel.status_event.wait()
    if signal := getattr(channel, "exit_signal", None):
        status = 128 + SIGNALS.get(signal, 0)
        return f"Process exited with status {status} from signal {signal}"
    if channel.exit_status == -1:
        return "wait: remote command exited without exit status or exit signal"
    return f"Process exited with status {channel.exit_status}" if channel.exit_status else ""
