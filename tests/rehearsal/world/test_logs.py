"""Logs that leave the world have no secret, in any of the encodings that are searched."""

import base64
from urllib.parse import quote

from rehearsal.world.logs import redacted

SECRETS = {"the passphrase": "pass/word+1", "LINODE_TOKEN": "rehearsal-0123"}


def test_every_secret_is_replaced_by_its_name() -> None:
    text = "token rehearsal-0123, again rehearsal-0123, passphrase pass/word+1"
    assert redacted(text, SECRETS) == (
        "token <LINODE_TOKEN>, again <LINODE_TOKEN>, passphrase <the passphrase>"
    )


def test_encoded_secrets_are_replaced() -> None:
    value = SECRETS["the passphrase"]
    text = f"{quote(value, safe='')} {base64.b64encode(value.encode()).decode()}"
    assert redacted(text, SECRETS) == "<the passphrase> <the passphrase>"


def test_the_longer_of_two_secrets_is_replaced_as_a_whole() -> None:
    secrets = {"short": "canary", "long": "canary-and-more"}
    assert redacted("canary-and-more canary", secrets) == "<long> <short>"


def test_a_text_without_secrets_stays() -> None:
    assert redacted("nothing here", {"empty": ""}) == "nothing here"
