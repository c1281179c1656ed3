"""`bin/deploy` as a whole, against a stand-in docker: what serves afterwards, what is told, what is
remembered. The real engine is met in the rehearsal."""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable

from tests.host.server import API, EDGE, Server, image


def current(server: Server) -> str:
    return server.paths.current.resolve().name


def everything_shown(server: Server, done: subprocess.CompletedProcess[str]) -> str:
    log = server.paths.log.read_text() + server.paths.journal.read_text()
    return done.stdout + done.stderr + log + (server.bin / "calls.jsonl").read_text()


def test_a_first_deploy_brings_the_release_into_service(server: Server) -> None:
    digest = server.upload()
    done = server.deploy(digest)
    assert (done.returncode, done.stderr) == (0, "")
    assert current(server) == digest
    assert set(server.state["containers"]) == {"api", "edge"}
    assert server.service.hosts == ["api.example.org"]
    assert server.state["served"] == {"api.conf": "listen 127.0.0.1:443; # api.example.org\n"}
    (entry,) = server.journal()
    assert (entry["result"], entry["who"], entry["previous"]) == ("ok", "deploy", None)
    assert [step["result"] for step in entry["steps"]] == ["ok"] * 13
    lines = done.stdout.splitlines()[:13]
    assert {line.index(" ok ") for line in lines} == {len("certificates")}, "not one column"


def test_the_same_release_again_replaces_no_container_and_asks_no_registry(server: Server) -> None:
    digest = server.upload()
    server.deploy(digest)
    before = server.state["containers"]
    done = server.deploy(digest)
    assert done.returncode == 0
    assert server.state["containers"] == before
    assert len(server.calls("pull")) == 1


def test_a_deploy_needs_the_upload_only_once(server: Server) -> None:
    digest = server.upload()
    server.deploy(digest)
    (server.paths.incoming / f"{digest}.tar").unlink()
    assert server.deploy(digest).returncode == 0


def test_a_damaged_upload_changes_nothing(server: Server) -> None:
    digest = server.upload()
    with (server.paths.incoming / f"{digest}.tar").open("ab") as tar:
        tar.write(b"x")
    done = server.deploy(digest)
    assert done.returncode == 1
    assert "the upload is damaged" in done.stderr
    assert not server.calls()


def test_a_release_of_another_server_is_refused(server: Server) -> None:
    server.paths.role.write_text("SERVER=web\nROLES=web\n")
    done = server.deploy(server.upload())
    assert done.returncode == 1
    assert "is for the server 'api'" in done.stderr and "says 'web'" in done.stderr
    assert not server.paths.secrets.exists()


def test_without_a_certificate_what_is_in_service_is_left_alone(server: Server) -> None:
    server.deploy(server.upload())
    before = server.state
    (server.bin / "stderr").write_text("Requesting acme.example.org/dir: Connection refused\n")
    done = server.deploy(server.upload(renamed(server, "api.other.example")))
    assert done.returncode == 1
    assert "no certificate for api.other.example from https://acme.example.org/" in done.stderr
    assert "fks:acmeServer does not answer as it should" in done.stderr
    assert re.search(r"^certificates FAILED +\d+\.\ds$", done.stdout, re.MULTILINE)
    assert server.state == before
    assert "put_back" not in server.journal()[-1]


def test_a_put_back_brings_the_certificate_of_its_names_back(server: Server) -> None:
    server.deploy(server.upload())
    served = server.paths.tls / "api.pem"
    before = served.read_text()
    server.service.body = '{"status": "starting"}'
    done = server.deploy(server.upload(renamed(server, "api.other.example")))
    assert done.returncode == 1
    assert "is back in service" in done.stdout
    steps = {step["name"]: step for step in server.journal()[-1]["steps"]}
    assert steps["certificates"]["note"] == "issued: api"
    assert served.read_text() == before


def renamed(server: Server, name: str) -> dict[str, str]:
    """The part of a release that wants a certificate for another name."""
    document = json.loads(server.release({})["release.json"])
    document["certificates"][0]["domains"] = [name]
    return {"release.json": json.dumps(document)}


def test_a_missing_image_leaves_what_is_in_service_alone(server: Server) -> None:
    first = server.upload()
    server.deploy(first)
    before = server.state["containers"]
    done = server.deploy(server.upload(IMAGE_API="docker.io/example/fks:gone"))
    assert done.returncode == 1
    assert (
        "docker compose pull ended with 18: manifest for docker.io/example/fks:gone" in done.stderr
    )
    assert (current(server), server.state["containers"]) == (first, before)
    assert "put_back" not in server.journal()[-1]


def test_a_release_that_dies_is_replaced_by_the_previous_one(server: Server) -> None:
    first = server.upload()
    server.deploy(first)
    server.change(registry={API: image(7), EDGE: image(2)}, broken=[image(7)["id"]])
    done = server.deploy(server.upload(VERSION="2"))
    assert done.returncode == 1
    assert "container fks-api-1 exited (3)" in done.stderr
    assert "--- api: exited, exit code 3, health unhealthy" in done.stdout
    assert f"release {first[:12]} is back in service" in done.stdout
    assert current(server) == first
    assert server.state["containers"]["api"]["image"] == image(1)["id"]
    entry = server.journal()[-1]
    assert (entry["result"], entry["put_back"]["result"]) == ("failed", "ok")


def test_a_put_back_runs_the_image_of_then_although_the_tag_has_moved(server: Server) -> None:
    server.deploy(server.upload())
    server.change(registry={API: image(7), EDGE: image(2)})
    server.service.body = '{"status": "emergency"}'
    server.deploy(server.upload(VERSION="2"))
    assert server.state["containers"]["api"]["image"] == image(1)["id"]


