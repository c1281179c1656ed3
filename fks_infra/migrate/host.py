"""The programs that a move runs on servers, and streams from one server to another."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from fks_infra.errors import OperatorError
from fks_infra.remote.command import CONNECT_SECONDS, output_of
from fks_infra.remote.host_scripts import host_program
from fks_infra.remote.inventory import DeployedServer
from fks_infra.remote.ssh import command_line

# Seconds, for what reads or writes all data
LONG = 4 * 3600.0


@dataclass(frozen=True, kw_only=True)
class Host:
    """A server, and the file of the deploy key."""

    server: DeployedServer
    key: Path

    @property
    def name(self) -> str:
        return self.server.name

    def run(self, program: str, *words: str, seconds: float = LONG) -> str:
        """What the program prints; OperatorError with its last line."""
        try:
            return output_of(
                self.server, self.key, host_program(program, *words), seconds, CONNECT_SECONDS
            )
        except OSError as error:
            raise OperatorError(f"{self.name}: {error}") from None

    def document(self, program: str, *words: str, seconds: float = LONG) -> dict[str, Any]:
        """The JSON document that it prints; OperatorError without one."""
        printed = self.run(program, *words, seconds=seconds)
        try:
            return dict(json.loads(printed))
        except (ValueError, TypeError):
            raise OperatorError(f"{self.name}: {program} printed no document") from None

    def line(self, words: Sequence[str]) -> list[str]:
        """ssh's arguments for a program."""
        try:
            command = host_program(words[0], *words[1:])
            return command_line(self.server, self.key, command, CONNECT_SECONDS)
        except OSError as error:
            raise OperatorError(f"{self.name}: {error}") from None


def stream(source: Host, send: Sequence[str], target: Host, receive: Sequence[str]) -> None:
    """Copy what one program writes into another one's input; nothing is stored in between.

    OperatorError unless both ended with 0: the receiver is ended when the sender failed.
    """
    with (
        TemporaryFile("w+", errors="replace") as sent,
        TemporaryFile("w+", errors="replace") as received,
        subprocess.Popen(
            source.line(send), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=sent
        ) as sender,
        subprocess.Popen(
            target.line(receive), stdin=sender.stdout, stdout=subprocess.DEVNULL, stderr=received
        ) as receiver,
    ):
        assert sender.stdout
        sender.stdout.close()
        try:
            codes = receiver.wait(LONG), sender.wait(LONG)
        finally:
            sender.kill()
            receiver.kill()
        for host, code, errors in zip((target, source), codes, (received, sent), strict=True):
            errors.seek(0)
            lines = errors.read().strip().splitlines() or [f"exit code {code}"]
            if code:
                raise OperatorError(f"{host.name}: {lines[-1]}")
