"""The join: waits with a deadline, and errors with the reason."""

import json
from ipaddress import ip_network
from typing import Any

import pytest

from fks_infra.clouds import tailscale_device
from fks_infra.clouds.http import RejectedError
from fks_infra.clouds.retry import RetryPolicy
from fks_infra.clouds.tailscale import Tailscale
from fks_infra.steps import host_key, join
from fks_infra.steps.join import ExpectedServer
from tests.fks_infra.conftest import ScriptedApi, SshServer

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


def expected(ssh_address: str | None = None, **more: str) -> ExpectedServer:
    tags = frozenset({"tag:fks-auth"})
    return ExpectedServer(
        server="auth", hostname="fks-auth-9", tags=tags, ssh_address=ssh_address, **more
    )


@pytest.fixture
def tailscale(api: ScriptedApi) -> Tailscale:
    return Tailscale.from_environ(environment(api))


def environment(api: ScriptedApi) -> dict[str, str]:
    return {
        "TAILSCALE_BASE_URL": api.base,
        "TAILSCALE_TAILNET": "fks.example",
        "TAILSCALE_API_KEY": "tskey-canary",
    }


def test_a_server_is_found_when_it_has_joined_and_its_host_key_is_read(
    api: ScriptedApi,
    tailscale: Tailscale,
    ssh_server: SshServer,
    retries: RetryPolicy,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(host_key, "SSH_PORT", ssh_server.port)
    others = {"devices": [device("1", "laptop")]}
    there = {"devices": [device("1", "laptop"), device("2", "fks-auth-9")]}
    api.respond("GET", DEVICES, (200, others), (503, "later"), (200, there))
    found = join.wait(tailscale, expected("127.0.0.1"), retries)
    assert found == {"address": "100.64.0.7", "host_key": ssh_server.host_key}


def test_an_older_device_of_the_same_host_name_does_not_hide_the_server(
    api: ScriptedApi,
    tailscale: Tailscale,
    ssh_server: SshServer,
    retries: RetryPolicy,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(host_key, "SSH_PORT", ssh_server.port)
    monkeypatch.setattr(host_key, "DIAL_SECONDS", 0.05)
    # Nothing listens there.
    before = device("1", "fks-auth-9", "2026-01-01", addresses=["127.0.0.2"])
    laptop = device("2", "fks-auth-9", "2026-03-01", addresses=["127.0.0.1"], tags=[])
    # Loopback has to count as the tailnet here.
    monkeypatch.setattr(tailscale_device, "TAILNET_RANGE", ip_network("127.0.0.0/8"))
    server = device("3", "fks-auth-9", "2026-02-01", addresses=["127.0.0.1"])
    early, late = {"devices": [before, laptop]}, {"devices": [before, laptop, server]}
    api.respond("GET", DEVICES, (200, early), (200, early), (200, late))
    assert join.wait(tailscale, expected(), retries)["address"] == "127.0.0.1"


@pytest.fixture
def reachable(ssh_server: SshServer, monkeypatch: pytest.MonkeyPatch) -> SshServer:
    """An SSH server on the port that the step connects to."""
    monkeypatch.setattr(host_key, "SSH_PORT", ssh_server.port)
    return ssh_server


def test_of_two_devices_the_one_at_the_given_address_is_used(
    api: ScriptedApi, tailscale: Tailscale, reachable: SshServer, retries: RetryPolicy
) -> None:
    devices = [device("1", "fks-auth-9", addresses=["100.64.0.5"]), device("2", "fks-auth-9")]
    api.respond("GET", DEVICES, (200, {"devices": devices}))
    server = expected("127.0.0.1", address="100.64.0.5", host_key=reachable.host_key)
    assert join.wait(tailscale, server, retries)["address"] == "100.64.0.5"


def test_another_machine_with_the_servers_name_is_an_error(
    api: ScriptedApi, tailscale: Tailscale, reachable: SshServer, retries: RetryPolicy
) -> None:
    del reachable
    api.respond("GET", DEVICES, (200, {"devices": [device("2", "fks-auth-9")]}))
    server = expected("127.0.0.1", host_key="ssh-ed25519 AAAAother")
    with pytest.raises(RejectedError, match=r"id 2.* has the name of auth, and another SSH host"):
        join.wait(tailscale, server, retries)


def test_a_device_is_used_as_soon_as_it_is_approved(
    api: ScriptedApi, tailscale: Tailscale, reachable: SshServer, retries: RetryPolicy
) -> None:
    del reachable
    waiting = {"devices": [device("2", "fks-auth-9", authorized=False)]}
    approved = {"devices": [device("2", "fks-auth-9")]}
    api.respond("GET", DEVICES, (200, waiting), (200, waiting), (200, approved))
    assert join.wait(tailscale, expected("127.0.0.1"), retries)["address"] == "100.64.0.7"


def test_the_error_for_a_device_that_is_not_approved_has_its_page(
    api: ScriptedApi, tailscale: Tailscale, single_attempt: RetryPolicy
) -> None:
    api.respond("GET", DEVICES, (200, {"devices": [device("2", "fks-auth-9", authorized=False)]}))
    with pytest.raises(RejectedError, match=r"waits for approval: .*/machines/100\.64\.0\.7"):
        join.wait(tailscale, expected(), single_attempt)


def test_the_known_host_key_is_that_of_the_last_run() -> None:
    last = json.dumps({"address": "100.64.0.7", "host_key": "ssh-ed25519 AAAA"})
    assert join.known_host_key({"PULUMI_COMMAND_STDOUT": last}) == "ssh-ed25519 AAAA"
    assert join.known_host_key({}) is None


def test_the_error_for_a_server_that_never_joined_has_the_rebuild_command(
    api: ScriptedApi, tailscale: Tailscale, single_attempt: RetryPolicy
) -> None:
    api.respond("GET", DEVICES, (200, {"devices": []}))
    with pytest.raises(RejectedError) as raised:
        join.wait(tailscale, expected(), single_attempt)
    text = str(raised.value)
    assert "fks-auth-9 did not join the tailnet" in text
    assert "pulumi config set --path fks:generation.auth N" in text
    assert "the API answers, without this machine" in text


def test_the_last_error_of_the_api_is_in_the_message(
    api: ScriptedApi, tailscale: Tailscale, single_attempt: RetryPolicy
) -> None:
    api.respond("GET", DEVICES, (503, "later"))
    with pytest.raises(RejectedError, match="answered 503"):
        join.wait(tailscale, expected(), single_attempt)


def test_rejected_credentials_end_the_wait_at_once(
    api: ScriptedApi, tailscale: Tailscale, retries: RetryPolicy
) -> None:
    api.respond("GET", DEVICES, (403, {"message": "no"}))
    with pytest.raises(RejectedError, match=r"answered 403.*Make a new API access token"):
        join.wait(tailscale, expected(), retries)
    assert len(api.requests) == 1


def test_a_closed_ssh_port_has_another_error_than_a_missing_server(
    api: ScriptedApi,
    tailscale: Tailscale,
    single_attempt: RetryPolicy,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(host_key, "SSH_PORT", 1)
    api.respond("GET", DEVICES, (200, {"devices": [device("2", "fks-auth-9")]}))
    with pytest.raises(RejectedError) as raised:
        join.wait(tailscale, expected("127.0.0.1"), single_attempt)
    text = str(raised.value)
    assert "is in the tailnet, but SSH at 127.0.0.1 cannot be reached" in text
    assert "Connection refused" in text
    assert "fks:deployVia: public" in text


def test_every_device_of_the_host_name_is_removed_and_no_other(
    api: ScriptedApi, tailscale: Tailscale, retries: RetryPolicy
) -> None:
    listed = [device("1", "fks-auth-9"), device("2", "fks-auth-9"), device("3", "fks-auth-10")]
    api.respond("GET", DEVICES, (200, {"devices": listed}))
    api.respond("DELETE", "/api/v2/device/1", (200, ""))
    join.remove(tailscale, "fks-auth-9", retries)
    deleted = [request.path for request in api.requests if request.method == "DELETE"]
    assert deleted == ["/api/v2/device/1", "/api/v2/device/2"]


def test_a_removal_that_fails_has_a_remedy(
    api: ScriptedApi, tailscale: Tailscale, single_attempt: RetryPolicy
) -> None:
    api.respond("GET", DEVICES, (500, "broken"))
    with pytest.raises(RejectedError, match=r"could not be removed.*admin console"):
        join.remove(tailscale, "fks-auth-9", single_attempt)


def test_the_command_prints_one_line_of_json(
    api: ScriptedApi,
    ssh_server: SshServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in environment(api).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(host_key, "SSH_PORT", ssh_server.port)
    api.respond("GET", DEVICES, (200, {"devices": [device("2", "fks-auth-9")]}))
    arguments = "wait --server auth --hostname fks-auth-9 --tags tag:fks-auth --timeout 20"
    arguments += " --ssh-address 127.0.0.1"
    assert join.main(arguments.split()) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["address"] for line in lines] == ["100.64.0.7"]


def test_the_command_fails_with_a_paragraph_and_no_secret(
    api: ScriptedApi, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environment(api).items():
        monkeypatch.setenv(name, value)
    api.respond("GET", DEVICES, (401, {"message": "tskey-canary"}))
    assert join.main(["remove", "--hostname", "x"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "answered 401" in captured.err
    assert "canary" not in captured.err
