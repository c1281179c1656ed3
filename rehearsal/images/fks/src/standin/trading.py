"""What a user who has logged in sees: trades, and a WebSocket that streams prices."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, WebSocket, WebSocketDisconnect

from . import storage
from .identity import current_user, user_of

PRICE_SECONDS = 1.0

router = APIRouter()


@router.get("/api/trades/")
def trades(user: Annotated[dict[str, Any], Depends(current_user)]) -> dict[str, object]:
    """Return the stored trades, and who requests them."""
    return {"user": user["preferred_username"], "trades": storage.trades()}


@router.websocket("/ws")
async def stream(socket: WebSocket, token: str = "") -> None:
    """Answer messages, and send prices to a client with a valid token; 403 for an invalid one."""
    if token and await asyncio.to_thread(user_of, token) is None:
        await socket.close()
        return
    await socket.accept()
    sent = 0
    try:
        while True:
            try:
                seconds = PRICE_SECONDS if token else None
                message = await asyncio.wait_for(socket.receive_text(), seconds)
                await socket.send_json({"type": "pong", "received": message})
            except TimeoutError:
                sent += 1
                await socket.send_json({"type": "price", "symbol": "BTC", "number": sent})
    except WebSocketDisconnect:
        return
