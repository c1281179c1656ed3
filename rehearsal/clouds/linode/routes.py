"""Linode's HTTP side: `/v4/...` in and out; every rule is in the models."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request, Response

from rehearsal.clouds.http import json_body
from rehearsal.clouds.linode import actions, catalog, filters, power
from rehearsal.clouds.linode.errors import invalid_token, not_found, refused
from rehearsal.clouds.linode.models import Linode

Json = dict[str, Any]
PUBLIC = ("/v4/linode/types", "/v4/regions", "/v4/images")


def authorise(request: Request) -> None:
    """The price list is public; but a wrong token is refused everywhere, as in real life."""
    header = request.headers.get("authorization")
    if header is None and request.url.path.startswith(PUBLIC):
        return
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not token.startswith("rehearsal-"):
        raise invalid_token()


async def say_scopes(
    request: Request, handler: Callable[[Request], Awaitable[Response]]
) -> Response:
    """Every answer to a token says what it is good for, also where the answer is a refusal."""
    response = await handler(request)
    if "authorization" in request.headers and response.status_code != 401:
        response.headers.setdefault("X-OAuth-Scopes", "*")
    return response


def error_body(_status: int, text: str) -> Json:
    """Linode's shape for any failure."""
    return {"errors": [{"reason": text}]}


async def body_of(request: Request) -> Json:
    """The JSON a client sent."""
    return await json_body(request, lambda: refused("Invalid JSON"))


def listed(request: Request, rows: list[Json]) -> Json:
    """A list as Linode answers it: filtered, ordered, paged."""
    try:
        number = int(request.query_params.get("page", 1))
        size = int(request.query_params.get("page_size", 100))
    except ValueError as wrong:
        raise refused("page and page_size must be integers") from wrong
    return filters.page(filters.apply(rows, request.headers.get("x-filter")), number, size)


def catalogue_routes() -> APIRouter:
    """Types, regions, images."""
    router = APIRouter(prefix="/v4")

    @router.get("/profile")
    async def profile() -> Json:
        return catalog.PROFILE

    @router.get("/regions/{region}/availability")
    async def availability(region: str) -> list[Json]:
        found = catalog.find("regions", region)
        if found is None:
            raise not_found()
        return catalog.availability(found)

    for path, kind in (("/linode/types", "types"), ("/regions", "regions"), ("/images", "images")):
        _catalogue(router, path, kind)
    return router


def _catalogue(router: APIRouter, path: str, kind: str) -> None:
    @router.get(path)
    async def rows(request: Request) -> Json:
        return listed(request, catalog.rows(kind))

    @router.get(path + "/{key:path}")
    async def row(key: str) -> Json:
        found = catalog.find(kind, key)
        if found is None:
            raise not_found()
        return found


def event_routes(account: Linode) -> APIRouter:
    """The account's events."""
    router = APIRouter(prefix="/v4/account/events")

    @router.get("")
    async def events(request: Request) -> Json:
        return listed(request, account.events.views())

    @router.get("/{number}")
    async def event(number: int) -> Json:
        return account.events.get(number).view()

    return router


def instance_routes(account: Linode) -> APIRouter:
    """Instances as resources."""
    router = APIRouter(prefix="/v4/linode/instances")

    @router.get("")
    async def instances(request: Request) -> Json:
        return listed(request, account.views())

    @router.post("")
    async def create(request: Request) -> Json:
        return account.create(await body_of(request))

    @router.get("/{number}")
    async def instance(number: int) -> Json:
        return account.get(number).view()

    @router.put("/{number}")
    async def update(number: int, request: Request) -> Json:
        return account.update(number, await body_of(request))

    @router.delete("/{number}")
    async def delete(number: int) -> Json:
        account.delete(number)
        return {}

    return router


def action_routes(account: Linode) -> APIRouter:
    """What is done to an instance."""
    router = APIRouter(prefix="/v4/linode/instances/{number}")

    @router.post("/boot")
    async def boot(number: int) -> Json:
        power.power(account, number, "booting")
        return {}

    @router.post("/shutdown")
    async def shutdown(number: int) -> Json:
        power.power(account, number, "shutting_down")
        return {}

    @router.post("/reboot")
    async def reboot(number: int) -> Json:
        power.power(account, number, "rebooting")
        return {}

    @router.post("/resize")
    async def resize(number: int, request: Request) -> Json:
        actions.resize(account, number, await body_of(request))
        return {}

    @router.post("/migrate")
    async def migrate(number: int, request: Request) -> Json:
        actions.migrate(account, number, await body_of(request))
        return {}

    @router.post("/backups/{what}")
    async def backups(number: int, what: str) -> Json:
        if what not in ("enable", "cancel"):
            raise not_found()
        actions.set_backups(account, number, enabled=what == "enable")
        return {}

    return router


def part_routes(account: Linode) -> APIRouter:
    """An instance's addresses, disks and boot profiles."""
    router = APIRouter(prefix="/v4/linode/instances/{number}")

    @router.get("/ips")
    async def ips(number: int) -> Json:
        return account.get(number).ips()

    @router.post("/ips")
    async def add_ip(number: int, request: Request) -> Json:
        return actions.add_private_ip(account, number, await body_of(request))

    @router.get("/disks")
    async def disks(number: int, request: Request) -> Json:
        return listed(request, account.get(number).disks)

    @router.post("/disks/{disk}/resize")
    async def resize_disk(number: int, disk: int, request: Request) -> Json:
        actions.resize_disk(account, number, disk, await body_of(request))
        return {}

    @router.get("/configs")
    async def configs(number: int, request: Request) -> Json:
        return listed(request, account.get(number).configs)

    @router.get("/configs/{config}")
    async def config(number: int, config: int) -> Json:
        return actions.config(account, number, config)

    @router.put("/configs/{config}")
    async def update_config(number: int, config: int, request: Request) -> Json:
        return actions.update_config(account, number, config, await body_of(request))

    return router
