from pathlib import Path

from host.fks_deploy import server_addresses
from host.fks_deploy.paths import Paths

ENV = {"API_DOMAIN": "api.example.org", "AUTH_DOMAIN": "auth.example.org", "TZ": "UTC"}


def refresh(paths: Paths, **addresses: str) -> dict[str, str]:
    """Record the addresses of the names that resolve; returns all recorded ones."""

    def resolve(name: str) -> str:
        if name.split(".")[0] not in addresses:
            raise OSError("Name or service not known")
        return addresses[name.split(".")[0]]

    paths.server_addresses.parent.mkdir(parents=True, exist_ok=True)
    server_addresses.refresh(paths, ENV, resolve)
    return server_addresses.recorded(paths)


def test_each_role_has_the_address_of_its_name(tmp_path: Path) -> None:
    found = refresh(Paths(tmp_path), api="100.64.0.1", auth="100.64.0.2")
    assert found == {"API_SERVER_IP": "100.64.0.1", "AUTH_SERVER_IP": "100.64.0.2"}


def test_a_name_that_does_not_resolve_keeps_its_last_address(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    assert server_addresses.recorded(paths) == {}
    assert refresh(paths, api="100.64.0.1")["AUTH_SERVER_IP"] == ""
    assert refresh(paths, auth="100.64.0.2") == {
        "API_SERVER_IP": "100.64.0.1",
        "AUTH_SERVER_IP": "100.64.0.2",
    }
