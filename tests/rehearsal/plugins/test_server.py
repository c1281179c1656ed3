"""Requests become calls of a provider; its exceptions become gRPC statuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import grpc  # type: ignore[import-untyped]
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2
from typing_extensions import override

from rehearsal.plugins.base import (
    Call,
    CheckError,
    Diff,
    InitError,
    Kind,
    Provider,
    ProviderError,
    Resource,
    Stored,
)
from rehearsal.plugins.codec import decode, encode
from rehearsal.plugins.process import make_server
from rehearsal.plugins.server import SERVICE, Server
from rehearsal.plugins.values import UNKNOWN, Secret, Values

URN = "urn:pulumi:s::p::toy:index:Parent$toy:index:Thing::name"


class Thing(Resource):
    """A resource that fails as its inputs say."""

    @override
    def check(self, call: Call, news: Values) -> Values:
        if "invalid" in news:
            raise CheckError(("invalid", "is never right"))
        return {**news, "filled": 1}

    @override
    def diff(self, call: Call, old: Stored, news: Values) -> Diff:
        if old.inputs == news:
            return Diff()
        kinds = {"place": Kind.UPDATE_REPLACE, "gone": Kind.DELETE, "new": Kind.ADD}
        return Diff(diffs=sorted(kinds), replaces=["place"], detailed=kinds)

    @override
    def create(self, call: Call, inputs: Values) -> tuple[str, Values]:
        match inputs.get("fail"):
            case "plainly":
                raise ProviderError("no such luck")
            case "half":
                raise InitError("7", {"made": True}, inputs, ["still booting"])
            case "by mistake":
                raise KeyError("missing")
        if call.preview:
            return "", {**inputs, "token": UNKNOWN}
        return call.name, {**inputs, "token": Secret("t")}

    @override
    def read(self, call: Call, old: Stored) -> tuple[Values, Values] | None:
        return None if old.id == "gone" else ({"read": old.id}, old.inputs)

    @override
    def update(self, call: Call, old: Stored, news: Values) -> Values:
        return news


@pytest.fixture(scope="module")
def engine() -> Iterator[Any]:
    """The engine's side of a served toy provider."""
    toy = Provider(name="toy", resources={"toy:index:Thing": Thing()})
    server = make_server(SERVICE, Server(toy, "1.2.3", "").handlers())
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield provider_pb2_grpc.ResourceProviderStub(channel)
    server.stop(0)


def create(engine: Any, *, preview: bool = False, **inputs: Any) -> Any:
    request = provider_pb2.CreateRequest(urn=URN, properties=encode(inputs), preview=preview)
    return engine.Create(request)


def test_a_resource_is_found_below_its_parent(engine: Any) -> None:
    response = create(engine, a=[1])
    assert response.id == "name"
    assert decode(response.properties) == {"a": [1], "token": Secret("t")}


def test_a_preview_leaves_unknown_what_is_not_known(engine: Any) -> None:
    assert decode(create(engine, preview=True).properties)["token"] is UNKNOWN


def test_check_fills_in_defaults_or_fails(engine: Any) -> None:
    news = encode({"a": 1})
    response = engine.Check(provider_pb2.CheckRequest(urn=URN, news=news))
    assert decode(response.inputs) == {"a": 1, "filled": 1}
    news = encode({"invalid": 1})
    response = engine.Check(provider_pb2.CheckRequest(urn=URN, news=news))
    assert [(item.property, item.reason) for item in response.failures] == [
        ("invalid", "is never right")
    ]


def test_a_diff_has_kinds_and_replacements(engine: Any) -> None:
    olds, news = {"place": 1, "gone": 1}, {"place": 2, "new": 1}
    request = provider_pb2.DiffRequest(urn=URN, old_inputs=encode(olds), news=encode(news))
    response = engine.Diff(request)
    kinds = provider_pb2.PropertyDiff.Kind
    assert {path: item.kind for path, item in response.detailedDiff.items()} == {
        "place": kinds.UPDATE_REPLACE,
        "gone": kinds.DELETE,
        "new": kinds.ADD,
    }
    assert list(response.replaces) == ["place"]
    assert response.changes == provider_pb2.DiffResponse.DIFF_SOME


def test_the_ignored_properties_are_not_in_a_diff(engine: Any) -> None:
    request = provider_pb2.DiffRequest(urn=URN, ignoreChanges=["place", "new"])
    request.news.CopyFrom(encode({"place": 2}))
    response = engine.Diff(request)
    assert (list(response.diffs), list(response.replaces)) == (["gone"], [])
    assert list(response.detailedDiff) == ["gone"]


def test_equal_inputs_are_no_change(engine: Any) -> None:
    request = provider_pb2.DiffRequest(urn=URN, old_inputs=encode({"a": 1}), news=encode({"a": 1}))
    assert engine.Diff(request).changes == provider_pb2.DiffResponse.DIFF_NONE


def test_a_failure_is_shown_as_its_text(engine: Any) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        create(engine, fail="plainly")
    assert caught.value.details() == "no such luck"


def test_a_partial_failure_has_the_resource(engine: Any) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        create(engine, fail="half")
    status = dict(caught.value.trailing_metadata())["grpc-status-details-bin"]
    detail = provider_pb2.ErrorResourceInitFailed()
    status_pb2.Status.FromString(status).details[0].Unpack(detail)
    assert (detail.id, list(detail.reasons)) == ("7", ["still booting"])
    assert decode(detail.properties) == {"made": True}


def test_an_unexpected_exception_names_the_stand_in(engine: Any) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        create(engine, fail="by mistake")
    assert caught.value.details() == "KeyError in the stand-in plugin: 'missing'"


def test_a_resource_that_is_gone_has_no_id(engine: Any) -> None:
    here = engine.Read(provider_pb2.ReadRequest(urn=URN, id="7"))
    assert (here.id, decode(here.properties)) == ("7", {"read": "7"})
    assert engine.Read(provider_pb2.ReadRequest(urn=URN, id="gone")).id == ""


def test_resource_types_and_functions_that_are_not_modelled_are_named(engine: Any) -> None:
    urn = URN.replace("Thing", "Other")
    with pytest.raises(grpc.RpcError, match="not modelled: resource type toy:index:Other"):
        engine.Read(provider_pb2.ReadRequest(urn=urn, id="7"))
    with pytest.raises(grpc.RpcError, match="not modelled: function toy:index:double"):
        engine.Invoke(provider_pb2.InvokeRequest(tok="toy:index:double"))
