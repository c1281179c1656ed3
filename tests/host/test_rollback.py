"""What a failed deploy leaves in service, run by bin/deploy with the stand-in docker."""

import os
import pty
import signal
from pathlib import Path

import pytest

from tests.host.deploys import current, wait_until, with_domain
from tests.host.server import API, EDGE, Server, image


@pytest.fixture
def dying(server: Server) -> str:
    """A server with a release in service; returns the digest of a release whose container exits."""
    assert server.deploy(server.upload()).returncode == 0
    server.change(registry={API: image(7), EDGE: image(2)}, broken=[image(7)["id"]])
    return server.upload(IMAGE_REFRESH_API="2")


def serves_first(server: Server) -> bool:
    """Whether the container of the release before the failed one runs."""
    api = server.state["containers"]["api"]
    return bool((api["image"], api["status"]) == (image(1)["id"], "running"))


def test_a_rollback_installs_the_certificate_of_its_names(server: Server) -> None:
    first = server.upload()
    server.deploy(first)
    file = server.paths.tls / "api.pem"
    before = file.read_text()
    server.service.body = '{"status": "starting"}'
    done = server.deploy(server.upload(with_domain(server, "api.other.example")))
    assert done.returncode == 1
    assert f"rollback: release {first[:12]} is in service" in done.stdout
    steps = {step["name"]: step for step in server.journal()[-1]["steps"]}
    assert steps["certificates"]["note"] == "issued: api"
    assert file.read_text() == before


def test_a_release_with_a_failing_container_is_rolled_back(server: Server) -> None:
    first = server.upload()
    server.deploy(first)
    server.change(registry={API: image(7), EDGE: image(2)}, broken=[image(7)["id"]])
    done = server.deploy(server.upload(IMAGE_REFRESH_API="2"))
    assert done.returncode == 1
    assert "container fks-api-1 exited (3)" in done.stderr
    assert "--- api: exited, exit code 3, health unhealthy" in done.stdout
    assert f"rollback: release {first[:12]} is in service" in done.stdout
    assert current(server) == first
    assert server.state["containers"]["api"]["image"] == image(1)["id"]
    entry = server.journal()[-1]
    assert (entry["result"], entry["rollback"]["result"]) == ("failed", "ok")


def test_a_rollback_runs_the_recorded_image_after_the_tag_has_moved(server: Server) -> None:
    server.deploy(server.upload())
    server.change(registry={API: image(7), EDGE: image(2)})
    server.service.body = '{"status": "emergency"}'
    server.deploy(server.upload(IMAGE_REFRESH_API="2"))
    assert server.state["containers"]["api"]["image"] == image(1)["id"]


def test_a_failed_first_deploy_leaves_the_containers(server: Server) -> None:
    server.change(broken=[image(1)["id"]])
    done = server.deploy(server.upload())
    assert done.returncode == 1
    assert "no earlier release for a rollback" in done.stdout
    assert not server.paths.current.exists()
    assert set(server.state["containers"]) == {"api", "edge"}


def test_a_failed_rollback_is_reported_and_recorded(server: Server) -> None:
    first = server.upload()
    server.deploy(first)
    server.change(broken=[image(1)["id"], image(7)["id"]], registry={API: image(7), EDGE: image(2)})
    done = server.deploy(server.upload(IMAGE_REFRESH_API="2"))
    assert f"rollback to release {first[:12]} FAILED" in done.stdout
    assert server.journal()[-1]["rollback"]["result"] == "failed"


def test_a_stopped_deploy_is_rolled_back(server: Server) -> None:
    first = server.upload()
    server.deploy(first)
    server.change(hang="api", registry={API: image(7), EDGE: image(2)})
    process = server.start_deploy(server.upload(IMAGE_REFRESH_API="2"))
    wait_until(server, lambda: "hanging" in server.state)
    server.change(hang=None)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=180)
    assert process.returncode == 1
    assert "stopped by SIGTERM" in err
    assert f"rollback: release {first[:12]} is in service" in out
    assert server.state["containers"]["api"]["image"] == image(1)["id"]


def fill(file: Path) -> None:
    """From now on each write to `file` fails: No space left on device."""
    file.unlink()
    file.symlink_to("/dev/full")


@pytest.mark.parametrize("name", ["log", "journal"])
def test_a_full_log_or_journal_does_not_stop_a_rollback(
    server: Server, dying: str, name: str
) -> None:
    file: Path = getattr(server.paths, name)
    fill(file)
    done = server.deploy(dying)
    assert done.returncode == 1
    assert (
        done.stderr == "deploy: docker compose up exited with 1: container fks-api-1 exited (3)\n"
    )
    assert "cannot be written: " in done.stdout and "No space left on device" in done.stdout
    assert serves_first(server)
    if name == "log":
        assert server.journal()[-1]["rollback"]["result"] == "ok"


def test_a_full_journal_does_not_fail_a_deploy(server: Server) -> None:
    server.deploy(server.upload())
    fill(server.paths.journal)
    done = server.deploy(server.upload(IMAGE_REFRESH_API="2"))
    assert (done.returncode, done.stderr) == (0, "")


def test_a_full_output_does_not_stop_a_rollback(server: Server, dying: str) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    done = server.finish(server.start_deploy(dying, stdout=full))
    os.close(full)
    assert done.returncode == 1
    assert "container fks-api-1 exited (3)" in done.stderr
    assert serves_first(server)
    assert server.journal()[-1]["rollback"]["result"] == "ok"


def test_a_closed_terminal_does_not_stop_a_deploy(server: Server) -> None:
    server.change(hang="api")
    master, terminal = pty.openpty()
    process = server.start_deploy(server.upload(), stdout=terminal)
    wait_until(server, lambda: "hanging" in server.state)
    os.close(terminal)
    os.close(master)
    process.send_signal(signal.SIGHUP)
    server.change(resume=True)
    assert process.wait(60) == 0
    assert server.journal()[-1]["result"] == "ok"


def test_a_signal_does_not_end_a_rollback(server: Server, dying: str) -> None:
    server.change(hang=image(1)["id"])
    process = server.start_deploy(dying)
    wait_until(server, lambda: "hanging" in server.state)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        process.send_signal(number)
    server.change(resume=True)
    done = server.finish(process)
    assert "container fks-api-1 exited (3)" in done.stderr
    assert serves_first(server)
    assert server.journal()[-1]["rollback"]["result"] == "ok"
