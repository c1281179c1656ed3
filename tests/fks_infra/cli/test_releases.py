"""`fks releases`: what is printed of each server."""

import json

import pytest

from tests.fks_infra.cli import servers
from tests.fks_infra.cli.servers import FakeServers, run
from tests.fks_infra.operate.kept import CHANGES, FIRST, SECOND, THIRD, document, release
from tests.fks_infra.operate.reports import GONE


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> FakeServers:
    fake = servers.install(monkeypatch)
    empty = {**document(), "releases": []}
    fake.reports = {"auth": GONE, "api": document(), "web": empty}
    return fake


@pytest.mark.usefixtures("found")
def test_each_release_with_what_it_changed() -> None:
    result = run("releases", "api", columns=80)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "api",
        f"  0  {THIRD[:12]}  2026-11-27 10:00:00  132 KiB, in service",
        "     files: nginx/vhosts/api.conf.template",
        "     image API: fks@sha256:1 -> fks@sha256:2",
        "     settings: TASK_TIME_LIMIT",
        f"  1  {SECOND[:12]}  2026-11-27 10:00:00  132 KiB",
        f"  2  {FIRST[:12]}  2026-11-27 10:00:00  132 KiB",
    ]


@pytest.mark.usefixtures("found")
def test_a_server_without_a_release_and_one_that_is_not_reached() -> None:
    result = run("releases")
    assert result.exit_code == 1
    assert "web\n  nothing is deployed\n" in result.stdout
    assert "auth: not reached" in result.stderr


def test_many_files_are_counted(found: FakeServers) -> None:
    files = [f"nginx/{number}" for number in range(6)]
    one = release(THIRD, changes={**CHANGES, "files": files})
    found.reports = {"api": document(one)}
    assert "     files: 6\n" in run("releases", "api").stdout


@pytest.mark.usefixtures("found")
def test_json_is_the_documents_of_all_servers() -> None:
    shown = json.loads(run("releases", "--json").stdout)
    assert (shown["stack"], shown["servers"]["api"]) == ("prod", document())
    assert shown["servers"]["auth"] == {"reason": GONE.reason, "command": GONE.command}
