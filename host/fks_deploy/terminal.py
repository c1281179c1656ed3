"""Prints lines to the operator. Printing only reports, so it never raises: the connection or the
terminal may be gone, or standard output may be a file on a full file system."""

import os
from typing import TextIO


def print_line(text: str, stream: TextIO | None) -> None:
    """Print one line; after a failure the stream discards everything. `stream` is None when the
    program was started without it."""
    if stream is None:
        return
    encoding = stream.encoding or "utf-8"
    printable = text.encode(encoding, "backslashreplace").decode(encoding)
    try:
        print(printable, file=stream, flush=True)
    except OSError:
        _discard(stream)


def _discard(stream: TextIO) -> None:
    # Python flushes the stream's buffer at exit; a failure there changes the exit code.
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, stream.fileno())
    os.close(null)
