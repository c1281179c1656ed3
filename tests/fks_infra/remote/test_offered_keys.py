"""Public keys offered to a real sshd on this machine."""

from dataclasses import replace

import pytest

from fks_infra.remote import ssh
from fks_infra.remote.inventory import DeployedServer
from fks_infra.remote.offered_keys import accepted, still_accepted
from tests.contract.sshd import Servers


def test_public_halves_show_which_keys_are_accepted(sshd: Servers, server: DeployedServer) -> None:
    keys = [sshd.host_key(name).strip() for name in ("k1", "k2", "k3", "other")]
    (first,) = accepted(server, keys[:1])
    assert first.startswith("SHA256:")
    assert len(accepted(server, keys)) == 2
    assert accepted(server, keys[2:]) == []
    assert accepted(server, []) == []


def test_a_proof_needs_a_key_that_is_accepted(sshd: Servers, server: DeployedServer) -> None:
    lines = [sshd.host_key(name).strip() for name in ("k1", "k2", "k3")]
    first, second = (accepted(server, [line])[0] for line in lines[:2])
    right = {first: lines[0]}
    assert still_accepted(server, right, {"SHA256:x": lines[2]}) == []
    assert still_accepted(server, right, {second: lines[1], "SHA256:x": lines[2]}) == [second]
    with pytest.raises(OSError, match="does not say that it accepts the configured key"):
        still_accepted(server, {"SHA256:x": lines[2]}, {second: lines[1]})


def test_more_keys_than_one_login_may_offer(sshd: Servers, server: DeployedServer) -> None:
    kind, blob, _ = sshd.host_key("k3").split()
    # The last characters are of the key itself.
    keys = [f"{kind} {blob[:-3]}{letter}{blob[-2:]} x" for letter in "ABCDEFG"]
    assert accepted(server, keys) == []


def test_a_login_that_ends_before_the_keys_proves_nothing(
    sshd: Servers, server: DeployedServer, silent_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [sshd.host_key("k3").strip()]
    with pytest.raises(OSError, match="Host key verification failed"):
        accepted(replace(server, host_key=sshd.host_key("other").strip()), keys)
    with pytest.raises(OSError, match="did not say"):
        accepted(server, ["hello"])
    monkeypatch.setattr("fks_infra.remote.offered_keys._LIMIT", 0.2)
    monkeypatch.setattr(ssh, "_OPTIONS", (f"Port={silent_port}", "ConnectTimeout=5"))
    with pytest.raises(OSError, match="no answer within"):
        accepted(server, keys)
