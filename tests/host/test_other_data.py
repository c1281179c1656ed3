"""What uses a database ends before the database gets another volume."""

from types import SimpleNamespace
from typing import Any

import pytest

from host.fks_deploy import containers, other_data, postgres_version
from host.fks_deploy.containers import Container

NEEDS = {"auth-postgres": (), "auth-server": ("auth-postgres",), "edge": (), "auth-worker": ()}


def container(service: str, status: str = "running", *, volume: str = "") -> Container:
    labels = {"com.docker.compose.service": service}
    mounts = [{"Type": "volume", "Name": volume}, {"Type": "bind"}] if volume else []
    document = {"Config": {"Labels": labels}, "State": {"Status": status}, "Mounts": mounts}
    return Container(document)


def stopped(monkeypatch: pytest.MonkeyPatch, volume: str, status: str = "running") -> list[str]:
    """The services that are stopped when the container of the database has this volume."""
    found: list[str] = []
    services = [SimpleNamespace(name=name, needs=needs) for name, needs in NEEDS.items()]
    compose: Any = SimpleNamespace(
        shell=None,
        release=SimpleNamespace(project="fks"),
        document=dict,
        all_services=lambda: services,
        stop=lambda names, _: found.extend(names),
    )
    present = [container("auth-postgres", volume=volume), container("auth-server", status)]
    present += [container("edge"), container("auth-worker")]
    monkeypatch.setattr(containers, "of_project", lambda *_: present)
    monkeypatch.setattr(postgres_version, "volumes", lambda _: [("auth-postgres", "fks_data")])
    other_data.end_clients(compose, 60)
    return found


@pytest.mark.parametrize("status", ["running", "restarting"])
def test_a_client_ends_before_it_meets_other_data(
    monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    assert stopped(monkeypatch, "fks_data-ak2026-5", status) == ["auth-server"]


@pytest.mark.parametrize(
    ("volume", "status"),
    [("fks_data", "running"), ("", "running"), ("fks_data-ak2026-5", "exited")],
)
def test_otherwise_nothing_is_stopped(
    monkeypatch: pytest.MonkeyPatch, volume: str, status: str
) -> None:
    assert stopped(monkeypatch, volume, status) == []
