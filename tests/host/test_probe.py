import pytest

from host.fks_deploy import probe
from host.fks_deploy.errors import DeployError
from host.fks_deploy.probe import Probe
from tests.host.server import Service

JSON = Probe("api", "api.example.org", "/health", json={"status": ["healthy", "ok"]})
TEXT = Probe("web", "example.org", "/health", text="healthy")


@pytest.fixture
def service(service: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    """The service, and probes that ask where it listens."""
    monkeypatch.setattr(probe, "PORT", service.port)
    return service


@pytest.mark.parametrize(
    ("asked", "status", "body", "reason"),
    [
        (JSON, 200, '{"status": "ok", "more": 1}', ""),
        (JSON, 200, '{"status": "emergency"}', "status is 'emergency'"),
        (JSON, 200, '{"other": 1}', "status is None"),
        (JSON, 200, '["healthy"]', "status is None"),
        (JSON, 200, "<html>", "body is no JSON: '<html>'"),
        (JSON, 503, '{"status": "ok"}', "status 503, expected 200"),
        (TEXT, 200, "all healthy\n", ""),
        (TEXT, 200, "sick", "body lacks 'healthy': 'sick'"),
    ],
)
def test_an_answer_counts_by_status_and_body(
    asked: Probe, status: int, body: str, reason: str
) -> None:
    judged = asked.judge(status, body)
    assert judged.startswith(reason) and bool(judged) == bool(reason)


def test_a_probe_asks_for_its_host_and_path(service: Service) -> None:
    asked = Probe("api", "api.example.org", "/deep", text="healthy")
    probe.wait(asked, "127.0.0.1", 0)
    assert service.hosts == ["api.example.org"]


def test_a_probe_is_asked_again_until_it_passes(service: Service) -> None:
    service.status = 502
    asked = Probe("api", "api.example.org", "/", text="healthy")

    def recover(_seconds: float) -> None:
        service.status = 200

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("host.fks_deploy.probe.time.sleep", recover)
        probe.wait(asked, "127.0.0.1", 30)
    assert len(service.hosts) == 2


def test_the_last_answer_is_told_when_the_time_is_over(service: Service) -> None:
    service.status = 502
    asked = Probe("api", "api.example.org", "/deep")
    with pytest.raises(DeployError, match=r"probe api: .*/deep .* last: status 502, expected 200"):
        probe.wait(asked, "127.0.0.1", 0)


def test_a_closed_port_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "PORT", 1)
    asked = Probe("api", "api.example.org", "/")
    assert asked.ask("127.0.0.1").startswith("no answer: ")
