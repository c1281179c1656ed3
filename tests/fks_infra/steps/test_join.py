"""The join: bounded waits, and errors that say which of the many reasons it was."""

import json
import socket
import threading
from ipaddress import ip_network
from typing import Any

import pytest

from fks_infra.clouds import tailscale as steps
from fks_infra.clouds.http import RefusedError
from fks_infra.clouds.tailscale import Credentials, Tailnet
from fks_infra.steps import host_key as hostkey
from fks_infra.steps import join
from fks_infra.steps.join import Awaited, Patience
from tests.fks_infra.conftest import Api, SshServer

DEVICES = "/api/v2/tailnet/fks.example/devices"


def device(identifier: str, hostname: str, created: str = "2026-01-01", **more: Any) -> Any:
    return {
        "id": identifier,
        "hostname": hostname,
        "created": created,
        "addresses": ["fd7a::1", "100.64.0.7"],
        "tags": ["tag:fks-auth"],
        **more,
    }


def awaited(ssh_address: str | None = None) -> Awaited:
    tags = frozenset({"tag:fks-auth"})
    return Awaited(server="auth", hostname="fks-auth-9", tags=tags, ssh_address=ssh_address)


@pytest.fixture
def tailnet(api: Api) -> Tailnet:
    return Tailnet(Credentials.read(environment(api)))


def environment(api: Api) -> dict[str, str]:
    return {
        "TAILSCALE_BASE_URL": api.base,
        "TAILSCALE_TAILNET": "fks.example",
        "TAILSCALE_API_KEY": "tskey-canary",
    }


def test_a_server_is_found_when_it_comes_and_its_host_key_is_read(
    api: Api,
    tailnet: Tailnet,
    ssh_server: SshServer,
    patience: Patience,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hostkey, "SSH_PORT", ssh_server.port)
    others = {"devices": [device("1", "laptop")]}
    there = {"devices": [device("1", "laptop"), device("2", "fks-auth-9")]}
    api.say("GET", DEVICES, (200, others), (503, "later"), (200, there))
    found = join.wait(tailnet, awaited("127.0.0.1"), patience)
    assert found == {"address": "100.64.0.7", "host_key": ssh_server.host_key}


def test_of_two_devices_of_a_name_the_newer_counts(api: Api, tailnet: Tailnet) -> None:
    old = device("1", "fks-auth-9", "2026-01-01", addresses=["100.64.0.1"])
    new = device("2", "fks-auth-9", "2026-02-01", addresses=["100.64.0.2"])
    api.say("GET", DEVICES, (200, {"devices": [new, old]}))
    found = tailnet.newest("fks-auth-9")
    assert found is not None
    assert found.address == "100.64.0.2"


def test_a_namesake_that_was_there_before_does_not_hide_the_server(
    api: Api,
    tailnet: Tailnet,
    ssh_server: SshServer,
    patience: Patience,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hostkey, "SSH_PORT", ssh_server.port)
    monkeypatch.setattr(hostkey, "DIAL_SECONDS", 0.05)
    # Nothing listens there.
    before = device("1", "fks-auth-9", "2026-01-01", addresses=["127.0.0.2"])
    laptop = device("2", "fks-auth-9", "2026-03-01", addresses=["127.0.0.1"], tags=[])
    # Of the tailnet's range, and here.
    monkeypatch.setattr(steps, "_RANGE", ip_network("127.0.0.0/8"))
    server = device("3", "fks-auth-9", "2026-02-01", addresses=["127.0.0.1"])
    early, late = {"devices": [before, laptop]}, {"devices": [before, laptop, server]}
    api.say("GET", DEVICES, (200, early), (200, early), (200, late))
    assert join.wait(tailnet, awaited(), patience)["address"] == "127.0.0.1"


def test_a_device_without_a_tailnet_address_is_not_there_yet(api: Api, tailnet: Tailnet) -> None:
    api.say("GET", DEVICES, (200, {"devices": [device("1", "x", addresses=["192.0.2.1"])]}))
    found = tailnet.newest("x")
    assert found is not None
    assert found.address is None


def test_a_server_that_never_joined_can_be_rebuilt_with_a_given_command(
    api: Api, tailnet: Tailnet, impatience: Patience
) -> None:
    api.say("GET", DEVICES, (200, {"devices": []}))
    with pytest.raises(RefusedError) as raised:
        join.wait(tailnet, awaited(), impatience)
    text = str(raised.value)
    assert "fks-auth-9 did not join the tailnet" in text
    assert "pulumi config set --path fks:generation.auth N" in text
    assert "the API answers, without this machine" in text


def test_the_last_trouble_with_the_api_is_told(
    api: Api, tailnet: Tailnet, impatience: Patience
) -> None:
    api.say("GET", DEVICES, (503, "later"))
    with pytest.raises(RefusedError, match="answered 503"):
        join.wait(tailnet, awaited(), impatience)


def test_refused_credentials_end_the_wait_at_once(
    api: Api, tailnet: Tailnet, patience: Patience
) -> None:
    api.say("GET", DEVICES, (403, {"message": "no"}))
    with pytest.raises(RefusedError, match=r"answered 403.*renew"):
        join.wait(tailnet, awaited(), patience)
    assert len(api.requests) == 1


