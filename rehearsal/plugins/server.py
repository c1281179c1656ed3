"""The engine's protocol: gRPC requests become calls of a `Provider`, its answers and errors become responses."""

from __future__ import annotations

import contextlib
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, NoReturn

import grpc
from google.protobuf import any_pb2, empty_pb2

from rehearsal.plugins.base import Call, CheckError, Diff, InitError, Provider, ProviderError
from rehearsal.plugins.process import announce_and_wait, make_server
from rehearsal.plugins.protos import (
    engine_pb2,
    engine_pb2_grpc,
    plugin_pb2,
    provider_pb2,
    provider_pb2_grpc,
    status_pb2,
)
from rehearsal.plugins.values import Values, decode, encode, plain


class EngineLog:
    """Sends messages to the engine; without an address (in tests) they are dropped."""

    def __init__(self, address: str) -> None:
        self._engine: Any = None
        if address:
            self._engine = engine_pb2_grpc.EngineStub(grpc.insecure_channel(address))

    def for_urn(self, urn: str) -> Callable[..., None]:
        """The channel of one resource."""

        def log(severity: str, message: str, *, ephemeral: bool = False) -> None:
            if self._engine is None:
                return
            number = engine_pb2.LogSeverity.Value(severity.upper())
            request = engine_pb2.LogRequest(
                severity=number, message=message, urn=urn, ephemeral=ephemeral
            )
            self._engine.Log(request)

        return log


