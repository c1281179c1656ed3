"""What is found on a legacy server, what of it is moved, and what is shown."""

import json
from dataclasses import replace
from typing import Any

import pytest

from fks_infra.errors import OperatorError
from fks_infra.migrate import legacy_docker, legacy_plan, legacy_screen
from fks_infra.migrate.journal import Journal
from fks_infra.migrate.legacy_look import Found, look
from fks_infra.migrate.legacy_plan import Files, from_journal, make, to_journal
from tests.fks_infra.migrate.legacy_server import (
    CONTAINERS,
    DATABASE_ENV,
    PASSWORD,
    SERVER,
    Legacy,
    container,
)

JOURNAL = Journal(stack="prod", source="ssh://old.example.org", target="the stack")


def found(*more: dict[str, Any], **answers: str) -> Found:
    legacy: Any = Legacy()
    legacy.always["inspect"] = json.dumps([*CONTAINERS, *more])
    # A dictionary keeps the place of what it had: these are looked for first.
    legacy.always = {**answers, **legacy.always, **answers}
    return look(legacy)


def test_the_project_of_the_database_is_moved() -> None:
    plan = make(found(), "", "")
    assert (plan.project, plan.postgres, plan.user) == ("fks", "fks_postgres_1", "fks_user")
    assert (plan.database, plan.bytes) == ("fks_trading", 900_000_000)
    assert plan.writers == ("fks_api_1", "fks_db-backup_1")
    assert plan.workers == ("fks_worker_1",)
    assert plan.stores == ("fks_postgres_1", "fks_redis_1")
    assert plan.volumes == (
        Files(volume="api-data", container="fks_api_1", path="/app/data", bytes=48_050_000),
        Files(volume="api-models", container="fks_api_1", path="/app/models", bytes=0),
    )
    assert from_journal(json.loads(json.dumps(to_journal(plan)))) == plan


def test_the_files_are_those_of_the_api() -> None:
    other = container("a_market_1", "market", service="market-data", mounts={"other": "/app/data"})
    assert make(found(other), "", "").volumes[0].container == "fks_api_1"


def test_without_compose_the_network_tells_what_uses_the_database() -> None:
    alone = [{**one, "Config": {**one["Config"], "Labels": None}} for one in CONTAINERS]
    legacy: Any = Legacy()
    legacy.always["inspect"] = json.dumps(alone)
    assert make(look(legacy), "", "").writers == ("fks_api_1", "fks_db-backup_1", "netdata")


def test_several_databases_are_named_with_the_options_that_choose() -> None:
    other = container(
        "old-postgres-1",
        "postgis/postgis:15-3.4",
        project="old",
        env=DATABASE_ENV,
        command=["postgres"],
    )
    both = found(other, **{"old-postgres-1 sh": json.dumps(SERVER)})
    with pytest.raises(OperatorError) as error:
        make(both, "", "")
    text = str(error.value)
    assert "2 databases on old.example.org may be the API's" in text
    assert "old-postgres-1/fks_trading: project old, 12 tables" in text
    assert "--project PROJECT or --database CONTAINER/DATABASE" in text
    assert make(both, "old", "").postgres == "old-postgres-1"
    assert make(both, "", "fks_postgres_1/fks_trading").postgres == "fks_postgres_1"
    with pytest.raises(OperatorError, match="is the API's by --project none"):
        make(both, "none", "")


def test_a_server_without_the_database_is_an_error() -> None:
    legacy: Any = Legacy()
    legacy.always["ps --all"] = ""
    with pytest.raises(OperatorError, match="has no containers"):
        look(legacy)
    stopped = replace(found(), databases=(), unread={"fks_postgres_1": "it does not run"})
    with pytest.raises(OperatorError, match="fks_postgres_1 was not read: it does not run"):
        make(stopped, "", "")


def test_versions_whose_rows_cannot_be_compared_are_refused() -> None:
    old = found()
    (database,) = old.databases
    old = replace(old, databases=(replace(database, version="9.6.24"),))
    with pytest.raises(OperatorError, match=r"PostgreSQL 9\.6\.24"):
        make(old, "", "")


