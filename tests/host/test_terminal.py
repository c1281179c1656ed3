import io
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from host.fks_deploy.terminal import print_line

TWO_LINES = (
    "import sys; from host.fks_deploy.terminal import print_line; "
    "print_line('first', sys.{0}); print_line('second', sys.{0}); sys.exit(3)"
)


def exit_code(stream: str, descriptor: int) -> int:
    """The exit code of a program that prints two lines to `descriptor` and exits with 3."""
    command = [sys.executable, "-c", TWO_LINES.format(stream)]
    root = Path(__file__).resolve().parents[2]
    streams: dict[str, Any] = {stream: descriptor}
    return subprocess.run(command, cwd=root, check=False, **streams).returncode


def full() -> int:
    return os.open("/dev/full", os.O_WRONLY)


def closed_pipe() -> int:
    reader, writer = os.pipe()
    os.close(reader)
    return writer


def closed_terminal() -> int:
    master, terminal = pty.openpty()
    os.close(master)
    return terminal


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
@pytest.mark.parametrize("opened", [full, closed_pipe, closed_terminal])
def test_a_stream_that_fails_changes_no_exit_code(stream: str, opened: Callable[[], int]) -> None:
    descriptor = opened()
    assert exit_code(stream, descriptor) == 3
    os.close(descriptor)


def test_characters_that_the_stream_cannot_encode_are_escaped() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    print_line("é\udc80", stream)
    stream.seek(0)
    assert stream.read() == "\\xe9\\udc80\n"


def test_without_a_stream_nothing_is_printed() -> None:
    print_line("x", None)
