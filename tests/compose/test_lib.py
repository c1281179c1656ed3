"""The scripts that run inside containers, run here."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.compose.stacks import LIB

SHOW = ["/bin/sh", "-c", "env | sort"]


def with_secrets(directory: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run with-secrets.sh over a directory of secrets."""
    return subprocess.run(
        ["/bin/sh", str(LIB / "with-secrets.sh"), *command],
        env={"PATH": os.environ["PATH"], "FKS_SECRETS_DIR": str(directory)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_secret_becomes_a_variable_whatever_it_holds(tmp_path: Path) -> None:
    (tmp_path / "DATABASE_URL").write_text("postgresql://u:p$HOME'\"`id`\\n@h/d\n")
    done = with_secrets(tmp_path, "/bin/sh", "-c", 'printf %s "$DATABASE_URL"')
    assert (done.returncode, done.stdout) == (0, "postgresql://u:p$HOME'\"`id`\\n@h/d")


def test_arguments_reach_the_program_as_they_are(tmp_path: Path) -> None:
    done = with_secrets(tmp_path, "printf", "%s|", "a b", "*", "")
    assert done.stdout == "a b|*||"


def test_the_program_takes_the_place_of_the_script(tmp_path: Path) -> None:
    """Else signals would end the script and leave the program."""
    done = with_secrets(tmp_path, "/bin/sh", "-c", "cat /proc/$$/cmdline")
    assert "with-secrets" not in done.stdout


def test_no_helper_variable_leaks(tmp_path: Path) -> None:
    (tmp_path / "ONE").write_text("1")
    names = {line.split("=")[0] for line in with_secrets(tmp_path, *SHOW).stdout.splitlines()}
    assert names <= {"FKS_SECRETS_DIR", "ONE", "PATH", "PWD", "SHLVL", "_", "OLDPWD"}


@pytest.mark.parametrize(("name", "content"), [("bad-name", "x"), ("EMPTY", ""), ("9LIVES", "x")])
def test_a_secret_that_cannot_be_used_is_named(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    done = with_secrets(tmp_path, "true")
    assert done.returncode != 0
    assert name in done.stderr


@pytest.mark.parametrize(
    "arguments", [("queue", "256"), ("queue", "1g"), ("cache", "m"), ("stack", "256m")]
)
def test_redis_refuses_what_it_does_not_understand(arguments: tuple[str, str]) -> None:
    role, memory = arguments
    done = subprocess.run(
        ["/bin/sh", str(LIB / "redis/start.sh"), role, memory],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 64
    assert memory in done.stderr or role in done.stderr


class Answering(BaseHTTPRequestHandler):
    """Answers with the status and body the test sets."""

    status, body = 200, b""

    def do_GET(self) -> None:
        """One answer."""
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def url() -> Iterator[str]:
    """A service on loopback."""
    server = HTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/health"
    server.shutdown()
    server.server_close()


def check(url: str) -> subprocess.CompletedProcess[str]:
    """Run http-health.py."""
    command = [sys.executable, str(LIB / "http-health.py"), url]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("status", ["healthy", "ok"])
def test_a_healthy_body_passes(url: str, status: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Answering, "body", json.dumps({"status": status}).encode())
    assert check(url).returncode == 0


@pytest.mark.parametrize(
    ("code", "body"),
    [
        (200, b'{"status": "emergency"}'),
        (200, b"ok"),
        (200, b"[]"),
        (200, b'"status"'),
        (200, b"{}"),
        (503, b'{"status": "healthy"}'),
    ],
)
def test_everything_else_fails_and_is_shown(
    url: str, code: int, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Answering, "status", code)
    monkeypatch.setattr(Answering, "body", body)
    done = check(url)
    assert done.returncode == 1
    assert url in done.stderr
    assert "Traceback" not in done.stderr


def test_a_service_that_is_not_there_fails_with_one_sentence() -> None:
    done = check("http://127.0.0.1:1/health")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)


def test_beat_that_never_started_is_not_healthy(tmp_path: Path) -> None:
    command = [sys.executable, str(LIB / "beat-health.py"), str(tmp_path / "schedule")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "beat has not started" in done.stderr) == (1, True)


@pytest.mark.parametrize(("age", "healthy"), [(60, True), (3600, False)])
def test_beat_is_healthy_while_it_writes_its_schedule(
    tmp_path: Path, url: str, age: int, healthy: bool
) -> None:
    schedule = tmp_path / "schedule"
    (tmp_path / "schedule-wal").write_text("")
    at = tmp_path.stat().st_mtime - age
    os.utime(tmp_path / "schedule-wal", (at, at))
    done = subprocess.run(
        [sys.executable, str(LIB / "beat-health.py"), str(schedule)],
        env={"CELERY_BROKER_URL": url.replace("http", "redis")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode == 0) == healthy, done.stderr
