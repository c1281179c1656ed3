"""An older server, which no stack knows: sshd, Docker's client, and a project of Compose.

Its containers run on the machine's own engine, labelled as Compose labels them; nothing of it is
made by `fks`. Names, database and user are other ones than those of a stack.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import docker
from docker.models.containers import Container

from rehearsal.world import docker_api as api
from rehearsal.world.names import EXTERNAL_HOST, LABELS, WORLD
from rehearsal.world.progress import wait_until
from rehearsal.world.stand_in_clouds import DOCKER_SOCKET, engine_socket

ADDRESS = f"ssh://root@{EXTERNAL_HOST}"
PROJECT = f"{WORLD}legacy"
USER, DATABASE = "trader", "old_trading"
# What the writer was answered
ACKNOWLEDGED = "/app/data/acknowledged"
_OF_PROJECT: dict[str, str | list[str] | bool] = {"label": f"com.docker.compose.project={PROJECT}"}
_RESTART: Any = {"Name": "unless-stopped"}
_PASSWORD = "legacy-secret-1!"
_SSHD = (
    "mkdir -p /run/sshd ~/.ssh; ssh-keygen -q -A; "
    'printf %s "$OPERATOR_KEY" >~/.ssh/authorized_keys; exec /usr/sbin/sshd -D -e'
)
# The application: it writes rows, and each number to a file of its volume.
_WRITER = f"""
insert="INSERT INTO trades (symbol) VALUES ('NQ') RETURNING id"
while :; do
  id=$(psql -qtAX -c "$insert") && echo "$id" >>{ACKNOWLEDGED} || sleep 0.2
  sleep 0.05
done
"""
# Roles and privileges that no stack has
_SCHEMA = """
CREATE TABLE trades (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    symbol text NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE ROLE reader;
CREATE ROLE keeper;
CREATE TABLE kept (name text PRIMARY KEY, value bytea);
ALTER TABLE kept OWNER TO keeper;
GRANT SELECT ON trades TO reader;
INSERT INTO kept SELECT 'k' || n, decode(md5(n::text), 'hex') FROM generate_series(1, 5000) AS n;
"""


@dataclass(frozen=True)
class LegacyServer:
    """`host` has sshd; the services of the project are beside it."""

    client: docker.DockerClient
    host: Container

    @classmethod
    @contextmanager
    def started(
        cls, client: docker.DockerClient, image: str, key: str, rows: int
    ) -> Iterator[LegacyServer]:
        """Start all, with rows in the database; remove all at the end. `image` is that of the
        servers, `key` the operator's public key."""
        socket, program = engine_socket(os.environ), shutil.which("docker")
        host = api.create(
            client,
            "legacy",
            image,
            EXTERNAL_HOST,
            entrypoint=["/bin/sh", "-c", _SSHD],
            environment={"OPERATOR_KEY": key},
            volumes={
                socket: {"bind": DOCKER_SOCKET, "mode": "rw"},
                program: {"bind": "/usr/local/bin/docker", "mode": "ro"},
            },
        )
        found = cls(client, host)
        try:
            host.start()
            found._start_project(rows)
            yield found
        finally:
            found._remove()

    def sql(self, statement: str) -> str:
        """Its rows, from the database of the project."""
        psql = ["psql", "-U", USER, "-d", DATABASE, "-qtAX", "-v", "ON_ERROR_STOP=1", "-c"]
        code, output = api.execute(self.service("postgres"), [*psql, statement])
        if code:
            raise RuntimeError(f"{statement}: {output}")
        return output.strip()

    def service(self, name: str) -> Container:
        return self.client.containers.get(f"{PROJECT}_{name}_1")

    def running(self) -> list[str]:
        """The services that run."""
        found = self.client.containers.list(filters=_OF_PROJECT)
        return sorted(one.labels["com.docker.compose.service"] for one in found)

    def host_key(self) -> str:
        """For known_hosts."""
        code, text = api.execute(self.host, ["cat", "/etc/ssh/ssh_host_ed25519_key.pub"])
        if code:
            raise RuntimeError(text)
        return f"{EXTERNAL_HOST} {' '.join(text.split()[:2])}"

    def _start_project(self, rows: int) -> None:
        network = f"{PROJECT}_default"
        self.client.networks.create(network, driver="bridge", labels=LABELS)
        database = {
            "POSTGRES_USER": USER,
            "POSTGRES_DB": DATABASE,
            "POSTGRES_PASSWORD": _PASSWORD,
        }
        places = {"postgres_data": "/var/lib/postgresql/data"}
        self._run("postgres", "postgres", network, places, environment=database)
        lines = "--save 300 1 --appendonly yes --maxmemory 512mb --maxmemory-policy allkeys-lru"
        command = ["redis-server", *lines.split()]
        self._run("redis", "redis", network, {"redis_data": "/data"}, command=command)
        wait_until("the legacy database answers", self._no_database, 60)
        time.sleep(1)
        wait_until("the legacy database has started again", self._no_database, 60)
        self.sql(_SCHEMA)
        self.sql(f"INSERT INTO trades (symbol) SELECT 'ES' FROM generate_series(1, {rows})")
        client = {
            "PGHOST": "postgres",
            "PGUSER": USER,
            "PGDATABASE": DATABASE,
            "PGPASSWORD": _PASSWORD,
            "PGCONNECT_TIMEOUT": "2",
        }
        options: dict[str, Any] = {"environment": client, "init": True, "user": "0"}
        writer = {"entrypoint": ["bash", "-c"], "command": [_WRITER], **options}
        files = {"trading_data": "/app/data", "model_data": "/app/models"}
        self._run("api", "postgres", network, files, **writer)
        idle = {"entrypoint": ["sleep", "infinity"], **options}
        self._run("worker", "postgres", network, files, **idle)

    def _run(
        self, service: str, image: str, network: str, volumes: dict[str, str], **options: Any
    ) -> None:
        labels = {
            "com.docker.compose.project": PROJECT,
            "com.docker.compose.service": service,
            **LABELS,
        }
        for name in volumes:
            self.client.volumes.create(f"{PROJECT}_{name}", labels=LABELS)
        container = self.client.containers.create(
            f"fks-rehearsal/{image}",
            name=f"{PROJECT}_{service}_1",
            labels=labels,
            network=network,
            networking_config={network: self.client.api.create_endpoint_config(aliases=[service])},
            restart_policy=_RESTART,
            volumes={f"{PROJECT}_{name}": {"bind": path} for name, path in volumes.items()},
            **options,
        )
        container.start()

    def _no_database(self) -> str | None:
        try:
            self.sql("SELECT 1")
        except RuntimeError as error:
            return str(error)
        return None

    def _remove(self) -> None:
        for one in (*self.client.containers.list(all=True, filters=_OF_PROJECT), self.host):
            one.remove(force=True, v=True)
        for volume in self.client.volumes.list(filters={"name": f"{PROJECT}_"}):
            volume.remove()
        for network in self.client.networks.list(names=[f"{PROJECT}_default"]):
            network.remove()
