from functools import cached_property
from types import SimpleNamespace

import pytest

from host.fks_deploy.drift import docker_objects
from host.fks_deploy.drift.context import Context
from host.fks_deploy.drift.deviation import Deviation
from tests.host.drift.conftest import KEY
from tests.host.watch.server import WatchedServer


@pytest.fixture
def context(plain: WatchedServer, monkeypatch: pytest.MonkeyPatch) -> Context:
    compose = cached_property(lambda _: SimpleNamespace(release=SimpleNamespace(project="fks")))
    compose.__set_name__(Context, "compose")
    monkeypatch.setattr(Context, "compose", compose)
    return Context(plain.paths, plain.shell, KEY)


def test_what_is_not_of_the_project(plain: WatchedServer, context: Context) -> None:
    plain.answer("docker ps", "fks-api-1\tfks\tfks:api\nby-hand\t\tbusybox\n")
    plain.answer("docker network", "bridge\t\tbridge\nfks_api\tfks\tbridge\nother\tx\tbridge\n")
    anonymous = "0123456789abcdef" * 4
    plain.answer("docker volume", f"fks_data\tfks\t\nold\t\t\n{anonymous}\t\t\ntmp\t\tyes\n")
    assert list(docker_objects.deviations(context)) == [
        Deviation(
            "container", "by-hand", "not present", "image busybox", "remove container by-hand"
        ),
        Deviation("network", "other", "not present", "present", "remove network other"),
        Deviation("volume", "old", "not present", "present", ""),
    ]
