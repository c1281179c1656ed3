"""The command line of bin/deploy: input, lock and output."""

import os
import signal

from tests.host.deploys import everything_written, wait_until
from tests.host.server import Server, image


def test_no_secret_is_shown_logged_or_on_a_command_line(server: Server) -> None:
    server.registries = [{"server": "docker.io", "username": "u", "password": "canary-pull"}]
    server.change(
        broken=[image(1)["id"]],
        logs=["plain canary+jwt/secret", "quoted canary%2Bjwt%2Fsecret", "pull canary-pull"],
    )
    done = server.deploy(server.upload())
    written = everything_written(server, done)
    assert "canary" not in written
    assert "plain ***" in done.stdout and "quoted ***" in done.stdout
    assert server.calls("login", "--password-stdin", "docker.io")


def test_the_alert_webhook_is_written_for_root_and_shown_nowhere(server: Server) -> None:
    server.alert_webhook = "https://hooks.example.org/canary"
    server.change(logs=[f"plain {server.alert_webhook}"], broken=[image(1)["id"]])
    done = server.deploy(server.upload())
    assert server.paths.alert_webhook.read_text() == server.alert_webhook
    assert server.paths.alert_webhook.stat().st_mode & 0o777 == 0o600
    written = everything_written(server, done)
    assert "written: api/JWT_SECRET, alert-webhook" in written
    assert "plain ***" in done.stdout
    assert "hooks.example.org" not in written


def test_a_second_deploy_names_the_holder_of_the_lock(server: Server) -> None:
    server.change(hang="api")
    digest = server.upload()
    first = server.start_deploy(digest)
    wait_until(server, lambda: "hanging" in server.state)
    done = server.deploy(digest)
    first.terminate()
    first.communicate(timeout=30)
    assert done.returncode == 75
    assert f"release {digest[:12]}, started by deploy at" in done.stderr


def test_the_lock_of_a_killed_deploy_is_held_until_its_last_command_ends(server: Server) -> None:
    server.change(hang="api")
    digest = server.upload()
    first = server.start_deploy(digest)
    wait_until(server, lambda: "hanging" in server.state)
    first.kill()
    first.communicate(timeout=30)
    assert server.deploy(digest).returncode == 75
    os.kill(server.state["hanging"], signal.SIGKILL)
    server.change(hang=None)
    assert server.deploy(digest, "--lock-wait=10").returncode == 0


def test_the_error_for_an_invalid_request_does_not_repeat_it(server: Server) -> None:
    digest = server.upload()
    server.secrets = {"api": {"../../etc/shadow": "canary"}}
    done = server.deploy(digest)
    assert done.returncode == 2
    assert "must match" in done.stderr and "canary" not in done.stderr
    assert not server.calls()
