"""A provider's exceptions as gRPC statuses."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

import grpc  # type: ignore[import-untyped]
from google.protobuf import any_pb2  # type: ignore[import-untyped]

from rehearsal.plugins.base import InitError, ProviderError
from rehearsal.plugins.codec import encode
from rehearsal.plugins.protos import provider_pb2, status_pb2


def reported(handler: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    """The handler with its exceptions turned into gRPC statuses."""

    def report(request: Any, context: Any) -> Any:
        try:
            return handler(request)
        except InitError as error:
            details = (("grpc-status-details-bin", _partial(error)),)
            context.set_trailing_metadata(details)
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        except ProviderError as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        except Exception as error:  # noqa: BLE001 - the engine shows every error
            traceback.print_exc()
            text = f"{type(error).__name__} in the stand-in plugin: {error}"
            context.abort(grpc.StatusCode.INTERNAL, text)

    return report


def _partial(error: InitError) -> bytes:
    detail = any_pb2.Any()
    detail.Pack(
        provider_pb2.ErrorResourceInitFailed(
            id=error.id,
            properties=encode(error.outputs),
            inputs=encode(error.inputs),
            reasons=error.reasons,
        )
    )
    code = grpc.StatusCode.UNKNOWN.value[0]
    status = status_pb2.Status(code=code, message=str(error), details=[detail])
    return bytes(status.SerializeToString())
