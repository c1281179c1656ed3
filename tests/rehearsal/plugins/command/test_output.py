"""A command's output: each stream, both together, and line by line."""

from __future__ import annotations

import threading

import pytest

from rehearsal.plugins.base import Call, ProviderError
from rehearsal.plugins.command.output import LONGEST_LINE, Output, quote


class Shown(list[str]):
    """Collects the messages of a call."""

    def __call__(self, severity: str, message: str, *, ephemeral: bool = False) -> None:
        assert (severity, ephemeral) == ("info", True)
        self.append(message)


def output(logging: str | None = None, *, cancelled: bool = False) -> tuple[Output, Shown]:
    shown, event = Shown(), threading.Event()
    if cancelled:
        event.set()
    return Output(Call(log=shown, cancelled=event), logging), shown


def test_one_newline_is_removed_from_each_stream() -> None:
    made, _ = output()
    made.feed("stdout", b"  a\nb\n\n\n")
    made.feed("stderr", b"e\n\n")
    assert made.text("stdout") == "  a\nb\n\n"
    assert made.text("stderr") == "e\n"
    assert made.together() == "  a\nb\n\n\ne\n\n"


@pytest.mark.parametrize(
    ("logging", "expected"),
    [
        (None, ["out", "err"]),
        ("stdoutAndStderr", ["out", "err"]),
        ("stdout", ["out"]),
        ("stderr", ["err"]),
        ("none", []),
    ],
)
def test_logging_selects_the_shown_streams(logging: str | None, expected: list[str]) -> None:
    made, shown = output(logging)
    made.feed("stdout", b"out\n")
    made.feed("stderr", b"err\n")
    assert shown == expected


def test_lines_are_shown_when_complete_and_the_last_one_at_the_end() -> None:
    made, shown = output()
    for part in (b"on", b"e\r\ntw", b"o"):
        made.feed("stdout", part)
    assert shown == ["one"]
    made.close()
    assert shown == ["one", "two"]


def test_a_line_of_just_under_64_kib_passes() -> None:
    made, shown = output()
    made.feed("stdout", b"a" * (LONGEST_LINE - 1) + b"\n")
    assert len(shown) == 1


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_a_longer_line_blocks_until_the_engine_cancels(end: bytes) -> None:
    made, _ = output(cancelled=True)
    with pytest.raises(ProviderError, match="over 64 KiB"):
        made.feed("stdout", b"a" * LONGEST_LINE + end)


def test_a_longer_line_that_is_not_logged_passes() -> None:
    made, _ = output("none")
    made.feed("stdout", b"a" * 2 * LONGEST_LINE)
    assert len(made.text("stdout")) == 2 * LONGEST_LINE


def test_quoting_has_the_format_of_go() -> None:
    assert quote('a"b\\c\n\té') == r'"a\"b\\c\n\té"'
