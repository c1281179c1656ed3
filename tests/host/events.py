"""Simulated events on a server: the name server changes, certbot renews a certificate."""

import subprocess

from tests.host.server import Server


def change_name_server(server: Server, address: str) -> None:
    """From now on resolv.conf names this server."""
    server.paths.resolv_conf.write_text(f"nameserver {address}\n")


def renew_certificate(server: Server) -> str:
    """Run certbot as its timer does; returns the new key and chain, as in the edge's file."""
    command = [*("certonly", "--config-dir", str(server.paths.letsencrypt), "--cert-name", "api")]
    command += ["--server", "https://acme.example.org/directory", "--domain", "api.example.org"]
    command += ["--dns-cloudflare-propagation-seconds", "30"]
    subprocess.run([server.bin / "certbot", *command], check=True, capture_output=True)
    live = server.paths.letsencrypt / "live/api"
    return (live / "privkey.pem").read_text() + (live / "fullchain.pem").read_text()


def reload_count(server: Server) -> int:
    """The number of reloads of the edge outside of deploys."""
    return sum(call[0] == "exec" for call in server.calls("exec", "reload"))
