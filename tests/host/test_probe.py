from pathlib import Path

import pytest

from host.fks_deploy import probe
from host.fks_deploy.errors import DeployError
from host.fks_deploy.probe import Probe
from tests.host.server import Service

JSON = Probe("api", "api.example.org", "/health", json={"status": ["healthy", "ok"]})
WORKERS = Probe("w", "auth.example.org", "/workers/", any_item={"version_matching": [True]})
NO_SECRETS = Path("/nonexistent")
TEXT = Probe("web", "example.org", "/health", text="healthy")


@pytest.fixture
def service(service: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    """The service, with probes to its port."""
    monkeypatch.setattr(probe, "EDGE_PORT", service.port)
    return service


@pytest.mark.parametrize(
    ("one", "status", "body", "reason"),
    [
        (JSON, 200, '{"status": "ok", "more": 1}', ""),
        (JSON, 200, '{"status": "emergency"}', "status is 'emergency'"),
        (JSON, 200, '{"other": 1}', "status is None"),
        (JSON, 200, '["healthy"]', "status is None"),
        (JSON, 200, "<html>", "body is not JSON: '<html>'"),
        (JSON, 503, '{"status": "ok"}', "status 503, expected 200"),
        (WORKERS, 200, '[{"version_matching": false}, {"version_matching": true}]', ""),
        (WORKERS, 200, '[{"version_matching": false}]', "no item of the list has {'version_"),
        (WORKERS, 200, "[]", "no item of the list has {'version_matching': [True]}: '[]'"),
        (WORKERS, 200, '{"version_matching": true}', "no item of the list"),
        (WORKERS, 403, "[]", "status 403, expected 200"),
        (TEXT, 200, "all healthy\n", ""),
        (TEXT, 200, "broken", "body lacks 'healthy': 'broken'"),
    ],
)
def test_status_and_body_of_an_answer_must_match(
    one: Probe, status: int, body: str, reason: str
) -> None:
    mismatch = one.mismatch(status, body)
    assert mismatch.startswith(reason) and bool(mismatch) == bool(reason)


def test_a_probe_requests_its_host_and_path(service: Service) -> None:
    one = Probe("api", "api.example.org", "/deep", text="healthy")
    probe.wait(one, "127.0.0.1", NO_SECRETS, 0)
    assert service.requests == [("api.example.org", "/deep")]


def test_a_probe_is_repeated_until_it_passes(service: Service) -> None:
    service.status = 502
    one = Probe("api", "api.example.org", "/", text="healthy")

    def recover(_seconds: float) -> None:
        service.status = 200

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("host.fks_deploy.probe.time.sleep", recover)
        probe.wait(one, "127.0.0.1", NO_SECRETS, 30)
    assert len(service.requests) == 2


def test_the_error_after_the_time_limit_has_the_last_answer(service: Service) -> None:
    service.status = 502
    one = Probe("api", "api.example.org", "/deep")
    with pytest.raises(DeployError, match=r"probe api: .*/deep .* last: status 502, expected 200"):
        probe.wait(one, "127.0.0.1", NO_SECRETS, 0)


def test_a_closed_port_is_reported_as_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "EDGE_PORT", 1)
    one = Probe("api", "api.example.org", "/")
    assert one.request("127.0.0.1", NO_SECRETS).startswith("no answer: ")


@pytest.mark.usefixtures("service")
def test_a_probe_sends_its_token_and_never_shows_it(tmp_path: Path) -> None:
    (tmp_path / "auth").mkdir()
    (tmp_path / "auth/TOKEN").write_text("canary\n")
    one = Probe("w", "api.example.org", "/", status=403, bearer="auth/TOKEN")
    assert one.headers(tmp_path)["Authorization"] == "Bearer canary"
    with pytest.raises(DeployError) as raised:
        probe.wait(one, "127.0.0.1", tmp_path, 0)
    assert "status 200, expected 403" in str(raised.value)
    assert "canary" not in str(raised.value)


@pytest.mark.usefixtures("service")
def test_a_missing_token_is_named(tmp_path: Path) -> None:
    one = Probe("w", "api.example.org", "/", bearer="auth/TOKEN")
    assert str(tmp_path / "auth/TOKEN") in one.request("127.0.0.1", tmp_path)


def test_a_probe_can_wait_longer_than_the_deploys_limit(service: Service) -> None:
    service.status = 502
    one = Probe("w", "api.example.org", "/", text="healthy", wait_seconds=30)

    def recover(_seconds: float) -> None:
        service.status = 200

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("host.fks_deploy.probe.time.sleep", recover)
        probe.wait(one, "127.0.0.1", NO_SECRETS, 0)
    assert len(service.requests) == 2
