"""A command's output: collected for the state, and shown line by line while it runs."""

from __future__ import annotations

import json
from typing import Final

from rehearsal.plugins.base import Call, ProviderError

# The real plugin stops to read at a longer line, and the command blocks for ever. A program that
# writes such lines must not pass the rehearsal.
LONGEST_LINE: Final = 64 * 1024
SHOWN: Final = {
    None: ("stdout", "stderr"),
    "stdoutAndStderr": ("stdout", "stderr"),
    "stdout": ("stdout",),
    "stderr": ("stderr",),
    "none": (),
}


class Output:
    """Collects stdout and stderr, separately and in order of arrival; both share one log."""

    def __init__(self, call: Call, logging: str | None) -> None:
        self._call = call
        self._shown = SHOWN[logging]
        self._parts = {"stdout": bytearray(), "stderr": bytearray()}
        self._together = bytearray()
        self._line = bytearray()

    def feed(self, stream: str, data: bytes) -> None:
        """Take output of `stdout` or `stderr`; blocks until cancelled at an overlong line."""
        self._parts[stream] += data
        self._together += data
        if stream in self._shown:
            self._line += data
            *lines, self._line = self._line.split(b"\n")
            for line in lines:
                self._show(bytes(line))
            if len(self._line) >= LONGEST_LINE:
                self._hang()

    def close(self) -> None:
        """Show an unterminated last line."""
        if self._line:
            self._show(bytes(self._line))
            self._line = bytearray()

    def text(self, stream: str) -> str:
        """The whole output of a stream without one newline at its end."""
        return self._parts[stream].decode(errors="replace").removesuffix("\n")

    def together(self) -> str:
        """Both streams in order of arrival."""
        return self._together.decode(errors="replace")

    def _show(self, line: bytes) -> None:
        if len(line) >= LONGEST_LINE:
            self._hang()
        text = line.removesuffix(b"\r").decode(errors="replace")
        self._call.log("info", text, ephemeral=True)

    def _hang(self) -> None:
        self._call.cancelled.wait()
        raise ProviderError(
            "context canceled: the command wrote a line of over 64 KiB, at which the real plugin "
            "blocks for ever: set logging=NONE or write shorter lines"
        )


def quote(text: str) -> str:
    """The text in the format of Go's %q, but for rare control characters."""
    return json.dumps(text, ensure_ascii=False)