def test_the_table_says_what_moves_and_why_not_and_no_secret() -> None:
    legacy = found(**{"EVAL": "3 celery\n1 unacked\n"})
    plan = make(legacy, "", "")
    rows = {row[1]: row for row in legacy_screen.rows(legacy, plan)}
    assert rows["fks_postgres_1/fks_trading, 12 tables"] == (
        "PostgreSQL 15.8, UTF8, en_US.utf8, pg_trgm",
        "fks_postgres_1/fks_trading, 12 tables",
        "858.3 MiB",
        "data set api",
    )
    assert rows["fks_old-postgres_1"][3] == "not moved: it does not run"
    assert "tasks (3 in celery, 1 in unacked) must have run" in rows["fks_redis_1, 4 keys"][3]
    assert rows["fks_api_1:/app/data"][2:] == ("45.8 MiB", "volume api-data")
    assert "not moved as files" in rows["fks_postgres_1:/var/lib/postgresql/data"][3]
    notes = "\n".join(legacy_screen.notes(legacy, plan))
    assert "free space is 4.0 MiB" in notes
    assert "Docker starts fks_api_1 again" in notes
    assert "the roles reader, and privileges" in notes
    assert "settings of the database or of roles, search_path" in notes
    assert "not stopped: netdata" in notes
    lines = list(legacy_screen.lines(JOURNAL, plan))
    assert "about 5 min" in lines[0]
    assert lines[-1] == "Nothing is written for about 7 min."
    assert PASSWORD not in f"{rows}{notes}{lines}"


def test_redis_that_wants_another_password_is_told() -> None:
    legacy = found(**{"INFO": "NOAUTH Authentication required.\n"})
    rows = {row[1]: row for row in legacy_screen.rows(legacy, make(legacy, "", ""))}
    assert "its queues are not known: NOAUTH" in rows["fks_redis_1, 0 keys"][3]


def test_a_container_that_is_removed_meanwhile_is_not_there() -> None:
    class Removed(Legacy):
        tries = 0

        def run(self, *words: str, stdin: str = "", **more: float) -> str:
            if words[0] == "inspect" and self.tries < 2:
                self.tries += 1
                raise OperatorError("old.example.org: Error: No such object: a")
            return super().run(*words, stdin=stdin, **more)

    legacy: Any = Removed()
    assert len(legacy_docker.containers(legacy)) == len(CONTAINERS)
    legacy.tries = -9
    with pytest.raises(OperatorError, match="No such object"):
        legacy_docker.containers(legacy)


def test_volumes_that_docker_cannot_measure_have_no_size() -> None:
    legacy = found(**{"system df": "Error"})
    rows = {row[1]: row for row in legacy_screen.rows(legacy, make(legacy, "", ""))}
    assert rows["fks_api_1:/app/data"][2:] == ("?", "volume api-data")


@pytest.mark.parametrize(
    ("image", "entrypoint", "command", "postgres", "redis"),
    [
        ("postgres:15-alpine", ["docker-entrypoint.sh"], ["postgres", "-c", "x=1"], True, False),
        ("postgres", ["docker-entrypoint.sh"], ["-c", "x=1"], True, False),
        ("postgres", ["/usr/local/bin/docker-entrypoint.sh"], None, True, False),
        ("timescale/timescaledb-ha:pg16", ["/docker-entrypoint.sh"], ["postgres"], True, False),
        ("bitnami/postgresql:15", ["/opt/e.sh"], ["/opt/scripts/postgresql/run.sh"], True, False),
        ("postgres", ["docker-entrypoint.sh"], ["psql", "-h", "postgres"], False, False),
        ("prodrigestivill/postgres-backup-local", ["/init.sh"], None, False, False),
        ("localhost:5000/redis@sha256:ab", ["docker-entrypoint.sh"], ["redis-server"], False, True),
        ("redis/redis-stack-server:7.2", ["/entrypoint.sh"], None, False, True),
        ("valkey/valkey:8", ["docker-entrypoint.sh"], ["valkey-server"], False, True),
        ("oliver006/redis_exporter", ["/redis_exporter"], None, False, False),
        ("fkstrading/fks-api:1", ["uvicorn"], ["app:app"], False, False),
    ],
)
def test_servers_are_known_by_image_and_command(
    image: str, entrypoint: list[str], command: list[str] | None, postgres: bool, redis: bool
) -> None:
    document = [container("one", image, entrypoint=entrypoint, command=command)]
    (one,) = legacy_docker.parse(json.dumps(document))
    assert (one.is_postgres, one.is_redis) == (postgres, redis)


def test_another_document_of_docker_is_an_error() -> None:
    for text in ("no JSON", '[{"Name": "/x"}]'):
        with pytest.raises(OperatorError, match="docker inspect printed another document"):
            legacy_docker.parse(text)
    with pytest.raises(OperatorError, match="docker system df printed another document"):
        legacy_docker.sizes('[{"Size": 1}]')
    assert legacy_plan.VOLUMES.keys() == {"/app/data", "/app/models"}
