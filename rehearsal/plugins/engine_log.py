"""The engine's message channel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc  # type: ignore[import-untyped]

from rehearsal.plugins.protos import engine_pb2, engine_pb2_grpc


class EngineLog:
    """Sends messages to the engine; drops them without an address."""

    def __init__(self, address: str) -> None:
        self._engine: Any = None
        if address:
            self._engine = engine_pb2_grpc.EngineStub(grpc.insecure_channel(address))

    def for_urn(self, urn: str) -> Callable[..., None]:
        """The message channel of one resource."""

        def log(severity: str, message: str, *, ephemeral: bool = False) -> None:
            if self._engine is None:
                return
            number = engine_pb2.LogSeverity.Value(severity.upper())
            self._engine.Log(
                engine_pb2.LogRequest(
                    severity=number, message=message, urn=urn, ephemeral=ephemeral
                )
            )

        return log
