import pytest

from fks_infra.errors import OperatorError
from fks_infra.operate.deployed_stack import DeployedStack
from fks_infra.operate.places import find, service_name
from tests.fks_infra.operate.stack import MULTI, SINGLE


@pytest.mark.parametrize(
    ("stack", "text", "server", "service"),
    [
        (MULTI, "auth-server", "auth", "auth-server"),
        (MULTI, "api", "api", "api"),
        (MULTI, "api.1", "api", "api"),
        (MULTI, "api.2", "api", "api-2"),
        (MULTI, "api-2", "api", "api-2"),
        (MULTI, "web/edge", "web", "edge"),
        (MULTI, "web", "web", ""),
        (MULTI, "server:api", "api", ""),
        (SINGLE, "api", "single", "api"),
        (SINGLE, "edge", "single", "edge"),
        (SINGLE, "single", "single", ""),
    ],
)
def test_the_place_of_a_name(stack: DeployedStack, text: str, server: str, service: str) -> None:
    place = find(stack, text)
    assert (place.server.name, place.service) == (server, service)


def test_a_service_on_several_servers_needs_the_server() -> None:
    message = "edge runs on 3 servers: write one of auth/edge, api/edge, web/edge"
    with pytest.raises(OperatorError, match=f"^{message}$"):
        find(MULTI, "edge")


@pytest.mark.parametrize("text", ["apl", "server:apl", "auth/api", "apl/api", "api.3", "api.0"])
def test_an_unknown_name_is_an_error_with_the_known_ones(text: str) -> None:
    with pytest.raises(OperatorError, match="neither a server nor a service") as error:
        find(MULTI, text)
    assert "its servers are auth, api, web, its services api, api-2" in str(error.value)


def test_the_service_of_a_replica() -> None:
    assert [service_name(text) for text in ("api", "api.1", "api.2")] == ["api", "api", "api-2"]
