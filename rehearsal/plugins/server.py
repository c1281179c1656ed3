"""The engine's protocol: requests become calls of a `Provider`, its results become responses."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Any

from google.protobuf import empty_pb2  # type: ignore[import-untyped]

from rehearsal.plugins import failures
from rehearsal.plugins.base import (
    Call,
    CheckError,
    Diff,
    Provider,
    ProviderError,
    Resource,
    Stored,
    not_modelled,
)
from rehearsal.plugins.codec import decode, encode
from rehearsal.plugins.engine_log import EngineLog
from rehearsal.plugins.process import Handlers, announce_and_wait, engine_address, make_server
from rehearsal.plugins.protos import plugin_pb2, provider_pb2
from rehearsal.plugins.values import Values

SERVICE = "pulumirpc.ResourceProvider"


class Server:
    """Serves one provider: a method for each RPC."""

    def __init__(self, provider: Provider, version: str, engine: str) -> None:
        self._provider = provider
        self._version = version
        self._log = EngineLog(engine)
        self._cancelled = threading.Event()

    def handlers(self) -> Handlers:
        """The RPCs of a stand-in; the engine does not need the others."""
        messages = {
            "GetPluginInfo": (empty_pb2.Empty, self.get_plugin_info),
            "CheckConfig": (provider_pb2.CheckRequest, self.check_config),
            "DiffConfig": (provider_pb2.DiffRequest, self.diff_config),
            "Configure": (provider_pb2.ConfigureRequest, self.configure),
            "Invoke": (provider_pb2.InvokeRequest, self.invoke),
            "Check": (provider_pb2.CheckRequest, self.check),
            "Diff": (provider_pb2.DiffRequest, self.diff),
            "Create": (provider_pb2.CreateRequest, self.create),
            "Read": (provider_pb2.ReadRequest, self.read),
            "Update": (provider_pb2.UpdateRequest, self.update),
            "Delete": (provider_pb2.DeleteRequest, self.delete),
            "Cancel": (empty_pb2.Empty, self.cancel),
        }
        return {
            name: (request, failures.reported(handler))
            for name, (request, handler) in messages.items()
        }

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

    def _target(self, request: Any) -> tuple[Resource, Call]:
        call = self._call(request)
        resource = self._provider.resources.get(call.type)
        if resource is None:
            raise ProviderError(not_modelled(f"resource type {call.type}"))
        return resource, call

    def get_plugin_info(self, _request: Any) -> Any:
        return plugin_pb2.PluginInfo(version=self._version)

    def check_config(self, request: Any) -> Any:
        return _check(lambda: self._provider.check_config(decode(request.news)))

    def diff_config(self, request: Any) -> Any:
        olds = decode(request.old_inputs if request.HasField("old_inputs") else request.olds)
        return _diff_response(self._provider.diff_config(olds, decode(request.news)))

    def configure(self, request: Any) -> Any:
        self._provider.configure(self._call(request), decode(request.args))
        secrets = self._provider.accept_secrets
        return provider_pb2.ConfigureResponse(acceptSecrets=secrets, supportsPreview=True)

    def invoke(self, request: Any) -> Any:
        raise ProviderError(not_modelled(f"function {request.tok}"))

    def check(self, request: Any) -> Any:
        resource, call = self._target(request)
        return _check(lambda: resource.check(call, decode(request.news)))

    def diff(self, request: Any) -> Any:
        resource, call = self._target(request)
        found = resource.diff(call, _old(request), decode(request.news))
        return _diff_response(_without_ignored(found, frozenset(request.ignoreChanges)))

    def create(self, request: Any) -> Any:
        resource, call = self._target(request)
        id, outputs = resource.create(call, decode(request.properties))
        return provider_pb2.CreateResponse(id=id, properties=encode(outputs))

    def read(self, request: Any) -> Any:
        resource, call = self._target(request)
        old = Stored(request.id, decode(request.properties), decode(request.inputs))
        found = resource.read(call, old)
        if found is None:
            return provider_pb2.ReadResponse()
        outputs, inputs = found
        # An import may name a longer id than the resource then has: `ZONE/RECORD`.
        return provider_pb2.ReadResponse(
            id=outputs.get("id", old.id), properties=encode(outputs), inputs=encode(inputs)
        )

    def update(self, request: Any) -> Any:
        resource, call = self._target(request)
        outputs = resource.update(call, _old(request), decode(request.news))
        return provider_pb2.UpdateResponse(properties=encode(outputs))

    def delete(self, request: Any) -> Any:
        resource, call = self._target(request)
        outputs, inputs = decode(request.properties), decode(request.old_inputs)
        resource.delete(call, Stored(request.id, outputs, inputs))
        return empty_pb2.Empty()

    def cancel(self, _request: Any) -> Any:
        self._cancelled.set()
        return empty_pb2.Empty()


def _old(request: Any) -> Stored:
    return Stored(request.id, decode(request.olds), decode(request.old_inputs))


def _check(check: Callable[[], Values]) -> Any:
    try:
        inputs = check()
    except CheckError as error:
        pairs = [{"property": path, "reason": reason} for path, reason in error.failures]
        return provider_pb2.CheckResponse(failures=pairs)
    return provider_pb2.CheckResponse(inputs=encode(inputs))


def _without_ignored(diff: Diff, ignored: frozenset[str]) -> Diff:
    """The diff without the properties in `ignoreChanges`, which differ after an import."""
    if not ignored:
        return diff
    return replace(
        diff,
        diffs=[name for name in diff.diffs if _root(name) not in ignored],
        replaces=[name for name in diff.replaces if _root(name) not in ignored],
        detailed=diff.detailed
        and {path: kind for path, kind in diff.detailed.items() if _root(path) not in ignored},
    )


def _root(path: str) -> str:
    return re.split(r"[.\[]", path, maxsplit=1)[0]


def _diff_response(diff: Diff) -> Any:
    some, none = provider_pb2.DiffResponse.DIFF_SOME, provider_pb2.DiffResponse.DIFF_NONE
    response = provider_pb2.DiffResponse(
        changes=some if diff.any_changes else none,
        diffs=diff.diffs,
        replaces=diff.replaces,
        hasDetailedDiff=diff.detailed is not None,
    )
    for path, kind in (diff.detailed or {}).items():
        response.detailedDiff[path].kind = kind.value
    return response


def serve(provider: Provider, version: str, engine: str) -> None:
    """Serve the provider to the engine at `engine` (host:port) until the engine ends."""
    server = make_server(SERVICE, Server(provider, version, engine).handlers())
    announce_and_wait(server, engine)


def main(name: str, version: str) -> None:
    """Serve `rehearsal.plugins.NAME.provider`; a launcher calls this."""
    serve(import_module(f"rehearsal.plugins.{name}").provider(), version, engine_address())