def test_a_wrong_body_fails_the_deploy_although_the_status_is_200(server: Server) -> None:
    first = server.upload()
    server.deploy(first)
    server.service.body = '{"status": "emergency"}'
    done = server.deploy(server.upload(VERSION="2"))
    assert done.returncode == 1
    assert "status is 'emergency', expected one of ['healthy', 'ok']" in done.stderr
    assert current(server) == first


def test_a_configuration_nginx_refuses_is_never_served(server: Server) -> None:
    server.deploy(server.upload())
    served = server.state["served"]
    bad = {"nginx/vhosts/api.conf.template": "bogus on;\n"}
    done = server.deploy(server.upload(bad))
    assert (
        'nginx refuses its configuration: nginx: [emerg] unknown directive "bogus"' in done.stderr
    )
    assert server.state["served"] == served
    assert not list(server.paths.nginx.rglob("*.new"))


def test_a_template_with_an_unknown_name_fails_before_anything_is_touched(server: Server) -> None:
    bad = {"nginx/vhosts/api.conf.template": "listen ${PORT};\n"}
    done = server.deploy(server.upload(bad))
    assert "nginx/vhosts/api.conf.template names ${PORT}" in done.stderr
    assert not server.calls("up")


def test_a_failed_first_deploy_leaves_the_containers_for_a_look(server: Server) -> None:
    server.change(broken=[image(1)["id"]])
    done = server.deploy(server.upload())
    assert done.returncode == 1
    assert "no earlier release to put back" in done.stdout
    assert not server.paths.current.exists()
    assert set(server.state["containers"]) == {"api", "edge"}


def test_a_put_back_that_fails_is_said_and_remembered(server: Server) -> None:
    first = server.upload()
    server.deploy(first)
    server.change(broken=[image(1)["id"], image(7)["id"]], registry={API: image(7), EDGE: image(2)})
    done = server.deploy(server.upload(VERSION="2"))
    assert f"release {first[:12]} could NOT be put back" in done.stdout
    assert server.journal()[-1]["put_back"]["result"] == "failed"


def test_no_secret_is_shown_logged_or_on_a_command_line(server: Server) -> None:
    server.registries = [{"server": "docker.io", "username": "u", "password": "canary-pull"}]
    server.change(
        broken=[image(1)["id"]],
        logs=["plain canary+jwt/secret", "quoted canary%2Bjwt%2Fsecret", "pull canary-pull"],
    )
    done = server.deploy(server.upload())
    shown = everything_shown(server, done)
    assert "canary" not in shown
    assert "plain ***" in done.stdout and "quoted ***" in done.stdout
    assert server.calls("login", "--password-stdin", "docker.io")


def test_a_failure_message_is_short_however_much_a_container_wrote(server: Server) -> None:
    server.change(broken=[image(1)["id"], image(2)["id"]], logs=["x" * 5000] * 40)
    done = server.deploy(server.upload())
    assert max(map(len, done.stdout.splitlines())) <= 300
    assert len(done.stdout.encode()) < 9000


def test_a_new_secret_reaches_the_containers_that_use_it_and_no_other(server: Server) -> None:
    digest = server.upload()
    server.deploy(digest)
    before = server.state["containers"]
    server.secrets["api"]["JWT_SECRET"] = "another-value"
    done = server.deploy(digest)
    after = server.state["containers"]
    assert "new secrets in api" in done.stdout
    assert after["api"]["id"] != before["api"]["id"]
    assert after["edge"]["id"] == before["edge"]["id"]


def test_a_second_deploy_says_who_holds_the_lock(server: Server) -> None:
    server.change(hang="api")
    digest = server.upload()
    first = server.start_deploy(digest)
    wait_until(server, lambda: "hanging" in server.state)
    done = server.deploy(digest)
    first.terminate()
    first.communicate(timeout=30)
    assert done.returncode == 75
    assert f"release {digest[:12]}, started by deploy at" in done.stderr


def test_a_killed_deploy_keeps_the_lock_until_its_last_command_ends(server: Server) -> None:
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


def test_a_stopped_deploy_puts_the_previous_release_back(server: Server) -> None:
    first = server.upload()
    server.deploy(first)
    server.change(hang="api", registry={API: image(7), EDGE: image(2)})
    process = server.start_deploy(server.upload(VERSION="2"))
    wait_until(server, lambda: "hanging" in server.state)
    server.change(hang=None)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "stopped by SIGTERM" in err
    assert f"release {first[:12]} is back in service" in out
    assert server.state["containers"]["api"]["image"] == image(1)["id"]


def test_the_last_five_releases_and_their_images_are_kept(server: Server) -> None:
    digests = []
    for number in range(1, 8):
        server.change(registry={API: image(10 + number), EDGE: image(2)})
        digests.append(server.upload(VERSION=str(number)))
        assert server.deploy(digests[-1]).returncode == 0
    assert {path.name for path in server.paths.releases.iterdir()} == set(digests[2:])
    assert {path.stem for path in server.paths.incoming.iterdir()} == set(digests[2:])
    kept = [image(2), *(image(10 + number) for number in range(3, 8))]
    assert {one["id"] for one in server.state["local"]} == {one["id"] for one in kept}


def test_rubbish_on_stdin_is_refused_without_repeating_it(server: Server) -> None:
    digest = server.upload()
    server.secrets = {"api": {"../../etc/shadow": "canary"}}
    done = server.deploy(digest)
    assert done.returncode == 2
    assert "must match" in done.stderr and "canary" not in done.stderr
    assert not server.calls()


def wait_until(server: Server, reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not reached():
        assert time.monotonic() < deadline, f"never reached; state: {server.state}"
        time.sleep(0.05)
