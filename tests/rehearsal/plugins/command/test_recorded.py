"""Commands that are recorded, not run."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from rehearsal.plugins.base import Call, ProviderError, Stored
from rehearsal.plugins.command.copy import CopyToRemote
from rehearsal.plugins.command.local import LocalCommand
from rehearsal.plugins.command.recorded import VARIABLE, recorded_outputs
from rehearsal.plugins.command.remote import RemoteCommand

CALL = Call(log=lambda *_args, **_options: None, cancelled=threading.Event(), name="step")
# Nothing serves SSH there.
CONNECTION = {"host": "127.0.0.1", "port": 1, "user": "deploy"}


def test_a_recorded_command_does_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "1")
    for command, inputs in (
        (LocalCommand(), {"create": "exit 3"}),
        (RemoteCommand(), {"create": "exit 3", "connection": CONNECTION}),
    ):
        _, outputs = command.create(CALL, inputs)
        assert outputs == {**inputs, "stdout": "", "stderr": ""}


def test_a_recorded_copy_connects_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "1")
    inputs = {"connection": CONNECTION, "remotePath": "/tmp/x"}
    assert CopyToRemote().create(CALL, inputs)[1] == inputs


def test_deletes_of_local_commands_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, "1")
    command, made = LocalCommand(), tmp_path / "deleted"
    inputs = {"create": "exit 3", "delete": f"touch {made}"}
    identifier, outputs = command.create(CALL, inputs)
    command.delete(CALL, Stored(identifier, outputs, inputs))
    assert made.exists()


def test_without_the_variable_commands_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert LocalCommand().create(CALL, {"create": "echo run"})[1]["stdout"] == "run"


def test_the_step_that_waits_for_a_join_gets_the_servers_device(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    device = {"hostname": "fks-web-1", "addresses": ["100.64.0.4", "fd7a:115c:a1e0::4"]}
    answer = json.dumps({"devices": [device]}).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/rehearsal/state" else 404)
            self.end_headers()
            self.wfile.write(answer)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever).start()
        monkeypatch.setenv("TAILSCALE_BASE_URL", f"http://127.0.0.1:{server.server_port}")
        join = "python3 -m fks_infra.steps.join wait --server web --hostname {} --tags tag:fks-web"
        outputs = recorded_outputs(join.format("fks-web-1"))
        with pytest.raises(ProviderError, match="fks-web-2 did not join the tailnet"):
            recorded_outputs(join.format("fks-web-2"))
        server.shutdown()
    assert json.loads(outputs["stdout"])["address"] == "100.64.0.4"
