"""The steps of a deploy, run by bin/deploy with the stand-in docker."""

import os
import re
import shutil
import signal

import pytest

from tests.host.deploys import current, wait_until, with_domain
from tests.host.server import API, EDGE, Server, image


def test_the_first_deploy_puts_the_release_into_service(server: Server) -> None:
    digest = server.upload()
    done = server.deploy(digest)
    assert (done.returncode, done.stderr) == (0, "")
    assert current(server) == digest
    assert set(server.state["containers"]) == {"api", "edge"}
    assert server.service.requests == [("api.example.org", "/health/deep")]
    assert server.state["served"] == {
        "api.conf": "listen 127.0.0.1:443; resolver 192.0.2.53; # api.example.org\n"
    }
    (entry,) = server.journal()
    assert (entry["result"], entry["who"], entry["previous"]) == ("ok", "deploy", None)
    steps = entry["steps"]
    assert {step["result"] for step in steps} == {"ok"}
    assert (steps[0]["name"], steps[-1]["name"]) == ("disk", "prune")
    lines = done.stdout.splitlines()[: len(steps)]
    assert {line.index(" ok ") for line in lines} == {len("certificates")}, (
        "the results are not in one column"
    )


def test_a_second_deploy_of_a_release_replaces_no_container_and_pulls_nothing(
    server: Server,
) -> None:
    digest = server.upload()
    server.deploy(digest)
    before = server.state["containers"]
    done = server.deploy(digest)
    assert done.returncode == 0
    assert server.state["containers"] == before
    assert len(server.calls("pull")) == 1


def test_an_unpacked_release_needs_no_upload(server: Server) -> None:
    digest = server.upload()
    server.deploy(digest)
    (server.paths.incoming / f"{digest}.tar").unlink()
    assert server.deploy(digest).returncode == 0


def test_a_damaged_upload_fails_before_any_docker_command(server: Server) -> None:
    digest = server.upload()
    with (server.paths.incoming / f"{digest}.tar").open("ab") as tar:
        tar.write(b"x")
    done = server.deploy(digest)
    assert done.returncode == 1
    assert "is damaged, its digest is" in done.stderr
    assert not server.calls()


def test_the_release_of_another_server_fails_before_secrets_are_written(server: Server) -> None:
    server.paths.role.write_text("SERVER=web\nROLES=web\n")
    done = server.deploy(server.upload())
    assert done.returncode == 1
    assert "is for the server 'api', but SERVER in" in done.stderr
    assert not server.paths.secrets.exists()


def test_without_a_certificate_the_release_in_service_stays(server: Server) -> None:
    server.deploy(server.upload())
    before = server.state
    (server.bin / "stderr").write_text("Requesting acme.example.org/dir: Connection refused\n")
    done = server.deploy(server.upload(with_domain(server, "api.other.example")))
    assert done.returncode == 1
    assert "no certificate for api.other.example from https://acme.example.org/" in done.stderr
    assert "fks:acmeServer does not answer correctly" in done.stderr
    assert re.search(r"^certificates FAILED +\d+\.\ds$", done.stdout, re.MULTILINE)
    assert server.state == before
    assert "rollback" not in server.journal()[-1]


def test_without_an_image_the_release_in_service_stays(server: Server) -> None:
    first = server.upload()
    server.deploy(first)
    before = server.state["containers"]
    done = server.deploy(server.upload(IMAGE_API="docker.io/example/fks:gone"))
    assert done.returncode == 1
    assert (
        "docker compose pull exited with 18: manifest for docker.io/example/fks:gone" in done.stderr
    )
    assert (current(server), server.state["containers"]) == (first, before)
    assert "rollback" not in server.journal()[-1]


def test_certificates_are_issued_while_images_are_pulled(server: Server) -> None:
    done = server.deploy(server.upload(IMAGE_API="docker.io/example/fks:gone"))
    assert "docker compose pull exited with 18" in done.stderr
    assert (server.paths.letsencrypt / "live" / "api" / "cert.pem").exists()


