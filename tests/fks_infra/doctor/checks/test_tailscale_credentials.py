"""The Tailscale credentials and the tag they may give."""

from collections.abc import Callable
from typing import Any

import pytest

from fks_infra.doctor.check_context import Case
from fks_infra.doctor.checks.tailscale_credentials import tailnet_tag, tailscale
from fks_infra.doctor.findings import CannotTellError, RejectedError, Verdict
from tests.fks_infra.doctor.conftest import World, look, one

WITH_KEY = {"TAILSCALE_API_KEY": "rehearsal-canary-key"}
NONE = {"TAILSCALE_OAUTH_CLIENT_ID": "", "TAILSCALE_OAUTH_CLIENT_SECRET": ""}


def client(world: World, **changes: Any) -> None:
    body = {"id": "x", "keyType": "client", "scopes": ["all"], "tags": ["tag:fks"], **changes}
    world.fail("tailscale", "keys/", 200, body=body)


def test_an_oauth_client_sees_the_devices_and_carries_the_tag(case: Callable[..., Case]) -> None:
    here = case()
    assert "may see the tailnet's 0 devices" in one(tailscale, here).detail
    assert one(tailnet_tag, here).detail == "the OAuth client carries tag:fks"


def test_both_log_in_once(case: Callable[..., Case], world: World) -> None:
    here = case()
    look(tailscale, here)
    look(tailnet_tag, here)
    asked = [entry["path"] for entry in world.clouds.journal.select("tailscale")]
    assert asked.count("/api/v2/oauth/token") == 1


def test_a_key_is_good_and_has_no_tags(case: Callable[..., Case]) -> None:
    here = case(environ=WITH_KEY)
    assert one(tailscale, here).detail.startswith("TAILSCALE_API_KEY (hidden) may see")
    assert look(tailnet_tag, here) == []


def test_a_refused_client_is_one_problem_and_elsewhere_a_reason(case: Callable[..., Case]) -> None:
    here = case(environ={"TAILSCALE_OAUTH_CLIENT_SECRET": "canary-wrong"})
    seen = one(tailscale, here)
    assert seen.verdict is Verdict.PROBLEM
    assert "OAUTH_CLIENT_SECRET (hidden): 401" in seen.detail
    assert "/settings/oauth" in seen.remedy
    assert "auth_keys, devices:core and policy_file:read" in seen.remedy
    with pytest.raises(RejectedError):
        look(tailnet_tag, here)


def test_a_refused_key_is_a_problem(case: Callable[..., Case]) -> None:
    seen = one(tailscale, case(environ={"TAILSCALE_API_KEY": "canary-wrong"}))
    assert seen.verdict is Verdict.PROBLEM
    assert "/settings/keys" in seen.remedy


def test_another_tailnet_is_a_problem(case: Callable[..., Case], world: World) -> None:
    world.fail("tailscale", "devices$", 404)
    seen = one(tailscale, case(environ={"TAILSCALE_TAILNET": "other.example"}))
    assert seen.detail == "TAILSCALE_TAILNET is 'other.example', which Tailscale does not know"


def test_no_credentials_are_unknown_here(case: Callable[..., Case]) -> None:
    with pytest.raises(CannotTellError, match="No Tailscale credentials"):
        look(tailscale, case(environ=NONE))


def test_a_client_without_the_tag_is_a_problem(case: Callable[..., Case], world: World) -> None:
    client(world, tags=["tag:ci"])
    seen = one(tailnet_tag, case())
    assert seen.verdict is Verdict.PROBLEM
    assert seen.detail == "fks:tailnetTag is 'tag:fks', and the OAuth client carries tag:ci"
    assert "Generate OAuth client" in seen.remedy
    assert "read on Policy File" in seen.remedy


def test_a_client_that_makes_no_keys_is_a_problem(case: Callable[..., Case], world: World) -> None:
    client(world, scopes=["devices:core", "auth_keys:read"])
    assert one(tailnet_tag, case()).detail == "the OAuth client lacks the scopes auth_keys"


@pytest.mark.parametrize("status", [403, 404])
def test_a_client_that_may_not_look_at_itself_is_unknown(
    case: Callable[..., Case], world: World, status: int
) -> None:
    world.fail("tailscale", "keys/", status)
    assert one(tailnet_tag, case()).verdict is Verdict.UNKNOWN
