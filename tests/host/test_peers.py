"""The upstreams of nginx for the other servers."""

import socket
from pathlib import Path
from typing import Any

import pytest

from host.fks_deploy import file_tree, peers
from host.fks_deploy.paths import Paths

API = {"api": "api.example.org"}


def test_a_peer_is_an_upstream_with_keepalive(tmp_path: Path) -> None:
    assert peers.refresh(Paths(tmp_path), API, lambda _: ["100.64.0.4"]) == ["api.conf"]
    assert (Paths(tmp_path).peers / "api.conf").read_text() == (
        "# api.example.org, kept by fks-peers\n"
        "upstream api_peer {\n    server 100.64.0.4:443;\n    keepalive 16;\n}\n"
    )


def test_only_a_new_address_changes_the_file(tmp_path: Path) -> None:
    peers.refresh(Paths(tmp_path), API, lambda _: ["100.64.0.4"])
    assert peers.refresh(Paths(tmp_path), API, lambda _: ["100.64.0.4"]) == []
    assert peers.refresh(Paths(tmp_path), API, lambda _: ["100.64.0.9"]) == ["api.conf"]
    assert "100.64.0.9:443" in (Paths(tmp_path).peers / "api.conf").read_text()


def test_a_name_without_an_address_becomes_a_closed_upstream(tmp_path: Path) -> None:
    peers.refresh(Paths(tmp_path), API, lambda _: [])
    assert f"server {peers.CLOSED_ADDRESS};" in (Paths(tmp_path).peers / "api.conf").read_text()


def test_the_address_stays_while_lookups_fail(tmp_path: Path) -> None:
    peers.refresh(Paths(tmp_path), API, lambda _: ["100.64.0.4"])
    assert peers.refresh(Paths(tmp_path), API, lambda _: []) == []
    assert "100.64.0.4:443" in (Paths(tmp_path).peers / "api.conf").read_text()


def test_the_address_of_another_name_is_not_kept(tmp_path: Path) -> None:
    peers.refresh(Paths(tmp_path), API, lambda _: ["100.64.0.4"])
    assert peers.refresh(Paths(tmp_path), {"api": "api.example.com"}, lambda _: []) == ["api.conf"]
    assert "100.64.0.4" not in (Paths(tmp_path).peers / "api.conf").read_text()


def test_the_file_of_a_removed_peer_is_deleted(tmp_path: Path) -> None:
    peers.refresh(Paths(tmp_path), API, lambda _: ["100.64.0.4"])
    assert peers.refresh(Paths(tmp_path), {}, lambda _: []) == ["api.conf"]
    assert list(Paths(tmp_path).peers.iterdir()) == []


def test_the_marker_is_created_before_a_change_and_not_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = Paths(tmp_path)
    peers.refresh(paths, API, lambda _: ["100.64.0.4"])
    paths.reload_needed.unlink()
    peers.refresh(paths, API, lambda _: ["100.64.0.4"])
    assert not paths.reload_needed.exists()

    def interrupt(*_: Any) -> list[str]:
        raise KeyboardInterrupt

    monkeypatch.setattr(file_tree, "sync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        peers.refresh(paths, API, lambda _: ["100.64.0.9"])
    assert paths.reload_needed.exists()


def test_only_tailnet_addresses_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(*_: Any) -> list[Any]:
        addresses = ("100.64.0.9", "198.51.100.7", "100.64.0.4")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    assert peers.resolve("api.example.org") == ["100.64.0.4", "100.64.0.9"]


def test_a_failed_lookup_returns_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> list[Any]:
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", fails)
    assert peers.resolve("api.example.org") == []
