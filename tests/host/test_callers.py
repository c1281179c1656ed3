"""The servers whose edges pass requests on to this one: nginx believes their X-Forwarded-For."""

import json
from typing import Any

from host.fks_deploy import edge_refresh
from tests.host.server import Server

TEMPLATE = {"nginx/vhosts/api.conf.template": "${API_CALLERS} # ${LISTEN_ADDRESS}\n"}
WEB = {"TailscaleIPs": ["fd7a:115c:a1e0::9", "100.64.0.9"], "Tags": ["tag:fks-web"]}


def change_tailnet(server: Server, **peers: Any) -> None:
    status = {"Self": {"TailscaleIPs": ["127.0.0.1"], "Tags": ["tag:fks-api"]}, "Peer": peers}
    (server.bin / "tailscale.json").write_text(json.dumps(status))


def served(server: Server) -> str:
    return (server.paths.nginx / "vhosts/api.conf").read_text()


def test_the_caller_is_found_by_its_tag(server: Server) -> None:
    other = {"TailscaleIPs": ["100.64.0.5"], "Tags": ["tag:fks-auth"]}
    change_tailnet(server, web=WEB, auth=other)
    assert server.deploy(server.upload(TEMPLATE)).returncode == 0
    assert served(server) == "set_real_ip_from 100.64.0.9; # 127.0.0.1\n"


def test_a_caller_that_moved_is_found_between_deploys(server: Server, monkeypatch: Any) -> None:
    change_tailnet(server)
    assert server.deploy(server.upload(TEMPLATE)).returncode == 0
    assert served(server) == " # 127.0.0.1\n"
    change_tailnet(server, web=WEB)
    monkeypatch.setenv("PATH", str(server.bin), prepend=":")
    assert edge_refresh.refresh(server.paths) == 0
    assert served(server) == "set_real_ip_from 100.64.0.9; # 127.0.0.1\n"


def test_a_deploy_does_not_need_tailscaled(server: Server) -> None:
    (server.bin / "tailscale").write_text("#!/bin/sh\nexit 1\n")
    assert server.deploy(server.upload(TEMPLATE)).returncode == 0
    assert served(server) == " # 127.0.0.1\n"
    assert "no callers of this server are known" in server.paths.log.read_text()
