import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest

from host.fks_deploy import lock
from host.fks_deploy.errors import LockHeldError
from host.fks_deploy.lock import deploy_lock
from tests.host.server import DEPLOY, Server


def test_the_second_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "lib/deploy.lock"
    first = deploy_lock(path, "a" * 64, "alice", 0)
    second = deploy_lock(path, "b" * 64, "bob", 0.3)
    with first, pytest.raises(LockHeldError, match=r"release a{12}, started by alice at 2"), second:
        pytest.fail("two held the lock")


def test_the_lock_is_free_afterwards_also_after_an_error(tmp_path: Path) -> None:
    path = tmp_path / "deploy.lock"
    with pytest.raises(RuntimeError), deploy_lock(path, "a" * 64, "alice", 0):
        raise RuntimeError
    with deploy_lock(path, "b" * 64, "bob", 0):
        assert '"who": "bob"' in path.read_text()
    assert path.read_text() == ""


def test_an_earlier_longer_holder_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "deploy.lock"
    path.write_text("x" * 1000)
    with deploy_lock(path, "b" * 64, "bob", 0):
        assert path.read_text().endswith("}")


def test_whoever_waits_longer_than_the_first_runs_gets_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "_TELL", 0)
    path, said, ended = tmp_path / "deploy.lock", list[str](), Event()
    first = deploy_lock(path, "a" * 64, "alice", 0)
    first.__enter__()

    def tell(text: str) -> None:
        said.append(text)
        if not ended.is_set():
            ended.set()
            first.__exit__(None, None, None)

    with deploy_lock(path, "b" * 64, "bob", 30, tell):
        assert '"who": "bob"' in path.read_text()
    assert said[0].startswith("waiting: another deploy runs on this server: release aaaaaaaaaaaa")


def test_a_deploy_nobody_waits_for_any_more_does_not_follow_a_newer_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "_TELL", 0)
    path = tmp_path / "deploy.lock"

    def gone(_text: str) -> None:
        raise BrokenPipeError

    second = deploy_lock(path, "b" * 64, "bob", 30, gone)
    with deploy_lock(path, "a" * 64, "alice", 0), pytest.raises(LockHeldError, match="nobody"):
        second.__enter__()


def test_a_waiting_deploy_ends_when_its_connection_does(server: Server) -> None:
    words = [sys.executable, str(DEPLOY), "--root", str(server.root), "--digest", "b" * 64]
    code = "import runpy, sys; from host.fks_deploy import lock; lock._TELL = 0.1; "
    code += "sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    words[1:1] = ["-c", code.replace("host.fks_deploy", "fks_deploy")]
    order = json.dumps(server.order())
    with deploy_lock(server.paths.lock, "a" * 64, "alice", 0):
        process = subprocess.Popen(
            [*words, "--lock-wait", "600"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONPATH": str(DEPLOY.parent.parent)},
        )
        assert process.stdin and process.stdout
        process.stdin.write(order)
        process.stdin.close()
        assert "started by alice" in process.stdout.readline()
        process.stdout.close()
        assert process.wait(30) == 75
