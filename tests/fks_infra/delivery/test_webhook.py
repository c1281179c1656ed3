"""The webhook gets one line; its URL is in no error."""

import json

import pytest

from fks_infra.clouds.http import UnavailableError
from fks_infra.delivery import webhook
from tests.fks_infra.conftest import ScriptedApi


def test_the_text_is_posted_as_json(api: ScriptedApi) -> None:
    api.respond("POST", "/hook/canary", (204, ""))
    webhook.notify(f"{api.base}/hook/canary", "prod: deployed")
    assert json.loads(api.requests[0].body) == {"text": "prod: deployed"}


@pytest.mark.parametrize("status", [301, 404, 500])
def test_an_error_has_the_host_and_the_status_only(api: ScriptedApi, status: int) -> None:
    api.respond("POST", "/hook/canary", (status, "canary"))
    with pytest.raises(UnavailableError) as raised:
        webhook.notify(f"{api.base}/hook/canary", "text")
    assert str(raised.value) == f"The webhook at 127.0.0.1 answered {status}."


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/canary", "canary", "http://a b/canary"])
def test_an_address_that_does_not_answer_is_not_shown(url: str) -> None:
    with pytest.raises(UnavailableError, match="does not answer") as raised:
        webhook.notify(url, "text")
    assert "canary" not in str(raised.value)


def test_discord_gets_its_own_format_that_mentions_nobody() -> None:
    document = json.loads(webhook.body("discord.com", "@everyone"))
    assert document == {"content": "@everyone", "allowed_mentions": {"parse": []}}
