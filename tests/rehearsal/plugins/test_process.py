"""A plugin prints its port, ends without output on a signal, and ends with the engine."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rehearsal.plugins.discovery import sdk_version
from rehearsal.plugins.install import install
from tests.processes import is_gone

DEADLINE_SECONDS = 10
# In place of the engine: starts a plugin in its own process group, and waits.
STARTER = """
import subprocess, sys
plugin = subprocess.Popen(sys.argv[1:], stdout=sys.stdout, start_new_session=True)
print(plugin.pid, flush=True)
plugin.wait()
"""


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The launcher of one stand-in."""
    home = tmp_path_factory.mktemp("home")
    install(home, home / "bin", sys.executable)
    directory = home / "plugins" / f"resource-random-v{sdk_version('random')}"
    return str(directory / "pulumi-resource-random")


@pytest.fixture
def started(plugin: str) -> Iterator[subprocess.Popen[str]]:
    """A plugin without an engine."""
    process = subprocess.Popen(
        [plugin], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    yield process
    process.kill()
    process.communicate()


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_it_prints_its_port_and_nothing_else(started: subprocess.Popen[str]) -> None:
    assert started.stdout is not None
    port = int(started.stdout.readline())
    with socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_SECONDS):
        pass


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_without_output_on_a_signal(
    started: subprocess.Popen[str], number: signal.Signals
) -> None:
    assert started.stdout is not None
    started.stdout.readline()
    started.send_signal(number)
    out, err = started.communicate(timeout=DEADLINE_SECONDS)
    assert (started.returncode, out, err) == (0, "", "")


def test_it_ends_when_the_engine_is_killed(plugin: str) -> None:
    command = [sys.executable, "-c", STARTER, plugin]
    engine = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert engine.stdout is not None
    pid, _port = sorted((int(engine.stdout.readline()) for _ in range(2)), key=is_gone)
    engine.kill()
    engine.wait()
    assert eventually(lambda: is_gone(pid))


def test_it_ends_when_the_engine_ended_before_its_start(plugin: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    done = subprocess.run([plugin, address], capture_output=True, timeout=DEADLINE_SECONDS)
    assert done.returncode == 0


def test_it_ends_its_children(tmp_path: Path) -> None:
    script = tmp_path / "parent"
    root = Path(__file__).resolve().parents[3]
    script.write_text(
        f"import subprocess, sys; sys.path.insert(0, {str(root)!r})\n"
        "from rehearsal.plugins.process import announce_and_wait, make_server\n"
        "child = subprocess.Popen(['sleep', '600'])\n"
        "print(child.pid, flush=True)\n"
        "announce_and_wait(make_server('none', {}), '')\n"
    )
    process = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    child = int(process.stdout.readline())
    process.stdout.readline()
    process.terminate()
    process.communicate(timeout=DEADLINE_SECONDS)
    assert eventually(lambda: is_gone(child))