def test_a_stopped_deploy_ends_certbot(server: Server) -> None:
    process_file = server.bin / "hang"
    process_file.touch()
    process = server.start_deploy(server.upload())
    wait_until(server, lambda: process_file.read_text() != "")
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=180)
    assert (process.returncode, "stopped by SIGTERM" in err) == (1, True)
    with pytest.raises(ProcessLookupError):
        os.kill(int(process_file.read_text()), 0)


def test_a_wrong_body_with_status_200_fails_the_deploy(server: Server) -> None:
    first = server.upload()
    server.deploy(first)
    server.service.body = '{"status": "emergency"}'
    done = server.deploy(server.upload(VERSION="2"))
    assert done.returncode == 1
    assert "status is 'emergency', expected one of ['healthy', 'ok']" in done.stderr
    assert current(server) == first


def test_a_configuration_that_nginx_rejects_is_not_loaded(server: Server) -> None:
    server.deploy(server.upload())
    served = server.state["served"]
    bad = {"nginx/vhosts/api.conf.template": "bogus on;\n"}
    done = server.deploy(server.upload(bad))
    assert (
        'nginx rejects its configuration: nginx: [emerg] unknown directive "bogus"' in done.stderr
    )
    assert server.state["served"] == served
    assert not list(server.paths.nginx.rglob("*.new"))


def test_a_template_with_an_unknown_name_fails_before_containers_change(server: Server) -> None:
    bad = {"nginx/vhosts/api.conf.template": "listen ${PORT};\n"}
    done = server.deploy(server.upload(bad))
    assert "nginx/vhosts/api.conf.template uses ${PORT}" in done.stderr
    assert not server.calls("up")


def test_the_failure_report_is_short_after_long_container_logs(server: Server) -> None:
    server.change(broken=[image(1)["id"], image(2)["id"]], logs=["x" * 5000] * 40)
    done = server.deploy(server.upload())
    assert max(map(len, done.stdout.splitlines())) <= 300
    assert len(done.stdout.encode()) < 9000


def test_a_new_secret_replaces_only_the_containers_that_use_it(server: Server) -> None:
    digest = server.upload()
    server.deploy(digest)
    before = server.state["containers"]
    server.secrets["api"]["JWT_SECRET"] = "another-value"
    done = server.deploy(digest)
    after = server.state["containers"]
    assert "new secrets in api" in done.stdout
    assert after["api"]["id"] != before["api"]["id"]
    assert after["edge"]["id"] == before["edge"]["id"]


def test_the_last_five_releases_and_their_images_are_kept(server: Server) -> None:
    digests = []
    for number in range(1, 8):
        server.change(registry={API: image(10 + number), EDGE: image(2)})
        digests.append(server.upload(IMAGE_REFRESH_API=str(number)))
        assert server.deploy(digests[-1]).returncode == 0
    assert {path.name for path in server.paths.releases.iterdir()} == set(digests[2:])
    assert {path.stem for path in server.paths.incoming.iterdir()} == set(digests[2:])
    kept = [image(2), *(image(10 + number) for number in range(3, 8))]
    assert {one["id"] for one in server.state["local"]} == {one["id"] for one in kept}


def test_a_failed_cleanup_is_a_note_of_a_successful_deploy(server: Server) -> None:
    (server.paths.releases / "old").mkdir(parents=True)
    (server.paths.releases / "old/images.json").mkdir()
    done = server.deploy(server.upload())
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search("^prune +ok .*NOT COMPLETE: .*images.json", done.stdout, re.MULTILINE)
    assert server.journal()[-1]["result"] == "ok"


def test_a_directory_that_cannot_be_written_fails_a_deploy_before_anything_changes(
    server: Server,
) -> None:
    first = server.upload()
    server.deploy(first)
    before, calls = server.state, len(server.calls())
    shutil.rmtree(server.root / "tmp")
    (server.root / "tmp").touch()
    done = server.deploy(server.upload(VERSION="2"))
    assert done.returncode == 1
    assert f"{server.root}/tmp: File exists" in done.stderr
    assert (server.state, len(server.calls()), current(server)) == (before, calls, first)
    assert server.journal()[-1]["steps"][-1]["name"] == "disk"