def test_a_closed_ssh_port_is_told_apart_from_a_missing_server(
    api: Api, tailnet: Tailnet, impatience: Patience, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hostkey, "SSH_PORT", 1)
    api.say("GET", DEVICES, (200, {"devices": [device("2", "fks-auth-9")]}))
    with pytest.raises(RefusedError) as raised:
        join.wait(tailnet, awaited("127.0.0.1"), impatience)
    text = str(raised.value)
    assert "is in the tailnet, but SSH at 127.0.0.1 cannot be reached" in text
    assert "Connection refused" in text
    assert "fks:deployVia: public" in text


def test_a_port_that_accepts_and_stays_silent_does_not_hang(
    silent_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hostkey, "SSH_PORT", silent_port)
    monkeypatch.setattr(hostkey, "DIAL_SECONDS", 0.05)
    last: list[str] = []
    assert hostkey.scan("127.0.0.1", last) is None
    assert "timed out" in last[0]


def test_a_port_that_speaks_something_else_is_no_ssh(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        monkeypatch.setattr(hostkey, "SSH_PORT", listener.getsockname()[1])
        greeter = threading.Thread(target=lambda: listener.accept()[0].sendall(b"220 mail"))
        greeter.start()
        last: list[str] = []
        assert hostkey.scan("127.0.0.1", last) is None
        greeter.join()
    assert last[0].endswith("answers, but not with SSH")


def test_removing_takes_every_device_of_the_name_and_no_other(
    api: Api, tailnet: Tailnet, patience: Patience
) -> None:
    listed = [device("1", "fks-auth-9"), device("2", "fks-auth-9"), device("3", "fks-auth-10")]
    api.say("GET", DEVICES, (200, {"devices": listed}))
    api.say("DELETE", "/api/v2/device/1", (200, ""))
    join.remove(tailnet, "fks-auth-9", patience)
    deleted = [request.path for request in api.requests if request.method == "DELETE"]
    assert deleted == ["/api/v2/device/1", "/api/v2/device/2"]


def test_removing_gives_up_with_a_remedy(api: Api, tailnet: Tailnet, impatience: Patience) -> None:
    api.say("GET", DEVICES, (500, "broken"))
    with pytest.raises(RefusedError, match=r"could not be taken out.*admin console"):
        join.remove(tailnet, "fks-auth-9", impatience)


def test_an_api_key_goes_as_basic_user(api: Api, tailnet: Tailnet) -> None:
    api.say("GET", DEVICES, (200, {"devices": []}))
    tailnet.named("x")
    assert api.requests[0].headers["Authorization"] == "Basic dHNrZXktY2FuYXJ5Og=="


def test_an_oauth_client_gets_a_token_once(api: Api) -> None:
    environ = {
        **environment(api),
        "TAILSCALE_API_KEY": "",
        "TAILSCALE_OAUTH_CLIENT_ID": "the+id",
        "TAILSCALE_OAUTH_CLIENT_SECRET": "canary&secret",
    }
    api.say("POST", "/api/v2/oauth/token", (200, {"access_token": "tok"}))
    api.say("GET", DEVICES, (200, {"devices": []}))
    tailnet = Tailnet(Credentials.read(environ))
    tailnet.named("x")
    tailnet.named("y")
    assert [request.method for request in api.requests] == ["POST", "GET", "GET"]
    assert api.requests[0].body == (
        "grant_type=client_credentials&client_id=the%2Bid&client_secret=canary%26secret"
    )
    assert api.requests[2].headers["Authorization"] == "Bearer tok"


def test_without_a_tailnet_the_credentials_own_one_is_meant(api: Api) -> None:
    environ = {**environment(api), "TAILSCALE_TAILNET": ""}
    api.say("GET", "/api/v2/tailnet/-/devices", (200, {"devices": []}))
    assert Tailnet(Credentials.read(environ)).named("x") == []


def test_missing_credentials_are_named() -> None:
    with pytest.raises(RefusedError, match="Export TAILSCALE_API_KEY"):
        Credentials.read({})


def test_credentials_show_no_secret(api: Api) -> None:
    assert "canary" not in repr(Credentials.read(environment(api)))


def test_the_command_prints_one_line_of_json(
    api: Api,
    ssh_server: SshServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in environment(api).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(hostkey, "SSH_PORT", ssh_server.port)
    api.say("GET", DEVICES, (200, {"devices": [device("2", "fks-auth-9")]}))
    words = "wait --server auth --hostname fks-auth-9 --tags tag:fks-auth --timeout 20"
    words += " --ssh-address 127.0.0.1"
    assert join.main(words.split()) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["address"] for line in lines] == ["100.64.0.7"]


def test_the_command_fails_with_a_paragraph_and_no_secret(
    api: Api, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environment(api).items():
        monkeypatch.setenv(name, value)
    api.say("GET", DEVICES, (401, {"message": "tskey-canary"}))
    assert join.main(["remove", "--hostname", "x"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "answered 401" in captured.err
    assert "canary" not in captured.err
