from pathlib import Path

import pytest

from host.fks_deploy import compose_command
from host.fks_deploy.paths import Paths
from tests.host.server import Server


def test_compose_runs_the_release_in_service_with_its_images(server: Server) -> None:
    digest = server.upload()
    assert server.deploy(digest).returncode == 0
    compose = compose_command.of_current(server.paths)
    directory = server.paths.releases / digest
    command = ("--profile", "backup", "run", "--rm", "db-backup")
    line = compose.command_line(*command)
    assert line[:2] == ["docker", "compose"]
    assert line[line.index("--env-file") + 1] == str(directory / "release.env")
    assert line[-len(command) :] == list(command)
    assert "@sha256:" in compose.env()["IMAGE_API"]


def test_before_the_first_deploy_the_error_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no release is in service; run pulumi up"):
        compose_command.of_current(Paths(tmp_path))
