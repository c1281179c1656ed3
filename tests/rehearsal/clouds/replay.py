"""Sends the recorded calls of the real plugins to the stand-ins, and compares the answers.

Compared are the status and the shape: every recorded key must be in the answer, with a value of
the same kind; the answer may have more keys. What happened outside the recorded calls (a deletion
by hand, an outage) is repeated first, as the recorded status implies.
"""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.contract.recordings_dir import recordings
from tests.rehearsal.clouds.client import TOKEN, CloudClients, cloud_clients

Json = dict[str, Any]

# The routes of the resources that the program uses.
MODELLED = {
    "linode": r"/v4/(linode/(types|instances)|regions|account/events|networking/firewalls)",
    "cloudflare": r"/client/v4/zones(/[^/]+(/dns_records.*)?)?$",
    "tailscale": r"/api/v2/(tailnet/[^/]+/keys|oauth/token)",
}
BASIC = "Basic " + base64.b64encode(f"{TOKEN}:{TOKEN}".encode()).decode()
ZONES = ("023e105f4ecef8ad9ca31a8372d0c353", "123e105f4ecef8ad9ca31a8372d0c354")
RECORD = "372e67954025e0ba6aaa6d586b9e{:04d}"
OUTAGES = (403, 429, 500, 503)


def load(cloud: str) -> Json:
    """The recording of one plugin."""
    recording: Json = json.loads((recordings() / f"{cloud}.json").read_text(encoding="utf-8"))
    return recording


def scenarios(cloud: str) -> Iterator[tuple[str, list[Json]]]:
    """(name, calls), with the calls to modelled routes only."""
    for name, steps in load(cloud)["scenarios"].items():
        calls = [call for step in steps for call in step.get("http", [])]
        yield name, [call for call in calls if re.match(MODELLED[cloud], call["path"])]


@dataclass
class CloudReplay:
    """One scenario against new clouds; `ids` maps recorded ids to the stand-in's."""

    cloud: str
    clients: CloudClients = field(
        default_factory=lambda: cloud_clients(
            zones=("example.com", "example.net"), tag_owners=("tag:*",)
        )
    )
    ids: dict[str, str] = field(default_factory=dict)
    created: int = 0

    def __post_init__(self) -> None:
        self.ids.update(zip(ZONES, self.clients.clouds.cloudflare.zones, strict=True))

    def send(self, call: Json) -> list[str]:
        """Send one recorded call; returns the differences."""
        self._prepare(call)
        client = getattr(self.clients, self.cloud)
        text = call.get("request")
        body = text if isinstance(text, str) else self._translate(json.dumps(self._modelled(call)))
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
            text = f"{answer.text[:200]!r}"
            problems.append(f"status {answer.status_code} instead of {call['status']}: {text}")
        if call["method"] == "POST" and answer.is_success and self.cloud == "cloudflare":
            # The recordings lack the answers of repeated creations.
            self.created += 1
            self.ids[RECORD.format(self.created)] = answer.json()["result"]["id"]
        recorded = call.get("response")
        if isinstance(recorded, dict) and recorded:
            problems += list(differences(recorded, answer.json(), ""))
            self._learn(recorded, answer.json())
        return problems

    def _modelled(self, call: Json) -> Any:
        """The body for the stand-in: no private address, and a label that no instance has."""
        body: Any = call.get("request")
        if call["path"] != "/v4/linode/instances":
            return body
        fields = {key: value for key, value in body.items() if key != "private_ip"}
        taken = {i.label for i in self.clients.clouds.linode.instances.values()}
        # The recorder's stand-in accepted a label twice; the real API does not.
        twice = call["status"] == 200 and fields.get("label") in taken
        return {**fields, "label": f"{fields['label']}-new"} if twice else fields

    def _prepare(self, call: Json) -> None:
        if call["status"] in OUTAGES or self._is_made_up(call):
            path, body = f"^{re.escape(self._path(call['path']))}$", call.get("response") or {}
            fault = {"path": path, "method": call["method"], "status": call["status"], "body": body}
            self.clients.clouds.faults.add(fault)
        elif call["status"] == 404:
            self._delete(call)
        response = call.get("response")
        if self.cloud == "tailscale" and isinstance(response, dict) and response.get("invalid"):
            self.clients.clouds.advance(response["expirySeconds"])

    @staticmethod
    def _is_made_up(call: Json) -> bool:
        """Errors that the recorder's stand-in gave to a valid request."""
        body = json.dumps(call.get("response"))
        texts = ("region is not valid", "invalid or not permitted")
        return call["status"] == 401 or any(text in body for text in texts)

    def _delete(self, call: Json) -> None:
        """Remove what the recorded call did not find."""
        path = self._path(call["path"])
        client = getattr(self.clients, self.cloud)
        if client.get(path).status_code == 200 and "/v4/linode/types" not in path:
            assert client.delete(path).status_code == 200

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
    """The places where an answer lacks what was recorded."""
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
        if bool(recorded) != bool(got) and where in (".data", ".result"):
            yield f"{where} has {len(got)} entries, recorded {len(recorded)}"
        for one, other in zip(recorded[:1], got[:1], strict=False):
            yield from differences(one, other, f"{where}[0]")
    elif isinstance(recorded, int | float) != isinstance(got, int | float):
        yield f"{where} is {got!r}, recorded {recorded!r}"
