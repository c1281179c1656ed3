"""The preflight: its value, and the errors that stop the run before anything is declared."""

from collections.abc import Callable
from typing import Any

import pytest

from fks_infra.clouds import http
from fks_infra.clouds.http import Request, Response
from fks_infra.errors import OperatorError
from fks_infra.preflight import state as stack_state
from fks_infra.preflight.preflight import Preflight, run_preflight
from fks_infra.preflight.state import StateSnapshot
from fks_infra.topology.planning import plan_topology
from tests.conftest import TOKENS
from tests.in_memory_clouds import InMemoryClouds

Run = Callable[..., Preflight]


@pytest.fixture
def run(settings: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the preflight; `statuses` maps a part of a URL to the status of its responses."""
    for name, value in TOKENS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(stack_state, "read", lambda _: StateSnapshot())

    def build(statuses: dict[str, int] | None = None, **changes: Any) -> Preflight:
        clouds = InMemoryClouds({})

        def exchange(request: Request, seconds: float) -> Response:
            for part, status in (statuses or {}).items():
                if part in request.url:
                    return Response(source=str(request), status=status)
            return clouds.exchange(request, seconds)

        monkeypatch.setattr(http, "exchange", exchange)
        chosen = settings(**changes)
        return run_preflight(plan_topology(chosen), chosen, "key")

    return build


def test_it_has_the_zone_id(run: Run) -> None:
    found = run()
    assert found.zone_id == "zone-id"
    assert found.orphans.running == frozenset()


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (
            "/linode/instances",
            "Linode rejects LINODE_TOKEN .hidden.: .* answered 401. Make a token",
        ),
        ("/firewalls", "Linode rejects LINODE_TOKEN"),
        ("/zones", "Cloudflare rejects CLOUDFLARE_API_TOKEN .hidden.: .* Make a token at"),
    ],
)
def test_a_rejected_token_is_an_error_with_the_remedy(run: Run, part: str, text: str) -> None:
    with pytest.raises(OperatorError, match=text):
        run({part: 401})


def test_an_unknown_region_is_an_error_with_its_key(run: Run) -> None:
    with pytest.raises(OperatorError, match="fks:region is"):
        run({"/regions/": 404})


def test_of_several_errors_the_first_is_raised(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(_: str) -> StateSnapshot:
        raise OperatorError("the state could not be read")

    monkeypatch.setattr(stack_state, "read", unreadable)
    with pytest.raises(OperatorError, match="the state could not be read"):
        run({"/zones": 401})
