"""Authentik's API, as far as a deploy lists workers and changes its token, and the rehearsal adds
users."""

import uuid
from typing import Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from . import store, users
from .settings import VERSION

NAMESPACE = uuid.UUID("6a1b6f5e-3f0c-4d0e-9a5b-0d3c1f1f2a10")


def authenticate(request: Request) -> None:
    """Answer 403 without the bearer token of a known API token, as Authentik does."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme != "Bearer" or not users.token_is_known(key):
        raise HTTPException(403, "Token invalid/expired")


router = APIRouter(prefix="/api/v3", dependencies=[Depends(authenticate)])


def identifier(group: str) -> str:
    """Return the primary key of a group."""
    return str(uuid.uuid5(NAMESPACE, group))


def group_names() -> list[str]:
    """Return the names of all groups."""
    return sorted(str(group["name"]) for group in store.entries("authentik_core.group"))


@router.get("/tasks/workers/")
def workers() -> list[dict[str, object]]:
    """Return the live workers."""
    return [
        {"worker_id": name, "version": version, "version_matching": version == VERSION}
        for name, version in store.workers()
    ]


@router.post("/core/users/", status_code=201)
async def create_user(request: Request) -> dict[str, Any]:
    """Create a user without a password."""
    body: dict[str, Any] = await request.json()
    if users.by_name(body["username"]):
        raise HTTPException(400, {"username": ["This field must be unique."]})
    fields = {"name": body["name"], "email": body.get("email", "")}
    user = users.create(body["username"], fields)
    return {"pk": user["pk"], "username": user["username"], **fields}


@router.post("/core/users/{pk}/set_password/", status_code=204)
async def set_password(pk: int, request: Request) -> Response:
    """Set a user's password."""
    user = users.by_id(pk)
    if user is None:
        raise HTTPException(404, "Not found.")
    users.set_password(user["username"], (await request.json())["password"])
    return Response(status_code=204)


@router.post("/core/tokens/{identifier}/set_key/", status_code=204)
async def set_token_key(identifier: str, request: Request) -> Response:
    """Replace the key of an API token."""
    if not users.set_token_key(identifier, (await request.json())["key"]):
        raise HTTPException(404, "Not found.")
    return Response(status_code=204)


@router.get("/core/groups/")
def groups(name: str = "") -> dict[str, Any]:
    """Return the groups, or the one with a name."""
    found = [group for group in group_names() if not name or group == name]
    return {"results": [{"pk": identifier(group), "name": group} for group in found]}


@router.post("/core/groups/{pk}/add_user/", status_code=204)
async def add_user(pk: str, request: Request) -> Response:
    """Add a user to a group."""
    group = next((name for name in group_names() if identifier(name) == pk), None)
    if group is None:
        raise HTTPException(404, "Not found.")
    users.add_to_group(int((await request.json())["pk"]), group)
    return Response(status_code=204)
