from pathlib import Path

import pytest

from host.fks_deploy import clock
from tests.host.watch.server import WatchedServer


@pytest.mark.parametrize(("answer", "right"), [("yes\n", True), ("no\n", False)])
def test_the_kernel_says_whether_the_clock_is_right(
    tmp_path: Path, answer: str, *, right: bool
) -> None:
    server = WatchedServer(tmp_path)
    server.answer("timedatectl show", answer)
    assert clock.synchronized(server.paths, server.shell, 5) is right


def test_a_container_has_the_clock_of_its_machine(tmp_path: Path) -> None:
    server = WatchedServer(tmp_path)
    server.file("run/systemd/container", "docker")
    assert clock.synchronized(server.paths, server.shell, 5) is None
    assert server.shell.calls == []
