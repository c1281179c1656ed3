"""Dumps, proofs and restores of a real PostgreSQL, in one container."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass

import docker
import pytest
from docker.models.containers import Container

from host.fks_deploy.restore import roles
from rehearsal.world import docker_api, images
from tests.compose.stacks import LIB

pytestmark = [pytest.mark.world, pytest.mark.timeout(600)]

IMAGE = "fks-rehearsal/postgres"
LABELS = {"fks.test": "databases"}
# What a dump can lose, or a comparison overlook.
ODD = """
CREATE TABLE parts (id int, day date) PARTITION BY RANGE (day);
CREATE TABLE "Part 1" PARTITION OF parts FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
INSERT INTO parts VALUES (1, '2026-01-05');
CREATE EXTENSION citext;
CREATE DOMAIN code AS char(4);
CREATE TYPE pair AS (a int, b text);
CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE "Odd ""Name" ("a""b %I" bpchar, b code, c pair, d citext, e text COLLATE loose,
    f text, g numeric, h bool, i inet, j xml, k name, l "char", m json, n int[], o bytea, p float8,
    q timestamptz, gone int, r text, s text);
ALTER TABLE "Odd ""Name" DROP COLUMN gone;
INSERT INTO "Odd ""Name" VALUES ('ab  ', 'x', (1, 'y'), 'CiT', 'Foo', '', 1.00, true, '10.0.0.1',
    '<a/>', 'n', 'c', '{"a": 1}', '{1,NULL}', '\\x0001', 0, '2026-01-01 12:00+00', 'ab', 'c');
INSERT INTO "Odd ""Name" (c, r) VALUES ((NULL, NULL), 'other');
CREATE TABLE nothing (); INSERT INTO nothing DEFAULT VALUES;
CREATE TABLE empty (id int PRIMARY KEY);
SELECT lo_from_bytea(70001, 'one'), lo_from_bytea(70002, 'two'), lo_from_bytea(70003, ''),
    lo_from_bytea(70004, decode(repeat('ab', 3000000), 'hex')), lo_create(70005);
