"""Linode's HTTP side, `/v4/...`; the rules are in the other modules of this package."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from rehearsal.clouds.http import ApiFormat, Routes
from rehearsal.clouds.linode import actions, catalog, filters, firewall, firewalls, power
from rehearsal.clouds.linode.cloud import LinodeCloud
from rehearsal.clouds.linode.errors import not_found, rejected
from rehearsal.clouds.linode.object_storage import ObjectStorage

Json = dict[str, Any]
PUBLIC = ("/v4/linode/types", "/v4/regions", "/v4/images")
INSTANCES, INSTANCE = "/v4/linode/instances", "/v4/linode/instances/{number:int}"
BUCKETS, BUCKET = "/v4/object-storage/buckets", "/v4/object-storage/buckets/{region}/{label}"
KEYS, KEY = "/v4/object-storage/keys", "/v4/object-storage/keys/{number:int}"
FIREWALLS, FIREWALL = "/v4/networking/firewalls", "/v4/networking/firewalls/{number:int}"


def routes(account: LinodeCloud) -> Routes:
    """All routes of the account."""
    return {
        **_catalogue(),
        "GET /v4/account/events": lambda: account.events.views(),
        "GET /v4/account/events/{number:int}": lambda number: account.events.get(number).view(),
        **_instances(account),
        **_firewalls(account),
        **_object_storage(account.storage),
    }


def _catalogue() -> Routes:
    return {
        "GET /v4/profile": lambda: catalog.PROFILE,
        # The real API answers with a bare list here.
        "GET /v4/regions/{region}/availability": lambda region: JSONResponse(
            catalog.availability(_row("regions", region))
        ),
        "GET /v4/regions": lambda: catalog.rows("regions"),
        "GET /v4/regions/{key}": partial(_row, "regions"),
        "GET /v4/images/{key:path}": partial(_row, "images"),
        "GET /v4/linode/types": lambda: catalog.rows("types"),
        "GET /v4/linode/types/{key}": partial(_row, "types"),
    }


def _row(kind: str, key: str) -> Json:
    found = catalog.find(kind, key)
    if found is None:
        raise not_found()
    return found


def _instances(account: LinodeCloud) -> Routes:
    def switch(during: str) -> Callable[[int, Json], None]:
        return lambda number, _body: power.switch(account, number, during)

    return {
        f"GET {INSTANCES}": account.views,
        f"POST {INSTANCES}": account.create,
        f"GET {INSTANCE}": lambda number: account.get(number).view(),
        f"PUT {INSTANCE}": account.update,
        f"DELETE {INSTANCE}": account.delete,
        f"POST {INSTANCE}/boot": switch("booting"),
        f"POST {INSTANCE}/shutdown": switch("shutting_down"),
        f"POST {INSTANCE}/reboot": switch("rebooting"),
        f"POST {INSTANCE}/resize": partial(actions.resize, account),
        f"POST {INSTANCE}/migrate": partial(actions.migrate, account),
        f"GET {INSTANCE}/ips": lambda number: account.get(number).ips(),
        f"GET {INSTANCE}/transfer": lambda number: account.get(number).transfer(),
        f"GET {INSTANCE}/disks": lambda number: account.get(number).disks,
        f"GET {INSTANCE}/configs": lambda number: account.get(number).configs,
        f"PUT {INSTANCE}/configs/{{config:int}}": partial(actions.update_config, account),
    }


def _firewalls(account: LinodeCloud) -> Routes:
    def view(number: int) -> Json:
        return account.firewall(number).view(account.protected_by(number))

    def devices(number: int) -> list[Json]:
        account.firewall(number)
        return [firewall.device(instance) for instance in account.protected_by(number)]

    return {
        f"GET {FIREWALLS}": account.firewall_views,
        f"POST {FIREWALLS}": partial(firewalls.create, account),
        f"GET {FIREWALL}": view,
        f"PUT {FIREWALL}": partial(firewalls.update, account),
        f"DELETE {FIREWALL}": partial(firewalls.delete, account),
        f"GET {FIREWALL}/rules": lambda number: account.firewall(number).rules,
        f"PUT {FIREWALL}/rules": partial(firewalls.update_rules, account),
        f"GET {FIREWALL}/devices": devices,
    }


def _object_storage(storage: ObjectStorage) -> Routes:
    return {
        f"POST {BUCKETS}": storage.create_bucket,
        f"GET {BUCKET}": lambda region, label: storage.bucket(region, label).view(),
        f"DELETE {BUCKET}": storage.delete_bucket,
        f"GET {BUCKET}/access": storage.access,
        f"POST {BUCKET}/access": storage.change_access,
        f"GET {KEYS}": lambda: [key.view() for key in storage.keys.values()],
        f"POST {KEYS}": storage.create_key,
        f"GET {KEY}": lambda number: storage.key(number).view(),
        f"PUT {KEY}": storage.update_key,
        f"DELETE {KEY}": storage.delete_key,
    }


def _authorise(request: Request) -> None:
    """The catalogue is public, but a wrong token gets 401 there too, as in the real API."""
    header = request.headers.get("authorization")
    if header is None and request.url.path.startswith(PUBLIC):
        return
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not token.startswith("rehearsal-"):
        raise rejected("Invalid Token", 401)


async def add_scopes(
    request: Request, handler: Callable[[Request], Awaitable[Response]]
) -> Response:
    """Middleware: every answer to a valid token has its scopes in a header, errors too."""
    response = await handler(request)
    if "authorization" in request.headers and response.status_code != 401:
        response.headers.setdefault("X-OAuth-Scopes", "*")
    return response


def _result(request: Request, value: Any) -> Any:
    """A list is filtered, ordered and cut into pages; no value is an empty object."""
    if not isinstance(value, list):
        return {} if value is None else value
    try:
        number = int(request.query_params.get("page", 1))
        size = int(request.query_params.get("page_size", 100))
    except ValueError as error:
        raise rejected("page and page_size must be integers") from error
    return filters.page(filters.apply(value, request.headers.get("x-filter")), number, size)


FORMAT = ApiFormat(
    authorise=_authorise,
    error_body=lambda _status, text: {"errors": [{"reason": text}]},
    result=_result,
)
