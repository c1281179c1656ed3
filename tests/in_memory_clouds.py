"""The clouds' APIs in memory, in place of `fks_infra.clouds.http.exchange`."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fks_infra.clouds.http import Request, Response
from fks_infra.clouds.linode_types import Plan
from fks_infra.config.plans import PLANS

REGIONS = ("ca-central", "us-ord", "us-west")
WITHOUT_STORAGE = "us-west"


class InMemoryClouds:
    """`account` has the rows of "instances", "firewalls" and "devices"; there is one zone of any
    name.
    """

    def __init__(self, account: Mapping[str, Any]) -> None:
        self._account = account
        self.requests: list[Request] = []

    def exchange(self, request: Request, seconds: float = 0.0) -> Response:
        """The response to a GET the program may make; AssertionError for any other request."""
        del seconds
        self.requests.append(request)
        document = self._document(request)
        status = 404 if document is None else 200
        return Response(source=str(request), status=status, body=json.dumps(document).encode())

    def _document(self, request: Request) -> Any | None:
        path = urlsplit(request.url).path
        last = path.rpartition("/")[2]
        if path == "/v4/linode/instances":
            return self._rows("instances", request)
        if path == "/v4/networking/firewalls":
            return self._rows("firewalls", request)
        if path.startswith("/v4/regions/"):
            return region_row(last) if last in REGIONS else None
        if path == "/v4/linode/types":
            return {"data": [plan_row(plan) for plan in PLANS.values()], "pages": 1}
        if path.startswith("/v4/linode/types/"):
            return None
        if path == "/client/v4/zones":
            (name,) = parse_qs(urlsplit(request.url).query)["name"]
            return {"result": [{"id": "zone-id", "name": name}]}
        if path.startswith("/api/v2/tailnet/") and last == "devices":
            return {"devices": self._account.get("devices", [])}
        raise AssertionError(f"the program sent {request}, which no test expects")

    def _rows(self, kind: str, request: Request) -> Any:
        labels = [clause["label"] for clause in json.loads(request.headers["X-Filter"])["+or"]]
        rows = [row for row in self._account.get(kind, []) if row["label"] in labels]
        return {"data": rows, "page": 1, "pages": 1, "results": len(rows)}


def region_row(region: str) -> dict[str, Any]:
    """A region as Linode's API returns it."""
    capabilities = ["Linodes"] if region == WITHOUT_STORAGE else ["Linodes", "Object Storage"]
    return {"id": region, "label": region, "capabilities": capabilities}


def plan_row(plan: Plan) -> dict[str, Any]:
    """A plan as Linode's API returns it."""
    fields = ("id", "memory", "disk", "vcpus", "gpus", "transfer")
    return {
        **{name: getattr(plan, name) for name in fields},
        "price": {"monthly": plan.price, "hourly": plan.hourly},
        "addons": {"backups": {"price": {"monthly": plan.backups}}},
    }