SELECT lo_put(70005, 5000000, 'after a hole');
"""
CHANGES = {
    "a blank": """UPDATE "Odd ""Name" SET "a""b %I" = 'ab ' WHERE r = 'ab'""",
    "upper case": """UPDATE "Odd ""Name" SET d = 'cit' WHERE r = 'ab'""",
    "a loose collation": """UPDATE "Odd ""Name" SET e = 'foo' WHERE r = 'ab'""",
    "NULL": """UPDATE "Odd ""Name" SET f = NULL WHERE r = 'ab'""",
    "a value of NULLs": """UPDATE "Odd ""Name" SET c = NULL WHERE r = 'other'""",
    "a digit": """UPDATE "Odd ""Name" SET g = 1.0 WHERE r = 'ab'""",
    "the sign of zero": """UPDATE "Odd ""Name" SET p = '-0' WHERE r = 'ab'""",
    "the border of columns": """UPDATE "Odd ""Name" SET r = 'a', s = 'bc' WHERE r = 'ab'""",
    "values of two columns": """UPDATE "Odd ""Name" SET r = s, s = r WHERE r = 'ab'""",
    "values of two rows": """UPDATE "Odd ""Name" AS one SET r = (
        SELECT r FROM "Odd ""Name" AS other WHERE other.r <> one.r)""",
    "a row of a partition": "UPDATE parts SET id = 2",
    "a first row": "INSERT INTO empty VALUES (1)",
    "a large object": "SELECT lo_put(70004, 2500000, 'x')",
    "two large objects": "SELECT lo_put(70001, 0, 'two'), lo_put(70002, 0, 'one')",
    "no large object": "SELECT lo_unlink(70003)",
}


@dataclass(frozen=True)
class Server:
    """PostgreSQL in a container, in which the scripts run too. `dump` returns a dump's name."""

    container: Container

    def bash(self, script: str, database: str = "postgres") -> tuple[int, str]:
        """Exit code, and output with errors."""
        environment = {
            **{"PGHOST": "127.0.0.1", "PGUSER": "fks", "POSTGRES_USER": "fks"},
            **{"POSTGRES_DB": database, "PGDATABASE": database},
            **{"PASSWORD_SECRET": "PASSWORD", "FKS_SECRETS_DIR": "/tmp", "PGDATA": "/tmp/empty"},
        }
        words = [f"{name}={value}" for name, value in environment.items()]
        return docker_api.execute(self.container, ["env", *words, "bash", "-c", script])

    def run(self, script: str, database: str = "postgres") -> str:
        code, text = self.bash(script, database)
        assert code == 0, text
        return text

    def sql(self, statements: str, database: str) -> str:
        psql = "psql --no-psqlrc -qtAX -v ON_ERROR_STOP=1"
        return self.run(f"{psql} <<'END'\n{statements}\nEND", database)

    def tables(self, database: str, checksums: str = "values") -> list[str]:
        script = f"psql --no-psqlrc -v checksums={checksums} -f /fks/backup/tables.sql"
        return self.run(script, database).splitlines()

    def dump(self, database: str) -> str:
        """Only the newest one is left."""
        self.run(f"rm -f /backups/{database}-*")
        text = self.run("bash /fks/backup/postgres.sh /backups", database)
        return text.partition("backup ok: ")[2].partition(",")[0]

    def listed(self, dump: str) -> list[str]:
        """The lines of its list."""
        return self.run(f"cat /backups/{dump.removesuffix('.dump')}.tables").splitlines()

    def proof(self, database: str) -> str:
        """What the proof of its newest dump says."""
        return self.bash("bash /fks/backup/prove.sh /backups", database)[1]

    def restored(self, dump: str) -> str:
        """The name of a new database with the rows of a dump."""
        self.run("dropdb --if-exists --force restored; createdb --template=template0 restored")
        self.run(f"bash /fks/backup/restore.sh into restored {dump}")
        return "restored"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    client = docker.from_env()
    images.ensure_base(client)
    (image,) = (one for one in images.applications() if one.tag == IMAGE)
    images.build(client, image)
    container = client.containers.run(
        IMAGE,
        ["postgres", "-c", "listen_addresses=127.0.0.1"],
        detach=True,
        # PostgreSQL takes the end of an orphan with an error for a crash of its own.
        init=True,
        labels=LABELS,
        user="999:999",
        network_mode="none",
        environment={"POSTGRES_USER": "fks", "POSTGRES_PASSWORD": "unused-here"},
        tmpfs={"/var/lib/postgresql/data": "uid=999,mode=700", "/backups": "mode=1777"},
        volumes={str(LIB): {"bind": "/fks", "mode": "ro"}},
    )
    try:
        found = Server(container)
        deadline = time.monotonic() + 120
        while found.bash("psql -c 'SELECT 1'")[0]:
            assert time.monotonic() < deadline, container.logs().decode()
            time.sleep(1)
        found.run("echo unused-here >/tmp/PASSWORD; mkdir /tmp/empty")
        yield found
    finally:
        container.remove(force=True, v=True)
        client.close()


@pytest.fixture(scope="module")
def odd(server: Server) -> str:
    """A database with odd names and types."""
    server.run("createdb odd")
    server.sql(ODD, "odd")
    return "odd"


@pytest.fixture(scope="module")
def dump(server: Server, odd: str) -> str:
    """Of the odd database, while another session has a temporary table."""
    session = "psql -c 'CREATE TEMPORARY TABLE passing (id int)' -c 'SELECT pg_sleep(600)'"
    server.run(f"setsid {session} >/tmp/session 2>&1 &", odd)
    others = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query LIKE '%pg_sleep(600)'"
    deadline = time.monotonic() + 60
    while server.sql(f"SELECT count(*) {others}", odd).strip() != "1":
        assert time.monotonic() < deadline
        time.sleep(0.2)
    found = server.dump(odd)
    server.sql(f"SELECT pg_terminate_backend(pid) {others}", odd)
    return found


def test_all_that_a_database_has_is_proved_and_comes_back(server: Server, dump: str) -> None:
    head, *lines = server.listed(dump)
    rows = {name: count for name, count, _ in map(json.loads, lines)}
    assert rows.pop("fks_backup.canary") == 1
    assert rows == {
        'public.Odd "Name': 2,
        "public.Part 1": 1,
        "public.empty": 0,
        "public.nothing": 1,
        "public.parts": 0,
        "large objects": 5,
    }
    assert json.loads(head)["extensions"] == ["plpgsql", "citext"]
    text = server.proof("odd")
    assert "proof ok: " in text, text
    assert server.tables(server.restored(dump)) == lines


