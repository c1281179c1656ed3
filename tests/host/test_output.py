import errno
import os
from pathlib import Path

import pytest

from host.fks_deploy.output import Output
from host.fks_deploy.redact import Redactor


def unwritable(tmp_path: Path, kind: str) -> Path:
    """A log that cannot be written, for the reason `kind`."""
    log = tmp_path / "log"
    if kind == "full":
        log.symlink_to("/dev/full")
    elif kind == "directory":
        log.mkdir()
    else:
        (tmp_path / "file").touch()
        log = tmp_path / "file/log"
    return log


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("full", errno.ENOSPC),
        ("directory", errno.EISDIR),
        ("no parent", errno.EEXIST),
    ],
)
def test_a_log_that_cannot_be_written_is_reported_once(
    tmp_path: Path, kind: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    log = unwritable(tmp_path, kind)
    output = Output(log, Redactor(["canary"]))
    output.show("one canary")
    output.show("two")
    lines = capsys.readouterr().out.splitlines()
    assert lines == [f"{log} cannot be written: {os.strerror(code)}", "one ***", "two"]


def test_characters_without_an_encoding_are_escaped_in_the_log(tmp_path: Path) -> None:
    Output(tmp_path / "log", Redactor(())).log("\udc80")
    assert (tmp_path / "log").read_text().endswith(" \\udc80\n")
