"""The Tailscale plugin behaves as recorded."""

from __future__ import annotations

import base64
import copy
from typing import Any

import pytest

from tests.contract.comparison import Step
from tests.contract.declare import Declared, Resource
from tests.contract.harness import Engine
from tests.contract.recorded_api import Call
from tests.contract.replayed import Replayed
from tests.contract.scenario import UNFINISHED_COROUTINES, Cloud, provider_in_state

pytestmark = [pytest.mark.contract, pytest.mark.filterwarnings(UNFINISHED_COROUTINES)]

KEY = "tailscale:index/tailnetKey:TailnetKey"
USUAL = {
    "description": "fks dev",
    "ephemeral": False,
    "expiry": 3600,
    "preauthorized": True,
    "reusable": True,
    "tags": ["tag:fks"],
}


def key(**inputs: Any) -> list[Declared]:
    return [Resource("k", KEY, {**USUAL, **inputs}, {"additional_secret_outputs": ["key"]})]


def elided(steps: list[Step], calls: list[Call]) -> list[Call]:
    """A creation without a recorded answer: the usual answer, with the fields of this request."""
    body = calls[0].body
    times: dict[str, Any] = {}
    if steps[1]["engine"][0]["op"] == "update":
        outputs = steps[1]["state"]["k"]["outputs"]
        times = {"created": outputs["createdAt"], "expires": outputs["expiresAt"]}
    usual = CLOUD.steps("tailnet_key_lifecycle")[1]["http"][0]["response"]
    answer = {**copy.deepcopy(usual), **body, **times}
    return [Call(calls[0].method, calls[0].path, body=body, response=answer)]


def config(address: str, **more: str) -> dict[str, str]:
    settings = {
        "baseUrl": f"http://{address}",
        "tailnet": "example.com",
        "apiKey": "tskey-api-1",
        **more,
    }
    return {f"tailscale:{name}": value for name, value in settings.items() if value}


def credentials(name: str, label: str) -> dict[str, str]:
    """The credentials of a step's calls."""
    del label
    if name == "config_oauth":
        return {"Authorization": "Bearer oauth-access"}
    user = "tskey-api-env" if name == "config_env" else "tskey-api-1"
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:".encode()).decode()}


CLOUD = Cloud(
    name="tailscale",
    programs={
        ("tailnet_key_long_description", "preview with 51 characters"): key(description="x" * 51),
        ("tailnet_key_long_description", "preview, description with punctuation"): key(
            description="fks: dev, (one) key!"
        ),
        ("tailnet_key_api_403", "create"): key(),
        ("tailnet_key_api_401", "create"): key(),
        ("tailnet_key_api_400_tag", "create"): key(),
        ("tailnet_key_api_429", "create; the first two POST answers are 429"): key(),
        ("tailnet_key_api_500", "create; the first two POST answers are 500"): key(),
        ("config_missing_credentials", "preview"): key(),
        ("config_missing_credentials", "up"): key(),
        **{
            (f"tailnet_key_change_{name}", "create"): key()
            for name in (
                *("reusable", "ephemeral", "preauthorized", "expiry", "tags", "description"),
                "recreate_if_invalid",
            )
        },
    },
    config=config,
    configs={
        "config_missing_credentials": lambda address: config(address, apiKey=""),
        "config_env": None,
        "config_default_tailnet": lambda address: config(address, tailnet=""),
        "config_oauth": lambda address: (
            config(address, tailnet="", apiKey="", oauthClientId="id", oauthClientSecret="secret")
            | {"tailscale:scopes": '["auth_keys"]'}
        ),
    },
    environments={
        ("config_env", ""): lambda address: {
            "TAILSCALE_BASE_URL": f"http://{address}",
            "TAILSCALE_TAILNET": "env.example",
            "TAILSCALE_API_KEY": "tskey-api-env",
        }
    },
    elided=elided,
    credentials=credentials,
)


class TestRecordings(Replayed):
    total = 23


def test_the_api_key_is_always_secret_in_state(engine: Engine) -> None:
    title = "tailscale, apiKey set without --secret"
    assert not provider_in_state(
        CLOUD, engine, title, "tailnet_key_lifecycle", lambda a: config(a, apiKey="tskey-api-plain")
    )