def test_every_change_is_found(server: Server, dump: str) -> None:
    """Each is made alone, and all but that table are as before."""
    restored = server.restored(dump)
    before = server.tables(restored)
    found = {}
    for name, change in CHANGES.items():
        server.run("dropdb --if-exists changed; createdb --template=restored changed")
        server.sql(change, "changed")
        after = server.tables("changed")
        found[name] = sum(one != other for one, other in zip(before, after, strict=True))
    assert found == dict.fromkeys(CHANGES, 1)


@pytest.mark.parametrize(("kind", "entry"), [("rows", {}), ("columns", {"checksums": "columns"})])
def test_a_list_of_an_earlier_version_is_compared_as_it_was_made(
    server: Server, odd: str, kind: str, entry: dict[str, str]
) -> None:
    dump = server.dump(odd)
    head, *_ = server.listed(dump)
    other = {name: value for name, value in json.loads(head).items() if name != "checksums"}
    first = json.dumps({**other, **entry}, separators=(", ", " : "))
    lines = [first, *server.tables(odd, kind)]
    text = "\n".join(lines)
    server.run(f"cat >/backups/{dump.removesuffix('.dump')}.tables <<'END'\n{text}\nEND")
    text = server.proof(odd)
    assert "proof ok: " in text, text
    assert server.tables(odd, kind) != server.tables(odd)


def test_a_list_of_a_later_version_is_refused(server: Server, odd: str) -> None:
    script = "psql --no-psqlrc -v ON_ERROR_STOP=1 -v checksums=later -f /fks/backup/tables.sql"
    code, text = server.bash(script, odd)
    assert code == 3 and "are of the kind later, which this release does not know" in text


def test_another_encoding_and_locale_are_kept_by_the_proof(server: Server) -> None:
    server.run("createdb --template=template0 --encoding=LATIN1 --locale=C latin")
    server.sql("SET client_encoding = 'UTF8'; CREATE TABLE t AS SELECT 'äöü' AS a", "latin")
    dump = server.dump("latin")
    head = json.loads(server.listed(dump)[0])
    assert (head["encoding"], head["collation"]) == ("LATIN1", "C")
    text = server.proof("latin")
    assert "proof ok: " in text, text
    # Why bin/restore refuses it (tests/host/restore/test_checks.py): its texts have other bytes.
    assert server.tables(server.restored(dump)) != server.listed(dump)[1:]


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("collation", "xx_XX.UTF-8", 'invalid locale name "xx_XX.UTF-8"'),
        ("encoding", "UTF-9", '"UTF-9" is not a valid server encoding name'),
    ],
)
def test_a_locale_that_the_image_lacks_is_named(
    server: Server, odd: str, key: str, value: str, reason: str
) -> None:
    dump = server.dump(odd)
    change = f'1s/"{key}" : "[^"]*"/"{key}" : "{value}"/'
    server.run(f"sed -i '{change}' /backups/{dump.removesuffix('.dump')}.tables")
    text = server.proof(odd)
    assert "no empty database can be made" in text and reason in text, text


def test_a_database_without_tables_or_rows(server: Server) -> None:
    server.run("createdb bare")
    dump = server.dump("bare")
    text = server.proof("bare")
    assert "proof ok: " in text, text
    assert server.tables(server.restored(dump)) == server.listed(dump)[1:]


def test_an_extension_that_the_image_lacks_is_named(server: Server, odd: str) -> None:
    """By the proof too; a restore asks before (tests/host/restore/test_checks.py)."""
    assert odd
    server.run("createdb lacking")
    server.sql("CREATE EXTENSION pg_trgm", "lacking")
    dump = server.dump("lacking")
    listed = 'extension "pg_trgm" is not available'
    directory = server.run("pg_config --sharedir").strip() + "/extension"
    hide = f"mv {directory}/pg_trgm.control {directory}/pg_trgm.hidden"
    assert server.container.exec_run(["sh", "-c", hide], user="root").exit_code == 0
    try:
        text = server.proof("lacking")
    finally:
        show = f"mv {directory}/pg_trgm.hidden {directory}/pg_trgm.control"
        assert server.container.exec_run(["sh", "-c", show], user="root").exit_code == 0
    assert dump in text and "pg_restore failed" in text and listed in text, text


