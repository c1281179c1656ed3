"""The HTTP side of Cloud Firewalls."""

from typing import Any

from fastapi import APIRouter, Request

from rehearsal.clouds.linode.models import Linode
from rehearsal.clouds.linode.routes import body_of, listed

Json = dict[str, Any]


def firewall_routes(account: Linode) -> APIRouter:
    """Firewalls and their rules."""
    router = APIRouter(prefix="/v4/networking/firewalls")

    @router.get("")
    async def firewalls(request: Request) -> Json:
        return listed(request, account.firewalls.views())

    @router.post("")
    async def create(request: Request) -> Json:
        return account.firewalls.create(await body_of(request))

    @router.get("/{number}")
    async def firewall(number: int) -> Json:
        return account.firewalls.view(account.firewalls.get(number))

    @router.put("/{number}")
    async def update(number: int, request: Request) -> Json:
        return account.firewalls.update(number, await body_of(request))

    @router.delete("/{number}")
    async def delete(number: int) -> Json:
        account.firewalls.delete(number)
        return {}

    @router.get("/{number}/rules")
    async def rules(number: int) -> Json:
        return account.firewalls.get(number).rules

    @router.put("/{number}/rules")
    async def update_rules(number: int, request: Request) -> Json:
        return account.firewalls.update_rules(number, await body_of(request))

    return router


def device_routes(account: Linode) -> APIRouter:
    """What a firewall is attached to."""
    router = APIRouter(prefix="/v4/networking/firewalls/{number}/devices")

    @router.get("")
    async def devices(number: int, request: Request) -> Json:
        return listed(request, account.firewalls.devices(number))

    @router.post("")
    async def attach(number: int, request: Request) -> Json:
        return account.firewalls.attach_by_id(number, await body_of(request))

    @router.get("/{device}")
    async def device(number: int, device: int) -> Json:
        return account.firewalls.device(number, device)

    @router.delete("/{device}")
    async def detach(number: int, device: int) -> Json:
        account.firewalls.detach(number, device)
        return {}

    return router
