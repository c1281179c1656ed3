import socket

import pytest

from host.fks_deploy.watch import webhook
from host.fks_deploy.watch.message import Message
from host.fks_deploy.watch.webhook import WebhookError, post
from tests.host.watch.receiver import Receiver
from tests.host.watch.server import NOON

MESSAGE = Message("fks-auth-7", NOON, events=("a test",))


def test_the_message_arrives_as_json(receiver: Receiver) -> None:
    post(receiver.url, MESSAGE)
    assert receiver.messages == [MESSAGE.json()]
    assert receiver.paths == ["/hooks/canary-token?wait=true"]


def test_discord_gets_its_own_format(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "_DISCORD", ("localhost",))
    post(receiver.url, MESSAGE)
    assert receiver.messages == [MESSAGE.discord()]


@pytest.mark.parametrize(
    ("host", "discord"),
    [
        ("discord.com", True),
        ("discordapp.com", True),
        ("ptb.discord.com", True),
        ("discord.com.example.org", False),
        ("notdiscord.com", False),
    ],
)
def test_which_hosts_are_discord(host: str, discord: bool) -> None:
    assert webhook._is_discord(host) == discord


@pytest.mark.parametrize("status", [301, 400, 404, 500])
def test_another_status_is_an_error_without_the_url(receiver: Receiver, status: int) -> None:
    receiver.status, receiver.headers = status, {"Location": receiver.url}
    with pytest.raises(WebhookError) as raised:
        post(receiver.url, MESSAGE)
    assert str(raised.value) == f"status {status}"
    assert len(receiver.messages) == 1


@pytest.mark.parametrize(("header", "seconds"), [("7.5", 7.5), ("soon", 0.0), ("-1", 0.0)])
def test_the_pause_that_the_receiver_wants(receiver: Receiver, header: str, seconds: float) -> None:
    receiver.status, receiver.headers = 429, {"Retry-After": header}
    with pytest.raises(WebhookError) as raised:
        post(receiver.url, MESSAGE)
    assert raised.value.retry_after == seconds


def test_a_certificate_that_is_not_trusted_is_an_error(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(WebhookError, match="certificate verify failed") as raised:
        post(receiver.url, MESSAGE)
    assert "canary" not in str(raised.value)
    assert receiver.messages == []


def test_a_receiver_that_does_not_answer_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "_TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://localhost:{silent.getsockname()[1]}/canary"
        with pytest.raises(WebhookError, match=r"no answer: .*timed out") as raised:
            post(url, MESSAGE)
    assert "canary" not in str(raised.value)


def test_an_error_about_the_path_does_not_repeat_it(receiver: Receiver) -> None:
    with pytest.raises(WebhookError) as raised:
        post(f"https://localhost:{receiver.port}/canary path", MESSAGE)
    assert str(raised.value) == "no answer: InvalidURL"
