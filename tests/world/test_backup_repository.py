"""The repository for backups: what is damaged in it is found, and it can be on another host."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from rehearsal.world.operator import RUN
from rehearsal.world.scenario import Scenario
from rehearsal.world.sftp_host import PATH, SftpHost

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(1800)]

REPOSITORY = "/var/backups/fks/repository"
BACKUP = "/usr/local/lib/fks/current/bin/backup"
LARGEST = f"ls -S $(find {REPOSITORY}/api/data -type f) | head -n 1"
# What is done to the repository of the API, and the options of fks verify-backup that find it.
DAMAGE = {
    "a file of data is gone": (f"rm $({LARGEST})", ()),
    "a file of data is cut off": (f"f=$({LARGEST}); chmod u+w $f; truncate -s -50 $f", ()),
    "a byte is changed": (
        f"f=$({LARGEST}); chmod u+w $f; printf damaged | dd of=$f bs=1 seek=1000 conv=notrunc",
        ("--deep",),
    ),
    "the lists are gone": (f"rm {REPOSITORY}/api/index/*", ()),
    "an older repository is in its place": (
        f"rm -r {REPOSITORY}/api; cp -a /root/older {REPOSITORY}/api",
        (),
    ),
}


def fks(*words: str) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON document."""
    command = [*RUN, "fks", *words, "--json"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.stdout.startswith("{"), f"{done.stdout}{done.stderr}"
    return done.returncode, dict(json.loads(done.stdout))


def result(document: dict[str, Any], server: str = "api") -> dict[str, Any]:
    """Of the data set that is called like its server."""
    (one,) = document["servers"][server]["sets"]
    return dict(one)


def shell(scenario: Scenario, text: str) -> str:
    return scenario.on_server("api", "bash", "-c", text)


@pytest.mark.usefixtures("servers")
def test_each_data_set_is_proved_from_the_repository() -> None:
    code, document = fks("backup", "all")
    found = {name: result(document, name) for name in ("auth", "api")}
    assert (code, [one["result"] for one in found.values()]) == (0, ["ok", "ok"]), found
    for name, one in found.items():
        made = one["certificate"]
        assert (made["set"], made["verdict"]) == (name, "ok")
        assert made["rows"] > 0 and set(made["seconds"]) == {"dump", "upload", "restore", "proof"}
    code, listed = fks("backups")
    newest = listed["servers"]["api"]["sets"]["api"]["snapshots"][-1]
    assert (code, newest["certificate"]) == (0, found["api"]["certificate"])


def test_a_snapshot_has_more_than_the_dump(servers: Scenario) -> None:
    manifest = json.loads(shell(servers, "cat /var/backups/fks/api/manifest.json"))
    assert manifest["set"] == "api" and manifest["database"]["postgres"]
    names = set(manifest["files"])
    assert any(name.startswith("queue/") and name.endswith(".aof") for name in names)
    assert any(name.endswith(".globals.sql") for name in names)
    assert "PASSWORD '" not in shell(servers, "cat /var/backups/fks/api/*.globals.sql")


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_of_the_repository_is_found(servers: Scenario, name: str) -> None:
    damage, options = DAMAGE[name]
    if "older" in name:
        shell(servers, f"rm -rf /root/older; cp -a {REPOSITORY}/api /root/older; {BACKUP} api")
    shell(servers, f"rm -rf /root/whole; cp -a {REPOSITORY}/api /root/whole; {damage}")
    code, document = fks("verify-backup", "api", *options)
    found = result(document)
    assert (code, found["result"]) == (1, "bad"), found
    shell(servers, f"rm -r {REPOSITORY}/api; cp -a /root/whole {REPOSITORY}/api")
    code, document = fks("verify-backup", "api")
    assert (code, result(document)["result"]) == (0, "ok"), document


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("echo wrong >/etc/fks/backup/password", "password does not open the repository"),
        (f"mv {REPOSITORY} /var/backups/fks/away", "the repository that was there is missing"),
    ],
)
def test_a_repository_that_cannot_be_read_is_said(
    servers: Scenario, change: str, reason: str
) -> None:
    undo = f"mv /var/backups/fks/away {REPOSITORY}; mv /root/password /etc/fks/backup/password"
    shell(servers, f"cp -p /etc/fks/backup/password /root/password; {change}")
    code, document = fks("verify-backup", "api")
    shell(servers, f"{undo}; true")
    found = result(document)
    assert (code, found["result"]) == (1, "failed") and reason in found["text"], found


def test_two_backups_do_not_run_at_once(servers: Scenario) -> None:
    shell(servers, "systemctl start --no-block fks-backup.service; sleep 1")
    code, document = fks("backup", "api")
    shell(servers, "systemctl start fks-backup.service")
    found = result(document)
    assert (code, found["result"]) == (1, "failed"), found
    assert "another backup runs on this server: started by root" in found["text"]


def test_a_backup_that_was_killed_can_be_run_again(servers: Scenario) -> None:
    """Also with the lock that restic left."""
    lock = f"ls {REPOSITORY}/api/locks | grep -q ."
    started = f"{BACKUP} api & until {lock}; do :; done; pkill -KILL -x restic; kill -KILL $!; wait"
    shell(servers, f"{started} || true")
    code, document = fks("backup", "api")
    assert (code, result(document)["result"]) == (0, "ok"), document


def test_a_backup_leaves_the_server_by_sftp(servers: Scenario) -> None:
    image = str(servers.server("api").attrs["Image"])
    with SftpHost.started(servers.world.client, image) as host:
        servers.set("fks:backup.repository", host.repository)
        servers.set("fks:backup.hostKey", host.host_key)
        servers.set_secret("fks:backupSshKey", host.private_key)
        outcome = servers.up()
        assert outcome.code == 0, outcome.display
        code, document = fks("backup", "all")
        assert (code, result(document)["result"]) == (0, "ok"), document
        assert {"api", "auth"} <= set(host.run("ls", PATH).split())
        status = json.loads(servers.operator.stdout(["fks", "status", "api", "--json"]))
        assert status["servers"]["api"]["backup"]["off_server"]
        host.run("sh", "-c", "rm /etc/ssh/ssh_host_*; ssh-keygen -q -A; kill -HUP 1")
        code, document = fks("verify-backup", "api")
        found = result(document)
        assert (code, found["result"]) == (1, "failed"), found
        assert "the host has another key" in found["text"]
    code, document = fks("verify-backup", "api")
    assert (code, result(document)["result"]) == (1, "failed"), document
