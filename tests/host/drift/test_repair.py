import pytest

from host.fks_deploy.drift import repair, services
from host.fks_deploy.drift.context import Context
from host.fks_deploy.drift.report import report
from host.fks_deploy.lock import deploy_lock
from tests.host.drift.conftest import fresh
from tests.host.drift.test_bundles import install_scripts
from tests.host.drift.test_services import change_container
from tests.host.server import API, Server, image


def test_each_repair_makes_its_deviations_disappear(
    deployed: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    paths, home = deployed.paths, install_scripts(deployed)
    (home / "bin/tool").write_text("x")
    (paths.current / "release.env").write_text(
        (paths.current / "release.env").read_text() + "A=1\n"
    )
    (paths.nginx / "vhosts/api.conf").write_text("x")
    change_container(deployed, config='{"image": "other"}')
    deployed.change(
        local=[one for one in deployed.state["local"] if API not in one["tags"]]
        + [{**image(7), "tags": [API]}]
    )
    found = {one["repair"] for one in report(fresh(paths))["deviations"]}
    expected = {"scripts", "release", "edge", "containers", "images"}
    assert found >= expected
    assert repair.run(fresh(paths), sorted(expected)) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"done: {one}" for one in ("scripts", "release", "images", "containers")
    ]
    left = {one["repair"] for one in report(fresh(paths))["deviations"]}
    assert left & expected == set()


def test_containers_are_left_alone_by_other_repairs(deployed: Server, context: Context) -> None:
    change_container(deployed, status="exited")
    before = len(deployed.calls("up"))
    assert repair.run(context, ["release", "edge", "images"]) == 0
    assert len(deployed.calls("up")) == before
    assert repair.run(fresh(deployed.paths), ["containers"]) == 0
    assert list(services.containers(fresh(deployed.paths))) == []


def test_a_repair_that_fails_leaves_the_others(
    deployed: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    (deployed.paths.nginx / "x.conf").touch()
    removal = f"remove file {deployed.paths.nginx.relative_to(deployed.root)}/x.conf"
    assert repair.run(fresh(deployed.paths), [removal, "step 34-kernel", "paint"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["failed", "done", "failed"]
    assert "bootstrap-options is missing" in lines[0]
    assert lines[2].startswith("failed: paint: unknown repair; known are scripts, release, edge")
    assert not (deployed.paths.nginx / "x.conf").exists()


def test_during_a_deploy_nothing_of_the_release_is_repaired(
    deployed: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    with deploy_lock(deployed.paths.lock, "0" * 64, "ops", 0):
        assert repair.run(fresh(deployed.paths), ["containers"]) == 1
    assert "failed: containers: a deploy by ops runs since" in capsys.readouterr().out
