"""The receiver of the servers' alerts."""

from typing import Any

import pytest

from host.fks_deploy.watch.message import Message
from rehearsal.clouds.webhook import DISCORD_HOST, PLAIN_HOST
from tests.rehearsal.clouds.client import CloudClients, cloud_clients

PATH = "/api/webhooks/1/token"
ALERT = Message("fks-web-7", 0.0, events=("this is a test",))


def post(here: CloudClients, host: str, message: dict[str, Any]) -> int:
    return here.webhook.post(PATH, json=message, headers={"Host": host}).status_code


def test_messages_are_recorded_with_their_host() -> None:
    here = cloud_clients()
    assert post(here, DISCORD_HOST, ALERT.discord()) == 204
    assert post(here, PLAIN_HOST, ALERT.json()) == 204
    assert here.webhook.get("/rehearsal/state").json()["messages"] == [
        {"host": DISCORD_HOST, "message": ALERT.discord()},
        {"host": PLAIN_HOST, "message": ALERT.json()},
    ]
    here.clouds.reset()
    assert here.webhook.get("/rehearsal/state").json() == {"messages": []}


@pytest.mark.parametrize(
    "message",
    [{}, ALERT.json(), {"content": "x" * 2001}, {"embeds": [{"description": "x" * 4097}]}],
)
def test_discord_rejects_what_it_cannot_show(message: dict[str, Any]) -> None:
    here = cloud_clients()
    assert post(here, DISCORD_HOST, message) == 400
    assert here.clouds.webhook.state() == {"messages": []}


def test_a_fault_hits_the_webhook() -> None:
    here = cloud_clients()
    fault = {"cloud": "webhook", "status": 429, "headers": {"Retry-After": "60"}}
    here.clouds.faults.add(fault)
    answer = here.webhook.post(PATH, json=ALERT.json(), headers={"Host": PLAIN_HOST})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    assert post(here, PLAIN_HOST, ALERT.json()) == 204
