import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest

from host.fks_deploy import lock
from host.fks_deploy.errors import LockBusyError
from host.fks_deploy.lock import deploy_lock
from tests.host.server import DEPLOY, Server


def test_the_error_of_the_second_deploy_names_the_holder(tmp_path: Path) -> None:
    path = tmp_path / "lib/deploy.lock"
    first = deploy_lock(path, "a" * 64, "alice", 0)
    second = deploy_lock(path, "b" * 64, "bob", 0.3)
    with first, pytest.raises(LockBusyError, match=r"release a{12}, started by alice at 2"), second:
        pytest.fail("both have the lock")


def test_the_lock_is_released_after_an_error(tmp_path: Path) -> None:
    path = tmp_path / "deploy.lock"
    with pytest.raises(RuntimeError), deploy_lock(path, "a" * 64, "alice", 0):
        raise RuntimeError
    with deploy_lock(path, "b" * 64, "bob", 0):
        assert '"who": "bob"' in path.read_text()
    assert path.read_text() == ""


def test_a_longer_entry_of_an_earlier_holder_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "deploy.lock"
    path.write_text("x" * 1000)
    with deploy_lock(path, "b" * 64, "bob", 0):
        assert path.read_text().endswith("}")


def test_a_waiting_deploy_reports_the_holder_and_gets_the_lock_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "LOCK_MESSAGE_INTERVAL", 0)
    path, messages, ended = tmp_path / "deploy.lock", list[str](), Event()
    first = deploy_lock(path, "a" * 64, "alice", 0)
    first.__enter__()

    def report(text: str) -> None:
        messages.append(text)
        if not ended.is_set():
            ended.set()
            first.__exit__(None, None, None)

    with deploy_lock(path, "b" * 64, "bob", 30, report):
        assert '"who": "bob"' in path.read_text()
    assert messages[0].startswith(
        "waiting: another deploy runs on this server: release aaaaaaaaaaaa"
    )


def test_a_waiting_deploy_without_a_reader_gives_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "LOCK_MESSAGE_INTERVAL", 0)
    path = tmp_path / "deploy.lock"

    def closed(_text: str) -> None:
        raise BrokenPipeError

    second = deploy_lock(path, "b" * 64, "bob", 30, closed)
    with deploy_lock(path, "a" * 64, "alice", 0), pytest.raises(LockBusyError, match="is closed"):
        second.__enter__()


def test_a_waiting_deploy_ends_when_its_connection_is_closed(server: Server) -> None:
    command = [sys.executable, str(DEPLOY), "--root", str(server.root), "--digest", "b" * 64]
    code = "import runpy, sys; from host.fks_deploy import lock; lock.LOCK_MESSAGE_INTERVAL = 0.1; "
    code += "sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    command[1:1] = ["-c", code.replace("host.fks_deploy", "fks_deploy")]
    request = json.dumps(server.request())
    with deploy_lock(server.paths.lock, "a" * 64, "alice", 0):
        process = subprocess.Popen(
            [*command, "--lock-wait", "600"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONPATH": str(DEPLOY.parent.parent)},
        )
        assert process.stdin and process.stdout
        process.stdin.write(request)
        process.stdin.close()
        assert "started by alice" in process.stdout.readline()
        process.stdout.close()
        assert process.wait(30) == 75


@pytest.mark.parametrize("text", ["", '{"pid": ', "\xff"])
def test_an_unreadable_holder_is_unknown(tmp_path: Path, text: str) -> None:
    path = tmp_path / "deploy.lock"
    second = deploy_lock(path, "b" * 64, "bob", 0)
    with deploy_lock(path, "a" * 64, "alice", 0):
        path.write_text(text, encoding="latin-1")
        with pytest.raises(LockBusyError, match=r"release \?, started by \?"):
            second.__enter__()


def test_the_holder_is_known_without_taking_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert lock.holder(path) is None
    with deploy_lock(path, "abc", "ops", 0):
        found = lock.holder(path)
        assert found is not None and (found["who"], found["pid"]) == ("ops", os.getpid())
    assert lock.holder(path) is None


@pytest.mark.parametrize("text", ['{"who": "ops", "pid": 1}', "", "{", "[]", "7"])
def test_what_a_killed_deploy_left_is_no_holder(tmp_path: Path, text: str) -> None:
    (tmp_path / "lock").write_text(text)
    assert lock.holder(tmp_path / "lock") is None


def test_the_lock_is_taken_on_a_full_file_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "pwrite", full)
    with deploy_lock(tmp_path / "deploy.lock", "a" * 64, "alice", 0) as descriptor:
        assert descriptor
