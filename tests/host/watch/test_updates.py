"""Which packages have newer versions: read again only after a change."""

import os
from pathlib import Path

from host.fks_deploy.watch import updates
from tests.host.watch.server import WatchedServer

PLAN = "Inst docker.io [26.1.5] (27.0.1 Debian:13.2/stable [amd64])\n"


def reads(watched: WatchedServer) -> int:
    return sum(call[0] == "apt-get" for call in watched.shell.calls)


def changed(watched: WatchedServer, name: str, seconds: float) -> None:
    file: Path = watched.root / name
    os.utime(file, (seconds, seconds))


def test_they_are_read_after_a_change_only(watched: WatchedServer) -> None:
    watched.file("var/lib/dpkg/status", "")
    watched.file("var/lib/apt/lists/lock", "")
    watched.answer("apt-get --yes", PLAN)
    assert updates.read(watched.paths) is None
    assert list(updates.record(watched.context())) == []
    found = updates.read(watched.paths)
    assert found is not None
    assert (found["packages"], found["engine"]) == (["docker.io"], True)
    written = watched.paths.updates.stat().st_mtime
    for name in ("var/lib/dpkg/status", "var/lib/apt/lists"):
        changed(watched, name, written - 10)
    assert list(updates.record(watched.context())) == []
    assert reads(watched) == 1
    changed(watched, "var/lib/dpkg/status", written + 10)
    watched.answer("apt-get --yes", "")
    assert list(updates.record(watched.context())) == []
    after = updates.read(watched.paths)
    assert (reads(watched), after and after["packages"]) == (2, [])
