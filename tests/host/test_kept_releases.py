"""The releases of a server after three deploys, with the stand-in docker."""

import os

from host.fks_deploy import kept_releases
from host.fks_deploy.shell import Shell
from tests.host.server import API, EDGE, Server, image


def test_before_the_first_deploy(server: Server) -> None:
    found = kept_releases.document(server.paths, Shell.without_log())
    assert (found["server"], found["releases"]) == ("api", [])


def test_three_releases_newest_first_with_what_each_changed(deployed: Server) -> None:
    first = deployed.paths.current.resolve().name
    second = deployed.upload({"compose/lib/new.sh": "#!/bin/sh\n"}, TASKS="5")
    assert deployed.deploy(second).returncode == 0
    deployed.change(registry={API: image(3), EDGE: image(2)})
    third = deployed.upload(IMAGE_REFRESH_API="again")
    assert deployed.deploy(third).returncode == 0
    os.utime(deployed.paths.releases / third / "deployed", (1795780500, 1795780500))
    for digest, age in ((second, 10), (first, 20)):
        seconds = 1795780500 - age
        os.utime(deployed.paths.releases / digest / "deployed", (seconds, seconds))

    found = kept_releases.document(deployed.paths, Shell.without_log())["releases"]
    assert [one["digest"] for one in found] == [third, second, first]
    assert [one["in_service"] for one in found] == [True, False, False]
    assert found[0]["deployed"] == "2026-11-27T11:55:00Z"
    assert all(one["bytes"] > 500 for one in found)
    assert found[2]["changes"] is None
    assert found[1]["changes"] == {
        "files": ["compose/lib/new.sh"],
        "images": [],
        "settings": ["TASKS"],
    }
    repository = "example/fks@sha256:"
    assert found[0]["changes"] == {
        "files": ["compose/lib/new.sh"],
        "images": [
            {
                "name": "API",
                "before": f"{repository}{1:063x}f",
                "after": f"{repository}{3:063x}f",
            }
        ],
        "settings": ["TASKS"],
    }
