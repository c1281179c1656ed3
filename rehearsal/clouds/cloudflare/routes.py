"""Cloudflare's HTTP side, `/client/v4/...`."""

from typing import Any

from fastapi import APIRouter, Request

from rehearsal.clouds.cloudflare.cloud import CloudflareCloud
from rehearsal.clouds.cloudflare.errors import envelope, failed, not_modelled
from rehearsal.clouds.cloudflare.tokens import OTHER_ZONES, VERIFY, check
from rehearsal.clouds.http import ApiFormat, Routes
from rehearsal.clouds.tokens import identifier

Json = dict[str, Any]
WITHOUT_EFFECT = frozenset({"match", "order", "direction"})
FILTERS = frozenset({"name", "type", "content"})


def _token(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


def result(value: Any) -> Json:
    """Cloudflare's shape for success."""
    return {"result": value, "success": True, "errors": [], "messages": []}


def _listed(request: Request, rows: list[Json], per_page: int) -> Json:
    """A list: filtered by the query, one page; empty after the last row."""
    query = dict(request.query_params)
    number, size = _number(query, "page", 1), _number(query, "per_page", per_page)
    filters = {k.removesuffix(".exact"): v for k, v in query.items() if k not in WITHOUT_EFFECT}
    for key in filters.keys() - FILTERS:
        raise not_modelled(f"the parameter {key}")
    matching = [row for row in rows if all(_same(row.get(k), v) for k, v in filters.items())]
    shown = matching[(number - 1) * size : number * size]
    counts = {"count": len(shown), "total_count": len(matching)}
    info = {"page": number, "per_page": size, "total_pages": max(1, -(-len(matching) // size))}
    return {**result(shown), "result_info": info | counts}


def _number(query: dict[str, str], key: str, default: int) -> int:
    text = query.pop(key, str(default))
    if not text.isdigit() or int(text) < 1:
        raise failed(400, 1003, f"Invalid {key} {text!r}.")
    return int(text)


def _same(value: Any, expected: str) -> bool:
    return str(value or "").lower().rstrip(".") == expected.lower().rstrip(".")


def routes(account: CloudflareCloud) -> Routes:
    """The routes of a zone and its records."""
    records = "/client/v4/zones/{zone}/dns_records"
    return {
        "GET /client/v4/zones/{zone}": account.zone,
        f"GET {records}": account.records,
        f"POST {records}": account.create,
        f"POST {records}/batch": account.batch,
        f"GET {records}/{{record}}": account.get,
        f"PUT {records}/{{record}}": account.replace,
        f"DELETE {records}/{{record}}": account.delete,
    }


def of_the_token(account: CloudflareCloud) -> APIRouter:
    """What depends on the token of the request: itself, and the zones that it sees."""
    router = APIRouter()

    @router.get("/client/v4/zones")
    async def visible(request: Request) -> Json:
        rows = list(account.zones.values())
        return _listed(request, [] if _token(request).startswith(OTHER_ZONES) else rows, 20)

    @router.get(VERIFY)
    async def verify(request: Request) -> Json:
        text = {"code": 10000, "message": "This API Token is valid and active", "type": None}
        found = {"id": identifier(_token(request)), "status": "active"}
        return {**result(found), "messages": [text]}

    return router


def api_format(account: CloudflareCloud) -> ApiFormat:
    """How this account checks tokens and formats answers."""
    return ApiFormat(
        authorise=lambda request: check(account.tokens, _token(request), request.url.path),
        error_body=lambda status, text: envelope(10000 + status % 1000, text),
        result=lambda request, value: (
            _listed(request, value, 100) if isinstance(value, list) else result(value)
        ),
    )
