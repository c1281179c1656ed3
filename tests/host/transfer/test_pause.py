"""What uses the databases is stopped while data move, and the databases run on."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from host.fks_deploy import stops
from host.fks_deploy.output import Output
from host.fks_deploy.paths import Paths
from host.fks_deploy.placement import Placement
from host.fks_deploy.redact import Redactor
from host.fks_deploy.restore import target
from host.fks_deploy.stack import start
from host.fks_deploy.timeouts import Timeouts
from host.fks_deploy.transfer import pause
from tests.host.transfer.conftest import API, AUTH

PLACEMENT = Placement(
    ("auth", "api", "web"),
    {
        "auth": ["auth-postgres", "auth-server"],
        "api": ["api", "api-postgres", "api-redis"],
        "web": [],
    },
)
USERS = {"auth": ("auth-server",), "api": ("api",)}


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`calls` are what was done, with the services that a marker stops then."""
    calls: list[str] = []
    paths = Paths(tmp_path)
    paths.journal.parent.mkdir(parents=True)
    release = SimpleNamespace(placement=PLACEMENT, digest="0" * 64)

    def stopped(*_: Any, **__: Any) -> str:
        found = stops.load(paths)
        names = [name for own in PLACEMENT.services.values() for name in own]
        return " ".join(one for one in names if PLACEMENT.is_stopped(one, found))

    def recorded(what: str) -> Callable[..., str]:
        def call(*_: Any, **__: Any) -> str:
            calls.append(f"{what}: {stopped()}")
            return ""

        return call

    monkeypatch.setattr(target, "find", lambda _, name: SimpleNamespace(writers=USERS[name]))
    monkeypatch.setattr(pause, "running", lambda _: stopped().split())
    monkeypatch.setattr(start, "start_unmarked", recorded("start"))
    compose = SimpleNamespace(
        release=release,
        stop=lambda services, _, grace: calls.append(f"stop in {grace} s: {' '.join(services)}"),
        start_only=lambda services, _: calls.append(f"start only {' '.join(services)}"),
    )
    return SimpleNamespace(
        paths=paths,
        compose=compose,
        roles=PLACEMENT.roles,
        who="ann",
        reason="",
        timeouts=Timeouts(),
        output=Output(tmp_path / "log", Redactor(())),
        calls=calls,
    )


def test_databases_and_queue_run_on_and_the_rest_is_started_again(session: Any) -> None:
    pause.pause(session, (AUTH, API), grace=5)
    assert session.calls == ["stop in 5 s: auth-server api"]
    assert str(stops.load(session.paths)["api"]).endswith("by ann (data are moved)")
    pause.resume(session, (AUTH, API))
    assert session.calls[1:] == ["start only auth-server", "start only api"]
    assert stops.load(session.paths) == {}
    pause.resume(session, (AUTH, API))
    assert len(session.calls) == 3


def test_what_runs_waiting_tasks_goes_on(session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(USERS, "api", ("api", "api-redis"))
    pause.pause(session, (API,), but=("api-redis",), grace=5)
    assert session.calls == ["stop in 5 s: api"]
    assert stops.load(session.paths)["api"].keeps == ("api-postgres", "api-redis")


def test_stopped_stacks_are_started_but_for_the_users_of_databases(session: Any) -> None:
    stops.mark(session.paths, PLACEMENT.roles, stops.Stop("2026-11-27T10:00:00Z", "bob"))
    pause.start_paused(session, (API,))
    assert session.calls == ["stop in None s: api", "start: api"]
    assert set(stops.load(session.paths)) == {"api"}
