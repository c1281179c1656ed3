"""Where the other servers are, as nginx reads it."""

import socket
from pathlib import Path
from typing import Any

import pytest

from host.fks_deploy import peers, tree
from host.fks_deploy.paths import Paths

API = {"api": "api.example.org"}


def test_a_peer_is_an_upstream_whose_connections_are_kept(tmp_path: Path) -> None:
    assert peers.refresh(Paths(tmp_path), API, lambda _: ["100.64.0.4"]) == ["api.conf"]
    assert (Paths(tmp_path).peers / "api.conf").read_text() == (
        "# api.example.org, kept by fks-peers\n"
        "upstream api_peer {\n    server 100.64.0.4:443;\n    keepalive 16;\n}\n"
    )


def test_an_unchanged_address_changes_nothing_and_a_new_one_does(tmp_path: Path) -> None:
    peers.refresh(Paths(tmp_path), API, lambda _: ["100.64.0.4"])
    assert peers.refresh(Paths(tmp_path), API, lambda _: ["100.64.0.4"]) == []
    assert peers.refresh(Paths(tmp_path), API, lambda _: ["100.64.0.9"]) == ["api.conf"]
    assert "100.64.0.9:443" in (Paths(tmp_path).peers / "api.conf").read_text()


def test_a_name_that_never_had_an_address_is_refused_at_once(tmp_path: Path) -> None:
    peers.refresh(Paths(tmp_path), API, lambda _: [])
    assert f"server {peers.NOWHERE};" in (Paths(tmp_path).peers / "api.conf").read_text()


def test_an_address_stays_while_the_dns_is_silent(tmp_path: Path) -> None:
    peers.refresh(Paths(tmp_path), API, lambda _: ["100.64.0.4"])
    assert peers.refresh(Paths(tmp_path), API, lambda _: []) == []
    assert "100.64.0.4:443" in (Paths(tmp_path).peers / "api.conf").read_text()


def test_the_address_of_another_name_does_not_stay(tmp_path: Path) -> None:
    peers.refresh(Paths(tmp_path), API, lambda _: ["100.64.0.4"])
    assert peers.refresh(Paths(tmp_path), {"api": "api.example.com"}, lambda _: []) == ["api.conf"]
    assert "100.64.0.4" not in (Paths(tmp_path).peers / "api.conf").read_text()


def test_a_peer_that_is_no_longer_asked_goes(tmp_path: Path) -> None:
    peers.refresh(Paths(tmp_path), API, lambda _: ["100.64.0.4"])
    assert peers.refresh(Paths(tmp_path), {}, lambda _: []) == ["api.conf"]
    assert list(Paths(tmp_path).peers.iterdir()) == []


def test_the_mark_is_there_before_the_file_changes_and_only_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = Paths(tmp_path)
    peers.refresh(paths, API, lambda _: ["100.64.0.4"])
    paths.reload_needed.unlink()
    peers.refresh(paths, API, lambda _: ["100.64.0.4"])
    assert not paths.reload_needed.exists()

    def dies(*_: Any) -> list[str]:
        raise KeyboardInterrupt

    monkeypatch.setattr(tree, "sync", dies)
    with pytest.raises(KeyboardInterrupt):
        peers.refresh(paths, API, lambda _: ["100.64.0.9"])
    assert paths.reload_needed.exists()


def test_only_tailnet_addresses_count(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(*_: Any) -> list[Any]:
        addresses = ("100.64.0.9", "198.51.100.7", "100.64.0.4")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    assert peers.resolve("api.example.org") == ["100.64.0.4", "100.64.0.9"]


def test_a_name_that_cannot_be_asked_for_has_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> list[Any]:
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", fails)
    assert peers.resolve("api.example.org") == []