class Servicer(provider_pb2_grpc.ResourceProviderServicer):
    """Serves one provider."""

    def __init__(self, provider: Provider, version: str, engine: str) -> None:
        self._provider = provider
        self._version = version
        self._log = EngineLog(engine)
        self._cancelled = threading.Event()

    def _call(self, request: Any) -> Call:
        urn = getattr(request, "urn", "")
        return Call(
            log=self._log.for_urn(urn),
            cancelled=self._cancelled,
            urn=urn,
            name=urn.rsplit("::", 1)[-1],
            type=urn.split("::")[2].rsplit("$", 1)[-1] if urn else "",
            preview=getattr(request, "preview", False),
            timeout=getattr(request, "timeout", 0),
        )

    def _resource(self, call: Call) -> Any:
        try:
            return self._provider.resources[call.type]
        except KeyError:
            raise ProviderError(
                f"the stand-in of {self._provider.name} has no resource {call.type}: "
                f"it offers {', '.join(self._provider.resources) or 'none'}"
            ) from None

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        return plugin_pb2.PluginInfo(version=self._version)

    def GetSchema(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        import json

        schema = {
            "name": self._provider.name,
            "version": self._version,
            "resources": {token: {} for token in self._provider.resources},
            "functions": {token: {} for token in self._provider.functions},
        }
        return provider_pb2.GetSchemaResponse(schema=json.dumps(schema))

    def CheckConfig(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        return self._check(self._provider.check_config, request, context)

    def DiffConfig(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        with _failures(context):
            olds = decode(request.old_inputs or request.olds)
            return _diff_response(
                self._provider.diff_config(self._call(request), olds, decode(request.news))
            )

    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        with _failures(context):
            self._provider.configure(self._call(request), decode(request.args))
            return provider_pb2.ConfigureResponse(
                acceptSecrets=self._provider.accept_secrets,
                supportsPreview=self._provider.previews,
            )

    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        with _failures(context):
            function = self._provider.functions.get(request.tok)
            if function is None:
                raise ProviderError(
                    f"the stand-in of {self._provider.name} has no function {request.tok}"
                )
            try:
                return provider_pb2.InvokeResponse(
                    **{"return": encode(function(self._call(request), plain(decode(request.args))))}
                )
            except CheckError as error:
                return provider_pb2.InvokeResponse(failures=_check_failures(error))

    def _check(
        self,
        check: Callable[[Call, Values, Values], Values],
        request: Any,
        context: grpc.ServicerContext,
    ) -> Any:
        with _failures(context):
            try:
                inputs = check(self._call(request), decode(request.olds), decode(request.news))
            except CheckError as error:
                return provider_pb2.CheckResponse(failures=_check_failures(error))
            return provider_pb2.CheckResponse(inputs=encode(inputs))

    def Check(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        with _failures(context):
            return self._check(self._resource(self._call(request)).check, request, context)

    def Diff(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        with _failures(context):
            call = self._call(request)
            parts = (decode(part) for part in (request.olds, request.old_inputs, request.news))
            return _diff_response(self._resource(call).diff(call, request.id, *parts))

    def Create(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        with _failures(context):
            call = self._call(request)
            id, outputs = self._resource(call).create(call, decode(request.properties))
            return provider_pb2.CreateResponse(id=id, properties=encode(outputs))

    def Read(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        with _failures(context):
            call = self._call(request)
            state, inputs = decode(request.properties), decode(request.inputs)
            found = self._resource(call).read(call, request.id, state, inputs)
            if found is None:
                return provider_pb2.ReadResponse()
            return provider_pb2.ReadResponse(
                id=request.id, properties=encode(found[0]), inputs=encode(found[1])
            )

    def Update(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        with _failures(context):
            call = self._call(request)
            parts = (decode(part) for part in (request.olds, request.old_inputs, request.news))
            outputs = self._resource(call).update(call, request.id, *parts)
            return provider_pb2.UpdateResponse(properties=encode(outputs))

    def Delete(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        with _failures(context):
            call = self._call(request)
            state, inputs = decode(request.properties), decode(request.old_inputs)
            self._resource(call).delete(call, request.id, state, inputs)
            return empty_pb2.Empty()

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        self._cancelled.set()
        return empty_pb2.Empty()


def _check_failures(error: CheckError) -> list[Any]:
    return [
        provider_pb2.CheckFailure(property=path, reason=reason) for path, reason in error.failures
    ]


def _diff_response(diff: Diff) -> Any:
    some, none = provider_pb2.DiffResponse.DIFF_SOME, provider_pb2.DiffResponse.DIFF_NONE
    detailed = diff.detailed or {}
    return provider_pb2.DiffResponse(
        changes=some if diff.any_changes else none,
        diffs=diff.diffs,
        replaces=diff.replaces,
        stables=diff.stables,
        deleteBeforeReplace=diff.delete_before_replace,
        detailedDiff={
            path: provider_pb2.PropertyDiff(kind=kind.value) for path, kind in detailed.items()
        },
        hasDetailedDiff=diff.detailed is not None,
    )


@contextlib.contextmanager
def _failures(context: grpc.ServicerContext) -> Iterator[None]:
    try:
        yield
    except InitError as error:
        _abort_partial(context, error)
    except ProviderError as error:
        context.abort(grpc.StatusCode.UNKNOWN, str(error))
    except Exception as error:
        if context.code() is not None:
            raise
        traceback.print_exc()
        context.abort(
            grpc.StatusCode.INTERNAL, f"{type(error).__name__} in the stand-in plugin: {error}"
        )


def _abort_partial(context: grpc.ServicerContext, error: InitError) -> NoReturn:
    detail = provider_pb2.ErrorResourceInitFailed(
        id=error.id,
        properties=encode(error.outputs),
        inputs=encode(error.inputs),
        reasons=error.reasons,
    )
    packed = any_pb2.Any()
    packed.Pack(detail)
    code = grpc.StatusCode.UNKNOWN
    status = status_pb2.Status(code=code.value[0], message=str(error), details=[packed])
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(code, str(error))
    raise AssertionError("abort always raises")


def serve(provider: Provider, version: str, engine: str) -> None:
    """Serve the provider to the engine at `engine` (host:port) until that is gone."""
    server = make_server()
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(
        Servicer(provider, version, engine), server
    )
    announce_and_wait(server, engine, provider.close)


def main(name: str, version: str) -> None:
    """What a launcher calls: serves `rehearsal.plugins.NAME.provider`."""
    engine = next((argument for argument in sys.argv[1:] if not argument.startswith("-")), "")
    serve(import_module(f"rehearsal.plugins.{name}").provider(), version, engine)
