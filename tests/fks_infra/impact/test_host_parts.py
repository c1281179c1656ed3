"""Bootstrap steps, programs and units of the host scripts."""

import json

from fks_infra.impact.bootstrap_changes import RESTARTS
from fks_infra.impact.host_parts import host_parts
from fks_infra.release.files import host_files

FILES = host_files()
FOUND = host_parts(FILES)


def changed_steps(name: str) -> list[str]:
    steps = host_parts({**FILES, name: FILES[name] + b"\n# x\n"}).steps
    return [step for step, value in steps.items() if value != FOUND.steps[step]]


def test_each_file_changes_the_steps_that_install_it() -> None:
    assert changed_steps("bootstrap.d/50-packages.sh") == ["50-packages"]
    assert changed_steps("files/etc/ssh/sshd_config.d/10-fks.conf") == ["32-ssh"]
    assert changed_steps("files/etc/systemd/system/fks-zram.service") == ["36-zram"]
    docker = ["42-docker-settings", "60-docker"]
    assert changed_steps("files/etc/systemd/system/docker.service.d/10-fks.conf") == docker


def test_every_installed_file_has_a_step() -> None:
    for name in FILES:
        assert not name.startswith("files/") or changed_steps(name), name


def test_all_steps_read_the_shared_files() -> None:
    assert list(FOUND.shared) == [
        "bootstrap.sh",
        "lib/packages.sh",
        "lib/steps.sh",
        "limits.env",
    ]


def test_programs_are_the_rest_without_the_first_boot() -> None:
    assert {"bin/deploy", "fks_deploy/rolling.py", "lib/zram.sh"} <= set(FOUND.programs)
    assert "join.sh" not in {*FOUND.programs, *FOUND.shared}


def test_units_have_their_names() -> None:
    assert {"fks-watch.timer", "docker.service.d/10-fks.conf"} <= set(FOUND.units)


def test_the_restarts_belong_to_steps_that_restart_something() -> None:
    for step in RESTARTS:
        text = FILES[f"bootstrap.d/{step}.sh"].decode()
        assert any(word in text for word in ("systemctl restart", "systemctl reload", "start_unit"))


def test_containers_outlive_a_restart_of_the_engine() -> None:
    assert json.loads(FILES["files/etc/docker/daemon.json"])["live-restore"] is True
