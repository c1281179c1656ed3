"""A server in a temporary directory: its files, the stand-in docker, and an HTTPS service."""

import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from host.fks_deploy.paths import Paths
from tests.background_server import running
from tests.tls import certify

REPOSITORY = Path(__file__).resolve().parents[2]
DEPLOY = REPOSITORY / "host/bin/deploy"
HEALTHY = '{"status": "healthy"}'
API = "docker.io/example/fks:api-latest"
EDGE = "docker.io/example/fks:nginx-latest"
ACME_DNS_TOKEN = "canary+dns/token"


def image(number: int, repository: str = "example/fks") -> dict[str, Any]:
    """An image in the state of the stand-in docker."""
    return {"id": f"sha256:{number:064x}", "digests": [f"{repository}@sha256:{number:063x}f"]}


class Service:
    """Answers every HTTPS request with `status` and `body`, and records host and path of each."""

    def __init__(self, authority: Path, *names: str) -> None:
        self.body = HEALTHY
        self.status = 200
        self.requests: list[tuple[str, str]] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service.requests.append((self.headers["Host"], self.path))
                self.send_response(service.status)
                self.end_headers()
                self.wfile.write(service.body.encode())

            def log_message(self, format: str, *args: Any) -> None:
                """No log."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        certify(self._http, authority, *names)
        self.port = self._http.server_port

    @contextmanager
    def serving(self) -> Iterator["Service"]:
        with running(self._http):
            yield self


@dataclass
class Server:
    """One server below `root`. Each deploy request has `secrets`, `registries` and
    `alert_webhook`."""

    root: Path
    service: Service
    secrets: dict[str, dict[str, str]] = field(
        default_factory=lambda: {"api": {"JWT_SECRET": "canary+jwt/secret"}}
    )
    registries: list[dict[str, str]] = field(default_factory=list)
    alert_webhook: str = ""

    def __post_init__(self) -> None:
        self.paths = Paths(self.root)
        self.bin = self.root / "bin"
        for directory in (self.bin, self.paths.incoming, self.paths.role.parent):
            directory.mkdir(parents=True)
        self.paths.role.write_text("SERVER=api\nROLES=api\n")
        self.paths.resolv_conf.write_text("nameserver 192.0.2.53\n")
        status = {"Self": {"TailscaleIPs": ["127.0.0.1"]}, "Peer": {}}
        (self.bin / "tailscale.json").write_text(json.dumps(status))
        for name in ("docker", "certbot", "tailscale"):
            fake = self.bin / name
            text = (Path(__file__).parent / name).read_text()
            fake.write_text(text.replace("/usr/bin/env python3", f"{sys.executable} -S", 1))
            fake.chmod(0o755)
        self.change(
            registry={API: image(1), EDGE: image(2)},
            **{key: [] for key in ("local", "broken", "logs", "half_made")},
            containers={},
            files={},
            copies={},
            network="network-1",
            restarts=0,
            down=0,
            down_after_restart=5,
        )

    @property
    def state(self) -> dict[str, Any]:
        """The state of the stand-in docker."""
        file = self.bin / "state.json"
        return dict(json.loads(file.read_text())) if file.exists() else {}

    def change(self, **parts: Any) -> None:
        """Change keys of the stand-in's state, which may read it at the same time."""
        scratch = self.bin / "state.json.test"
        scratch.write_text(json.dumps({**self.state, **parts}))
        scratch.replace(self.bin / "state.json")

    def calls(self, *arguments: str) -> list[list[str]]:
        """The docker calls so far that contain all of `arguments`."""
        file = self.bin / "calls.jsonl"
        lines = file.read_text().splitlines() if file.exists() else []
        calls = [json.loads(line)["arguments"] for line in lines]
        return [call for call in calls if set(arguments) <= set(call)]

    def journal(self) -> list[dict[str, Any]]:
        """The entries of the deploy journal."""
        return [json.loads(line) for line in self.paths.journal.read_text().splitlines()]

    def upload(self, files: Mapping[str, str] | None = None, **env: str) -> str:
        """Upload a release; returns its digest."""
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as tar:
            for name, text in sorted({**self.release(env), **(files or {})}.items()):
                entry = tarfile.TarInfo(name)
                entry.size = len(text.encode())
                tar.addfile(entry, io.BytesIO(text.encode()))
        digest = hashlib.sha256(buffer.getvalue()).hexdigest()
        (self.paths.incoming / f"{digest}.tar").write_bytes(buffer.getvalue())
        return digest

    def release(self, env: Mapping[str, str]) -> dict[str, str]:
        """The files of a small release of the api server."""
        values = {"IMAGE_API": API, "IMAGE_EDGE": EDGE, "API_DOMAIN": "api.example.org", **env}
        services = {
            "api": {"image": "${IMAGE_API:?}", "secrets": [{"source": "JWT_SECRET"}]},
            "edge": {"image": "${IMAGE_EDGE:?}"},
        }
        secret = {"file": "${FKS_SECRETS}/api/JWT_SECRET"}
        probe = {
            "name": "api",
            "host": "api.example.org",
            "path": "/health/deep",
            "expect": {"status": 200, "json": {"status": ["healthy", "ok"]}},
        }
        return {
            "release.json": json.dumps(
                {
                    "server": "api",
                    "roles": ["api"],
                    "services": {"api": ["api"]},
                    "domains": {"api": "api.example.org"},
                    "project": "fks",
                    "compose_file": "compose/api.yaml",
                    "authority": {
                        "server": "https://acme.example.org/directory",
                        "email": "",
                        "dns_propagation_seconds": 0,
                    },
                    "certificates": [{"name": "api", "domains": ["api.example.org"]}],
                    "callers": {"api": ["tag:fks-web"]},
                    "probes": [probe],
                }
            ),
            "release.env": "".join(f"{name}={value}\n" for name, value in values.items()),
            "compose/api.yaml": json.dumps(
                {"services": services, "secrets": {"JWT_SECRET": secret}}
            ),
            "compose/lib/with-secrets.sh": "#!/bin/sh\n",
            "nginx/vhosts/api.conf.template": (
                "listen ${LISTEN_ADDRESS}:443; resolver ${RESOLVERS}; # ${API_DOMAIN}\n"
            ),
        }

    def start_deploy(
        self, digest: str, *options: str, stdout: int = subprocess.PIPE
    ) -> subprocess.Popen[str]:
        """Start bin/deploy and send its deploy request."""
        waits = ["--probe-wait=0", "--lock-wait=0", *options]
        deploy = [sys.executable, str(Path(__file__).parent / "deploy"), str(self.service.port)]
        process = subprocess.Popen(
            [*deploy, f"--root={self.root}", f"--digest={digest}", *waits],
            stdin=subprocess.PIPE,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PATH": f"{self.bin}:{os.environ['PATH']}", "SUDO_USER": "deploy"},
        )
        assert process.stdin is not None
        process.stdin.write(json.dumps(self.request()))
        process.stdin.close()
        process.stdin = None
        return process

    def request(self) -> dict[str, Any]:
        """The deploy request, as fks_infra sends it."""
        return {
            "address": "127.0.0.1",
            "secrets": self.secrets,
            "acme_dns_token": ACME_DNS_TOKEN,
            "alert_webhook": self.alert_webhook,
            "registries": self.registries,
        }

    def deploy(self, digest: str, *options: str) -> subprocess.CompletedProcess[str]:
        """Run bin/deploy and wait for its end."""
        return self.finish(self.start_deploy(digest, *options))

    def finish(self, process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
        """Wait for the end of a deploy."""
        out, err = process.communicate(timeout=180)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)
