"""What Docker's client prints on a legacy server: a project of Compose 1, recorded and shortened,
beside containers that are not of it."""

import json
from typing import Any

PASSWORD = "legacy-secret-1!"


def container(name: str, image: str, **more: Any) -> dict[str, Any]:
    """One of the document of `docker inspect`; `service` without a project is none of Compose."""
    project, service = more.get("project", "fks"), more.get("service", name)
    labels = {"com.docker.compose.project": project, "com.docker.compose.service": service}
    return {
        "Name": f"/{name}",
        "State": {"Status": "running", "Running": more.get("running", True)},
        "Config": {
            "Image": image,
            "Env": more.get("env", []),
            "Entrypoint": more.get("entrypoint"),
            "Cmd": more.get("command", []),
            "Labels": labels if project else None,
        },
        "HostConfig": {"RestartPolicy": {"Name": more.get("restart", "unless-stopped")}},
        "NetworkSettings": {"Networks": {more.get("network", "fks_default"): {}}},
        "Mounts": [
            {"Type": "volume", "Name": volume, "Source": f"/v/{volume}", "Destination": path}
            for volume, path in more.get("mounts", {}).items()
        ],
    }


DATABASE_ENV = [
    "POSTGRES_USER=fks_user",
    "POSTGRES_DB=fks_trading",
    f"POSTGRES_PASSWORD={PASSWORD}",
    "PG_MAJOR=15",
]
API_ENV = [f"DATABASE_URL=postgresql://fks_user:{PASSWORD}@postgres/fks_trading", "PATH=/bin"]
FILES = {"fks_trading_data": "/app/data", "fks_model_data": "/app/models"}
CONTAINERS = [
    container(
        "fks_postgres_1",
        "postgres:15-alpine",
        service="postgres",
        env=DATABASE_ENV,
        entrypoint=["docker-entrypoint.sh"],
        command=["postgres"],
        mounts={"fks_postgres_data": "/var/lib/postgresql/data"},
    ),
    container(
        "fks_redis_1",
        "redis:7-alpine",
        service="redis",
        entrypoint=["docker-entrypoint.sh"],
        command=["redis-server", "--appendonly", "yes"],
        mounts={"fks_redis_data": "/data"},
    ),
    container(
        "fks_api_1",
        "fkstrading/fks-api:latest",
        service="api",
        env=API_ENV,
        mounts=FILES,
        restart="always",
    ),
    container("fks_worker_1", "fkstrading/fks-api:latest", service="worker", env=API_ENV),
    container(
        "fks_db-backup_1",
        "postgres:15-alpine",
        service="db-backup",
        env=DATABASE_ENV,
        entrypoint=["docker-entrypoint.sh"],
        command=["sh", "-c", "while true; do pg_dump; sleep 86400; done"],
    ),
    container(
        "fks_old-postgres_1",
        "postgres:13",
        service="old-postgres",
        running=False,
        entrypoint=["docker-entrypoint.sh"],
        command=["postgres"],
    ),
    container("netdata", "netdata/netdata:stable", project="", network="fks_default"),
]
INSPECT = json.dumps(CONTAINERS)
# As `docker system df --verbose --format '{{json .Volumes}}'` prints it.
VOLUMES = json.dumps(
    [
        {"Name": "fks_postgres_data", "Size": "1.2GB", "Links": "1"},
        {"Name": "fks_trading_data", "Size": "48.05MB", "Links": "1"},
        {"Name": "fks_model_data", "Size": "N/A", "Links": "0"},
    ]
)
INFO = "# Memory\r\nused_memory:1048576\r\n# Keyspace\r\ndb0:keys=4,expires=0,avg_ttl=0\r\n"
SERVER = {
    "version": "15.8",
    "databases": [
        {"name": "fks_trading", "bytes": 900_000_000, "encoding": "UTF8", "collation": "en_US.utf8"}
    ],
}
# As `bin/transfer state` of the stack's server prints it
STATE = {
    "free": 50 << 30,
    "stopped": [],
    "sets": {
        "api": {"bytes": 7, "postgres": "17.6", "encoding": "UTF8", "extensions": ["pg_trgm"]}
    },
}
TABLES = {
    "extensions": ["plpgsql", "pg_trgm"],
    "settings": ["search_path"],
    "roles": ["reader"],
    "tables": 12,
    "authentik": False,
}


class Legacy:
    """As `LegacyHost`; `calls` are the commands, `answers` what further ones print, by a text that
    is in them, before those that are always the same."""

    name, target = "old.example.org", "root@old.example.org"

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.answers: dict[str, list[str]] = {}
        self.always = {
            "ps --all": "a b c",
            "inspect": INSPECT,
            "system df": VOLUMES,
            "version": "24.0.7\n",
            "info --format": "/var/lib/docker\n",
            "INFO": INFO,
            "EVAL": "0 celery\n",
            "fks_postgres_1 sh": json.dumps(SERVER),
            "df -Pk": "Filesystem 1024-blocks Used Available Capacity\n/dev/sda 9 5 4096 50% /\n",
        }

    def run(self, *words: str, stdin: str = "", **_: float) -> str:
        return self.shell(words, stdin)

    def shell(self, words: Any, stdin: str = "", **_: float) -> str:
        text = " ".join(words)
        self.calls.append(text)
        if "pg_extension" in stdin:
            return json.dumps(TABLES)
        if "pg_terminate_backend" in stdin:
            return '{"ended": 0}'
        if "pg_stat_activity" in stdin:
            text = "pg_stat_activity"
        for part, answers in self.answers.items():
            if part in text and answers:
                return answers.pop(0) if len(answers) > 1 else answers[0]
        return next((answer for part, answer in self.always.items() if part in text), "")
