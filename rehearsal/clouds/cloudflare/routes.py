"""Cloudflare's HTTP side: `/client/v4/...` in and out."""

from typing import Any

from fastapi import APIRouter, Request

from rehearsal.clouds.cloudflare.errors import (
    envelope,
    failed,
    invalid_token,
    unknown_parameter,
)
from rehearsal.clouds.cloudflare.models import Cloudflare
from rehearsal.clouds.http import json_body

Json = dict[str, Any]
# A token for other zones than the account's: it is good, and sees none of these.
ELSEWHERE = "rehearsal-elsewhere-"
COSMETIC = frozenset({"match", "order", "direction"})


def authorise(request: Request) -> None:
    """A rehearsal's token, or the old pair of key and address."""
    old_key = request.headers.get("x-auth-key", "")
    bearer = _token(request).startswith("rehearsal-")
    pair = old_key.startswith("rehearsal-") and bool(request.headers.get("x-auth-email"))
    if not (bearer or pair):
        raise invalid_token()


def _token(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


def error_body(status: int, text: str) -> Json:
    """Cloudflare's shape for any failure."""
    return envelope(10000 + status % 1000, text)


def result(value: Any) -> Json:
    """Cloudflare's shape for success."""
    return {"result": value, "success": True, "errors": [], "messages": []}


def listed(request: Request, rows: list[Json], per_page: int) -> Json:
    """A list: filtered by the query's fields, one page; past the end it is empty."""
    query = dict(request.query_params)
    number, size = _number(query, "page", 1), _number(query, "per_page", per_page)
    wanted = {k.removesuffix(".exact"): v for k, v in query.items() if k not in COSMETIC}
    for key in wanted:
        if key not in ("name", "type", "content", "comment", "status"):
            raise unknown_parameter(key)
    kept = [row for row in rows if all(_same(row.get(k), v) for k, v in wanted.items())]
    shown = kept[(number - 1) * size : number * size]
    info = {
        "page": number,
        "per_page": size,
        "count": len(shown),
        "total_count": len(kept),
        "total_pages": max(1, -(-len(kept) // size)),
    }
    return {**result(shown), "result_info": info}


def _number(query: dict[str, str], key: str, default: int) -> int:
    text = query.pop(key, str(default))
    if not text.isdigit() or int(text) < 1:
        raise failed(400, 1003, f"Invalid {key} {text!r}.")
    return int(text)


def _same(have: Any, want: str) -> bool:
    return str(have or "").lower().rstrip(".") == want.lower().rstrip(".")


async def body_of(request: Request) -> Json:
    """The JSON a client sent."""
    return await json_body(request, lambda: failed(400, 9207, "Request body is invalid."))


def zone_routes(account: Cloudflare) -> APIRouter:
    """Zones; they are configured, not made."""
    router = APIRouter(prefix="/client/v4")

    @router.get("/zones")
    async def zones(request: Request) -> Json:
        seen = [] if _token(request).startswith(ELSEWHERE) else list(account.zones.values())
        return listed(request, seen, 20)

    @router.get("/zones/{zone}")
    async def zone(zone: str) -> Json:
        return result(account.zone(zone))

    @router.get("/user/tokens/verify")
    async def verify() -> Json:
        return result({"id": "0" * 32, "status": "active"})

    return router


def record_routes(account: Cloudflare) -> APIRouter:
    """DNS records of a zone."""
    router = APIRouter(prefix="/client/v4/zones/{zone}/dns_records")

    @router.get("")
    async def records(zone: str, request: Request) -> Json:
        return listed(request, account.records(zone), 100)

    @router.post("")
    async def create(zone: str, request: Request) -> Json:
        return result(account.create(zone, await body_of(request)))

    @router.get("/{record}")
    async def get(zone: str, record: str) -> Json:
        return result(account.get(zone, record))

    @router.put("/{record}")
    async def replace(zone: str, record: str, request: Request) -> Json:
        return result(account.replace(zone, record, await body_of(request)))

    @router.patch("/{record}")
    async def patch(zone: str, record: str, request: Request) -> Json:
        return result(account.patch(zone, record, await body_of(request)))

    @router.delete("/{record}")
    async def delete(zone: str, record: str) -> Json:
        return result(account.delete(zone, record))

    return router
