"""lib/zram.sh with stand-ins for zramctl, mkswap, swapon and swapoff."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.host.server import REPOSITORY

STAND_IN = """#!/bin/bash
echo "${0##*/} $*" >>"$STATE/calls"
[[ ! -e $STATE/${0##*/}-fails ]] || exit 1
case "${0##*/} $*" in
  'zramctl --find'*) echo /dev/zram1 ;;
  'swapon --show'*) cat "$STATE/swaps" ;;
esac
"""
OTHER = "/dev/sdb linode-swap\n"


@pytest.fixture
def state(tmp_path: Path) -> Path:
    for name in ("zramctl", "mkswap", "swapon", "swapoff"):
        (tmp_path / name).write_text(STAND_IN)
        (tmp_path / name).chmod(0o755)
    (tmp_path / "swaps").write_text(OTHER)
    return tmp_path


def run(state: Path, command: str) -> tuple[int, list[str]]:
    """The exit code, and the programs that changed something."""
    environment = {"PATH": f"{state}:{os.environ['PATH']}", "STATE": str(state), "ZRAM_MIB": "512"}
    script = [str(REPOSITORY / "host/lib/zram.sh"), command]
    code = subprocess.run(script, env=environment, capture_output=True, timeout=10).returncode
    calls = (state / "calls").read_text().splitlines()
    return code, [call for call in calls if not call.startswith("swapon --show")]


def test_start_makes_one_device_and_stop_removes_only_that(state: Path) -> None:
    code, calls = run(state, "start")
    assert code == 0
    assert calls[0] == "zramctl --find --size 512MiB --algorithm zstd"
    assert calls[-1] == "swapon --priority 100 /dev/zram1"
    (state / "swaps").write_text(f"{OTHER}/dev/zram1 fks-zram\n")
    code, stopped = run(state, "stop")
    assert code == 0
    assert stopped[len(calls) :] == ["swapoff /dev/zram1", "zramctl --reset /dev/zram1"]


def test_start_replaces_the_device_that_an_earlier_one_left(state: Path) -> None:
    (state / "swaps").write_text(f"{OTHER}/dev/zram0 fks-zram\n")
    _, calls = run(state, "start")
    assert calls[:2] == ["swapoff /dev/zram0", "zramctl --reset /dev/zram0"]


def test_a_device_that_does_not_become_swap_is_removed(state: Path) -> None:
    (state / "mkswap-fails").touch()
    code, calls = run(state, "start")
    assert code != 0
    assert calls[-1] == "zramctl --reset /dev/zram1"


def test_stop_without_a_device_is_no_error(state: Path) -> None:
    assert run(state, "stop") == (0, [])
