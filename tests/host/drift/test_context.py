import pytest

from host.fks_deploy.drift.context import Context
from host.fks_deploy.errors import DeployError
from host.fks_deploy.lock import deploy_lock
from tests.host.drift.conftest import fresh
from tests.host.server import Server


def test_the_release_in_service(deployed: Server, context: Context) -> None:
    assert context.release == deployed.paths.current.resolve()
    assert context.compose.address == "127.0.0.1"
    assert [one.service for one in context.containers] == ["api", "edge"]


def test_a_running_deploy_is_named(deployed: Server) -> None:
    context = fresh(deployed.paths)
    lock = deploy_lock(deployed.paths.lock, "0" * 64, "ops", 0)
    with lock, pytest.raises(DeployError, match="a deploy by ops runs since 20"):
        _ = context.release


def test_nothing_is_deployed(server: Server) -> None:
    with pytest.raises(DeployError, match="nothing is deployed: run pulumi up"):
        _ = fresh(server.paths).release
