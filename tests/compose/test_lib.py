"""The scripts of containers, run on this machine."""

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


def run_with_secrets(directory: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run with-secrets.sh over a directory of secrets."""
    return subprocess.run(
        ["/bin/sh", str(LIB / "with-secrets.sh"), *command],
        env={"PATH": os.environ["PATH"], "FKS_SECRETS_DIR": str(directory)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_secret_with_special_characters_becomes_a_variable(tmp_path: Path) -> None:
    (tmp_path / "DATABASE_URL").write_text("postgresql://u:p$HOME'\"`id`\\n@h/d\n")
    done = run_with_secrets(tmp_path, "/bin/sh", "-c", 'printf %s "$DATABASE_URL"')
    assert (done.returncode, done.stdout) == (0, "postgresql://u:p$HOME'\"`id`\\n@h/d")


def test_arguments_reach_the_program_unchanged(tmp_path: Path) -> None:
    done = run_with_secrets(tmp_path, "printf", "%s|", "a b", "*", "")
    assert done.stdout == "a b|*||"


def test_the_program_replaces_the_script(tmp_path: Path) -> None:
    """Otherwise a signal would end the script, and the program would continue."""
    done = run_with_secrets(tmp_path, "/bin/sh", "-c", "cat /proc/$$/cmdline")
    assert "with-secrets" not in done.stdout


def test_the_program_gets_no_variable_of_the_script(tmp_path: Path) -> None:
    (tmp_path / "ONE").write_text("1")
    names = {line.split("=")[0] for line in run_with_secrets(tmp_path, *SHOW).stdout.splitlines()}
    assert names <= {"FKS_SECRETS_DIR", "ONE", "PATH", "PWD", "SHLVL", "_", "OLDPWD"}


@pytest.mark.parametrize(("name", "content"), [("bad-name", "x"), ("EMPTY", ""), ("9LIVES", "x")])
def test_the_error_names_an_unusable_secret(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    done = run_with_secrets(tmp_path, "true")
    assert done.returncode != 0
    assert name in done.stderr


@pytest.mark.parametrize(
    "arguments", [("queue", "256"), ("queue", "1g"), ("cache", "m"), ("stack", "256m")]
)
def test_invalid_arguments_of_the_redis_script_are_named(arguments: tuple[str, str]) -> None:
    role, memory = arguments
    done = subprocess.run(
        ["/bin/sh", str(LIB / "redis/start.sh"), role, memory],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 64
    assert memory in done.stderr or role in done.stderr


class FixedAnswer(BaseHTTPRequestHandler):
    """Answers with the status and body of the class."""

    status, body = 200, b""

    def do_GET(self) -> None:
        """Answer one request."""
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        """No log."""


@pytest.fixture
def url() -> Iterator[str]:
    """The URL of a service on loopback."""
    server = HTTPServer(("127.0.0.1", 0), FixedAnswer)
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
    monkeypatch.setattr(FixedAnswer, "body", json.dumps({"status": status}).encode())
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
def test_another_answer_fails_and_the_error_has_the_url(
    url: str, code: int, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FixedAnswer, "status", code)
    monkeypatch.setattr(FixedAnswer, "body", body)
    done = check(url)
    assert done.returncode == 1
    assert url in done.stderr
    assert "Traceback" not in done.stderr


def test_the_error_for_an_unreachable_service_is_one_line() -> None:
    done = check("http://127.0.0.1:1/health")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)


def test_beat_without_a_schedule_is_not_healthy(tmp_path: Path) -> None:
    command = [sys.executable, str(LIB / "celery/beat-health.py"), str(tmp_path / "schedule")]
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
        [sys.executable, str(LIB / "celery/beat-health.py"), str(schedule)],
        env={"CELERY_BROKER_URL": url.replace("http", "redis")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode == 0) == healthy, done.stderr


@pytest.mark.parametrize(
    ("version", "role", "repairs"),
    [
        ("8.0.2", "queue", False),
        ("8.4.0", "queue", True),
        ("8.10.2", "queue", True),
        ("8.10.2", "cache", False),
        ("9.0.1", "queue", True),
    ],
)
def test_redis_repairs_the_end_of_its_file_where_it_can(
    tmp_path: Path, version: str, role: str, repairs: bool
) -> None:
    program = tmp_path / "redis-server"
    program.write_text(f'#!/bin/sh\necho "Redis server v={version} sha=0 bits=64"\n')
    program.chmod(0o755)
    (tmp_path / "REDIS_PASSWORD").write_text("canary")
    text = (LIB / "redis/start.sh").read_text()
    script = tmp_path / "start.sh"
    script.write_text(
        text.replace("/run/redis", str(tmp_path)).replace("/run/secrets", str(tmp_path))
    )
    path = f"{tmp_path}:{os.environ['PATH']}"
    subprocess.run(["/bin/sh", str(script), role, "256m"], env={"PATH": path}, check=True)
    lines = (tmp_path / "redis.conf").read_text().splitlines()
    assert ("aof-load-corrupt-tail-max-size 4096" in lines) == repairs
    assert "requirepass canary" in lines
