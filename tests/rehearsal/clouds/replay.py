"""Sends the calls the real plugins were recorded to make to the stand-ins, and compares answers.

Compared are the status and the shape: every recorded key must be in the answer, with a value of
the same kind; the stand-in may say more. What happened outside the recorded calls (something was
deleted by hand, the service was down) is brought about first, as the recorded status implies.
"""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from rehearsal.clouds.tailscale.memory_control import MemoryControl
from tests.contract.recordings_dir import recordings
from tests.rehearsal.clouds.client import TOKEN, Desk, desk

Json = dict[str, Any]
SHARED = recordings()

OURS = {
    "linode": r"/v4/(linode/(types|instances)|regions|images|account/events|networking/firewalls)",
    "cloudflare": r"/client/v4/zones(/[^/]+(/dns_records.*)?)?$",
    "tailscale": r"/api/v2/(tailnet/[^/]+/(keys|devices)|oauth/token|device/[^/]+$)",
}
BASIC = "Basic " + base64.b64encode(f"{TOKEN}:{TOKEN}".encode()).decode()
ZONES = ("023e105f4ecef8ad9ca31a8372d0c353", "123e105f4ecef8ad9ca31a8372d0c354")
RECORD = "372e67954025e0ba6aaa6d586b9e{:04d}"
OUTAGES = (403, 429, 500, 503)


def load(cloud: str) -> Json:
    """The recording of one plugin; skips when this checkout has none beside it."""
    path = SHARED / f"{cloud}.json"
    if not path.exists():
        pytest.skip(f"no recordings at {path}")
    recording: Json = json.loads(path.read_text(encoding="utf-8"))
    return recording


def scenarios(cloud: str) -> Iterator[tuple[str, list[list[Json]]]]:
    """(name, steps), each step being the calls to resources the stand-in has."""
    for name, steps in load(cloud)["scenarios"].items():
        calls = [
            [call for call in step.get("http", []) if re.match(OURS[cloud], call["path"])]
            for step in steps
        ]
        if any(calls):
            yield name, calls


