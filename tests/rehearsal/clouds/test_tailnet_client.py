"""The stand-in `tailscale` against the stand-in control server; only the network card is a fake."""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.rehearsal.clouds.client import TOKEN
from tests.rehearsal.clouds.test_process import LOCAL, ROOT, wait_for

PACKAGE = ROOT / "rehearsal/images/tailnet/package"
LIBRARY = PACKAGE / "usr/lib/python3/dist-packages"


@dataclass
class Card:
    """The addresses of a network card."""

    addresses: set[str] = field(default_factory=set)

    def present(self) -> set[str]:
        return self.addresses

    def remove(self, address: str) -> None:
        self.addresses.discard(address)


@dataclass
class Machine:
    """A machine with the client on it, and the control server it may join."""

    server: str
    modules: dict[str, ModuleType]
    card: Card
    folder: Path

    def run(self, *words: str) -> int:
        """`tailscale` with these words."""
        return int(self.modules["cli"].main(words))

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """The control server's API."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {TOKEN}"}
        request = Request(self.server + path, data, headers, method=method)
        with urlopen(request, timeout=10) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def key_file(self) -> Path:
        """A new single-use key in a file."""
        create = {"preauthorized": True, "tags": ["tag:fks"]}
        body = {"capabilities": {"devices": {"create": create}}}
        path = self.folder / "tailnet.key"
        made = self.api("POST", "/api/v2/tailnet/-/keys", body)
        path.write_text(made["key"] + "\n", encoding="utf-8")
        return path

    def up(self, key: Path, hostname: str = "fks-web-1001") -> int:
        """Join as host/join.sh does."""
        return self.run(
            "up",
            f"--auth-key=file:{key}",
            f"--hostname={hostname}",
            f"--login-server={self.server}",
            "--accept-dns=false",
            "--timeout=60s",
        )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The control server's address."""
    ports = tmp_path_factory.mktemp("clouds") / "ports.json"
    process = subprocess.Popen([*LOCAL, "--ports-file", str(ports)], cwd=ROOT)
    wait_for(ports, process)
    yield f"http://127.0.0.1:{json.loads(ports.read_text(encoding='utf-8'))['tailscale']}"
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture
def machine(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine that never joined, its daemon running."""
    monkeypatch.syspath_prepend(LIBRARY)
    names = ("address", "cli", "daemon", "state")
    modules = {name: importlib.import_module(f"tailnet_standin.{name}") for name in names}
    card = Card()
    monkeypatch.setattr(modules["address"], "add", card.addresses.add)
    monkeypatch.setattr(modules["address"], "remove", card.remove)
    monkeypatch.setattr(modules["address"], "present", card.present)
    state = tmp_path / "tailscaled.state"
    load, save = modules["state"].load, modules["state"].save
    monkeypatch.setattr(modules["state"], "load", lambda: load(state))
    monkeypatch.setattr(modules["state"], "save", lambda value: save(value, state))
    pid = tmp_path / "tailscaled.pid"
    pid.write_text("1\n", encoding="ascii")
    monkeypatch.setattr(modules["cli"], "PID", pid)
    monkeypatch.setattr(modules["cli"].os, "geteuid", lambda: 0)
    made = Machine(server, modules, card, tmp_path)
    made.api("POST", "/rehearsal/reset", {})
    return made


def test_up_joins_and_ip_prints_the_address(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert machine.run("ip", "-4") == 1
    assert "NeedsLogin" in capsys.readouterr().err
    assert machine.up(machine.key_file()) == 0
    assert machine.run("ip", "-4") == 0
    assert capsys.readouterr().out == "100.64.0.16\n"
    assert machine.card.addresses == {"100.64.0.16"}
    assert machine.run("wait", "--timeout=5s") == 0
    assert machine.run("status", "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["BackendState"], shown["Self"]["HostName"]) == ("Running", "fks-web-1001")
    assert (machine.folder / "tailscaled.state").stat().st_mode & 0o777 == 0o600


def test_a_used_key_is_refused_with_the_reason_and_never_printed(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    key = machine.key_file()
    assert machine.up(key) == 0
    assert machine.run("logout") == 0
    assert machine.card.addresses == set()
    assert machine.up(key) == 1
    error = capsys.readouterr().err
    assert error.startswith("backend error: invalid key: the one-off key")
    assert key.read_text(encoding="utf-8").strip() not in error


def test_up_again_needs_no_key_and_stays_the_same_device(machine: Machine) -> None:
    assert machine.up(machine.key_file()) == 0
    assert machine.run("up", f"--login-server={machine.server}") == 0
    devices = machine.api("GET", "/api/v2/tailnet/-/devices")["devices"]
    assert [row["addresses"][0] for row in devices] == ["100.64.0.16"]


def test_a_device_removed_from_the_tailnet_loses_its_address(machine: Machine) -> None:
    assert machine.up(machine.key_file()) == 0
    daemon = machine.modules["daemon"]
    assert daemon._beat("") == ""
    device = machine.api("GET", "/api/v2/tailnet/-/devices")["devices"][0]
    machine.api("DELETE", f"/api/v2/device/{device['id']}")
    assert "device not found" in daemon._beat("")
    assert machine.card.addresses == set()
    assert machine.run("ip", "-4") == 1


def test_an_unreachable_control_server_is_given_up_in_time(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("--auth-key=x", "--login-server=http://127.0.0.1:9", "--timeout=1s")
    assert machine.run("up", *arguments) == 1
    assert "timeout waiting for Tailscale" in capsys.readouterr().err


def test_nothing_works_without_the_daemon(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.modules["cli"].PID.unlink()
    assert machine.up(machine.key_file()) == 1
    assert "systemctl start tailscaled" in capsys.readouterr().err


def test_the_client_says_that_it_is_a_stand_in(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert machine.run("version") == 0
    assert "not Tailscale" in capsys.readouterr().out
    control = (PACKAGE / "DEBIAN/control").read_text(encoding="utf-8")
    assert "not Tailscale" in control
    assert sys.modules["tailnet_standin"].VERSION in control
