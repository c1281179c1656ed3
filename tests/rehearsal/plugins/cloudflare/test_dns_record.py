"""The fields of a record that the API computes."""

from __future__ import annotations

import json
import threading
from typing import Any

from rehearsal.plugins.base import Call, Stored
from rehearsal.plugins.bridge.web import Answer, Web
from rehearsal.plugins.cloudflare.dns_record import DnsRecord
from rehearsal.plugins.values import UNKNOWN

CALL = Call(log=lambda *_: None, cancelled=threading.Event(), name="dns-caa")
PREVIEW = Call(log=lambda *_: None, cancelled=threading.Event(), name="dns-caa", preview=True)
DATA = {"flags": 0, "tag": "issue", "value": "ca.example"}
CONTENT = '0 issue "ca.example"'
INPUTS = {"zoneId": "z", "type": "CAA", "name": "shop.example", "ttl": 1, "data": DATA}


class FakeWeb(Web):
    """Answers every call with the record that was sent, and the content computed from its data."""

    def __init__(self) -> None:
        super().__init__(base="http://api.example", headers=dict)
        self.sent: list[Any] = []

    def call(self, *_: Any, **arguments: Any) -> Answer:
        self.sent.append(arguments["body"])
        return Answer(200, json.dumps({"result": {**INPUTS, "content": CONTENT, "id": "r1"}}))


def test_a_caa_records_content_is_computed_by_the_creation() -> None:
    web = FakeWeb()
    record = DnsRecord(lambda: web)
    assert record.create(PREVIEW, INPUTS)[1]["content"] is UNKNOWN
    assert record.create(CALL, INPUTS)[1]["content"] == CONTENT
    assert "content" not in web.sent[0]


def test_content_in_the_state_is_no_change_and_is_sent_beside_other_data() -> None:
    web = FakeWeb()
    record = DnsRecord(lambda: web)
    outputs = record.create(CALL, INPUTS)[1]
    stored = Stored("r1", outputs, INPUTS)
    assert not record.diff(CALL, stored, INPUTS).any_changes
    other = {**DATA, "value": "other.example"}
    record.update(CALL, stored, {**INPUTS, "data": other})
    assert (web.sent[1]["data"], web.sent[1]["content"]) == (other, CONTENT)