@dataclass
class Replay:
    """One scenario against fresh clouds; `ids` leads from recorded ids to the stand-in's."""

    cloud: str
    desk: Desk = field(
        default_factory=lambda: desk(zones=("example.com", "example.net"), tag_owners=("tag:*",))
    )
    ids: dict[str, str] = field(default_factory=dict)
    created: int = 0

    def __post_init__(self) -> None:
        self.ids.update(zip(ZONES, self.desk.clouds.cloudflare.zones, strict=True))

    def send(self, call: Json) -> list[str]:
        """Make one recorded call; returns what differs."""
        self._prepare(call)
        client = getattr(self.desk, self.cloud)
        text = call.get("request")
        body = text if isinstance(text, str) else self._translate(json.dumps(self._unique(call)))
        headers = {k: self._translate(v) for k, v in call.get("headers", {}).items()}
        if call["path"].endswith("/oauth/token"):
            headers["Authorization"] = BASIC
        answer = client.request(
            call["method"],
            self._path(call["path"]),
            params=call.get("query"),
            headers=headers,
            content=body if text is not None else None,
        )
        problems = []
        if answer.status_code != call["status"]:
            problems.append(f"status {answer.status_code} instead of {call['status']}")
        if call["method"] == "POST" and answer.is_success and self.cloud == "cloudflare":
            # The answers of repeated creations were left out of the recordings.
            self.created += 1
            self.ids[RECORD.format(self.created)] = answer.json()["result"]["id"]
        recorded = call.get("response")
        if isinstance(recorded, dict) and recorded:
            got = answer.json()
            problems += list(differences(recorded, got, ""))
            self._learn(recorded, got)
        return problems

    def _unique(self, call: Json) -> Any:
        """The recorder's stand-in let two instances share a label; the real API and ours do not."""
        body: Any = call.get("request")
        if call["path"] != "/v4/linode/instances" or call["status"] != 200:
            return body
        taken = {i.label for i in self.desk.clouds.linode.instances.values()}
        return {**body, "label": f"{body['label']}-new"} if body.get("label") in taken else body

    def _prepare(self, call: Json) -> None:
        status, method = call["status"], call["method"]
        if status in OUTAGES or self._is_made_up(call):
            body = call.get("response") or {}
            fault = {"path": f"^{re.escape(self._path(call['path']))}$", "method": method}
            self.desk.clouds.faults.add({**fault, "status": status, "body": body})
        elif status == 404:
            self._vanish(call)
        self._appear(call)

    @staticmethod
    def _is_made_up(call: Json) -> bool:
        """Refusals the recorder's stand-in made up for a request that is right."""
        body = json.dumps(call.get("response"))
        texts = ("region is not valid", "invalid or not permitted")
        return call["status"] == 401 or any(text in body for text in texts)

    def _vanish(self, call: Json) -> None:
        """What answers 404 was removed by hand before."""
        path = self._path(call["path"])
        client = getattr(self.desk, self.cloud)
        if client.get(path).status_code == 200 and "/v4/linode/types" not in path:
            assert client.delete(path).status_code == 200

    def _appear(self, call: Json) -> None:
        """A device the recorded answer lists has joined; a key it calls invalid has expired."""
        response = call.get("response")
        if not isinstance(response, dict):
            return
        if self.cloud != "tailscale":
            return
        if response.get("invalid"):
            self.desk.clouds.advance(response["expirySeconds"])
        for device in response.get("devices") or []:
            self._join(device)

    def _join(self, device: Json) -> None:
        tailnet = self.desk.clouds.tailscale
        control = tailnet.control
        if device["hostname"] in [known.hostname for known in control.devices()]:
            return
        create = {"preauthorized": True, "tags": ["tag:fks"]}
        wanted = {"capabilities": {"devices": {"create": create}}}
        key = tailnet.keys.create(wanted, tags_needed=True)["key"]
        assert isinstance(control, MemoryControl)
        control.register(tailnet.keys, {"key": key, "hostname": device["hostname"]})

    def _path(self, path: str) -> str:
        return "/".join(self.ids.get(part, part) for part in path.split("/"))

    def _translate(self, text: str) -> str:
        return re.sub(r"\b\d{4,}\b", lambda m: self.ids.get(m[0], m[0]), text)

    def _learn(self, recorded: Any, got: Any) -> None:
        if isinstance(recorded, dict) and isinstance(got, dict):
            if "id" in recorded and "id" in got and isinstance(recorded["id"], int | str):
                self.ids[str(recorded["id"])] = str(got["id"])
            for key in recorded.keys() & got.keys():
                self._learn(recorded[key], got[key])
        elif isinstance(recorded, list) and isinstance(got, list):
            for one, other in zip(recorded, got, strict=False):
                self._learn(one, other)


def differences(recorded: Any, got: Any, where: str) -> Iterator[str]:
    """Where an answer lacks what was recorded."""
    if recorded is None or got is None:
        return
    if isinstance(recorded, bool) or isinstance(got, bool):
        if type(recorded) is not type(got):
            yield f"{where} is {got!r}, recorded {recorded!r}"
    elif isinstance(recorded, dict) and isinstance(got, dict):
        for key, value in recorded.items():
            if key not in got:
                yield f"{where}.{key} is missing"
            else:
                yield from differences(value, got[key], f"{where}.{key}")
    elif isinstance(recorded, list) and isinstance(got, list):
        if bool(recorded) != bool(got) and where in (".data", ".result", ".devices"):
            yield f"{where} has {len(got)} entries, recorded {len(recorded)}"
        for one, other in zip(recorded[:1], got[:1], strict=False):
            yield from differences(one, other, f"{where}[0]")
    elif isinstance(recorded, int | float) != isinstance(got, int | float):
        yield f"{where} is {got!r}, recorded {recorded!r}"