MIGRATION = """
BEGIN;
ALTER TABLE one ALTER COLUMN id TYPE bigint;
CREATE TABLE two AS SELECT id FROM one;
SELECT pg_sleep({seconds});
COMMIT;
ALTER TABLE two ALTER COLUMN id TYPE numeric;
"""


@pytest.fixture
def migrated(server: Server) -> Iterator[str]:
    """A database with a table of ten rows."""
    server.run("createdb migrated")
    server.sql("CREATE TABLE one AS SELECT generate_series(1, 10) AS id", "migrated")
    yield "migrated"
    server.run("dropdb --force migrated")


def migrate(server: Server, database: str, seconds: int) -> None:
    """Begin a migration that keeps a table locked for `seconds`."""
    statements = MIGRATION.format(seconds=seconds)
    server.run(f"setsid psql -qc '{statements}' >/tmp/migration 2>&1 &", database)
    locked = "SELECT count(*) FROM pg_locks WHERE granted AND mode = 'AccessExclusiveLock'"
    deadline = time.monotonic() + 60
    while server.sql(f"{locked} AND relation = 'one'::regclass", database).strip() == "0":
        assert time.monotonic() < deadline, server.run("cat /tmp/migration")
        time.sleep(0.1)


def test_a_dump_waits_for_a_migration(server: Server, migrated: str) -> None:
    """A table that is rewritten is empty for snapshots of before."""
    migrate(server, migrated, 3)
    lines = server.listed(server.dump(migrated))[1:]
    rows = {name: count for name, count, _ in map(json.loads, lines)}
    assert (rows["public.one"], rows.get("public.two")) == (10, 10), server.proof(migrated)
    text = server.proof(migrated)
    assert "proof ok: " in text, text


def test_a_migration_that_goes_on_ends_the_dump(server: Server, migrated: str) -> None:
    """With one second instead of 60."""
    server.run("cp -r /fks/backup /tmp; sed -i s/60s/1s/ /tmp/backup/*; rm -f /backups/*")
    migrate(server, migrated, 60)
    code, text = server.bash("bash /tmp/backup/postgres.sh /backups", migrated)
    assert code == 1 and "canceling statement due to lock timeout" in text, text
    assert "another session has locked a table" in text, text
    assert server.run("ls /backups") == ""


ROLES = """
CREATE ROLE "Odd ""Role" LOGIN PASSWORD 'unused-here';
CREATE ROLE readers; GRANT readers TO "Odd ""Role";
ALTER ROLE "Odd ""Role" SET statement_timeout = '9s';
CREATE TABLE owned AS SELECT 1 AS id; ALTER TABLE owned OWNER TO "Odd ""Role";
CREATE TABLE read AS SELECT 2 AS id; GRANT SELECT ON read TO readers;
CREATE POLICY own ON read TO readers USING (id = 2);
ALTER DEFAULT PRIVILEGES FOR ROLE "Odd ""Role" GRANT SELECT ON TABLES TO readers;
"""


def test_the_roles_of_a_dump_are_proved_and_made_where_they_are_missing(server: Server) -> None:
    server.run("createdb owned")
    server.sql(ROLES, "owned")
    dump = server.dump("owned")
    text = server.proof("owned")
    assert "proof ok: " in text, text
    server.run('dropdb owned; psql -c \'DROP ROLE readers, "Odd ""Role"\'')
    listed = server.run(f"cat /backups/{dump.removesuffix('.dump')}.globals.sql")
    present = json.loads(server.sql(roles.PRESENT, "postgres"))
    names, statements = roles.missing(listed, present)
    assert names == ['"Odd ""Role"', "readers"]
    server.sql(statements, "postgres")
    restored = server.restored(dump)
    assert server.tables(restored) == server.listed(dump)[1:]
    asked = 'SET ROLE "Odd ""Role"; SELECT count(*) FROM owned; SELECT count(*) FROM read'
    assert server.sql(asked, restored).split() == ["1", "1"]
    settings = (
        "SELECT count(*) FROM pg_db_role_setting WHERE 'statement_timeout=9s' = ANY (setconfig)"
    )
    assert server.sql(settings, restored).strip() == "1"
    assert roles.missing(listed, json.loads(server.sql(roles.PRESENT, "postgres"))) == ([], "")
