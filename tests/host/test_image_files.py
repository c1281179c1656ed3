"""Copying the files of an image, in deploys with the stand-in docker."""

from tests.host.builds import WEB, add_image, builds, front_end, upload
from tests.host.deploys import wait_until
from tests.host.server import Server, image


def test_another_root_is_named_with_the_setting(server: Server) -> None:
    add_image(server, 3, front_end("1"))
    done = server.deploy(upload(server, root="/app/dist"))
    assert done.returncode == 1
    assert "/app/dist cannot be copied from example/fks@sha256:" in done.stderr
    assert "write the directory into fks:services.web.root" in done.stderr
    assert server.state["copies"] == {}


def test_a_killed_deploy_leaves_nothing_that_counts_as_complete(server: Server) -> None:
    add_image(server, 3, front_end("1"))
    server.change(hang="cp")
    digest = upload(server)
    process = server.start_deploy(digest)
    wait_until(server, lambda: "hanging" in server.state)
    process.kill()
    server.finish(process)
    # The stand-in writes its own state back when it ends.
    server.change(resume=True)
    wait_until(server, lambda: "resume" not in server.state)
    server.change(hang="")
    (name,) = builds(server)
    assert name.endswith(".partial")
    assert server.state["copies"] != {}
    assert server.deploy(digest).returncode == 0
    assert builds(server) == {name.removesuffix(".partial")}
    assert server.state["copies"] == {}


def test_an_image_that_is_larger_than_the_free_space_is_not_copied(server: Server) -> None:
    add_image(server, 3, front_end("1"))
    huge = {**image(3), "size": 1 << 60}
    server.change(registry={**server.state["registry"], WEB: huge})
    done = server.deploy(upload(server))
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert f"{(1 << 60) >> 20} MiB needed" in done.stderr
    assert not server.calls("create")
