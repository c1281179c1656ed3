from collections.abc import Iterator

import pytest

from host.fks_deploy.drift import report as drift_report
from host.fks_deploy.drift.context import Context
from host.fks_deploy.drift.deviation import Deviation, not_ours
from host.fks_deploy.errors import DeployError
from tests.host.drift.conftest import context_of
from tests.host.watch.server import WatchedServer


def test_a_part_that_fails_leaves_the_others(
    plain: WatchedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: Context) -> Iterator[Deviation]:
        yield Deviation("file", "/a", "x", "y", "edge")
        raise DeployError("docker does not answer")

    def works(_: Context) -> Iterator[Deviation]:
        yield Deviation("user", "u", "not present", "z", "remove user u")

    parts = {"containers": fails, "users": works, "images": fails}
    monkeypatch.setattr(drift_report, "PARTS", parts)
    plain.file("etc/fks/role", "SERVER=api\nROLES=api\n")
    found = drift_report.report(context_of(plain))
    assert list(found) == ["server", "time", "deviations", "accepted", "unknown"]
    assert found["server"] == "api"
    assert found["time"].endswith("Z")
    assert [one["kind"] for one in found["deviations"]] == ["file", "user", "file"]
    assert found["deviations"][1] == {
        "kind": "user",
        "name": "u",
        "expected": "not present",
        "found": "z",
        "repair": "remove user u",
    }
    assert found["unknown"] == [{"part": "containers, images", "reason": "docker does not answer"}]


def test_a_machine_that_is_no_server_has_unknown_parts(plain: WatchedServer) -> None:
    found = drift_report.report(context_of(plain))
    parts = {name for one in found["unknown"] for name in one["part"].split(", ")}
    assert parts >= {"host scripts", "bootstrap", "release"}


def test_what_a_person_accepts_is_no_deviation(
    plain: WatchedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tables(_: Context) -> Iterator[Deviation]:
        yield not_ours("table", "inet crowdsec", "loaded")
        yield not_ours("table", "inet other", "loaded")

    def files(_: Context) -> Iterator[Deviation]:
        yield Deviation("file", "/a", "644 root:root", "600 root:root", "step 10-files")

    monkeypatch.setattr(drift_report, "PARTS", {"tables": tables, "files": files})
    plain.file("etc/fks/drift-accepted", "# agents\ntable inet crowdsec\nfile /a\n")
    found = drift_report.report(context_of(plain))
    assert [one["name"] for one in found["deviations"]] == ["inet other", "/a"]
    assert found["accepted"] == ["table inet crowdsec"]
