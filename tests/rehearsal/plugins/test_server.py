"""Requests become calls of a provider; what it raises becomes what the engine reads."""

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
    Provider,
    ProviderError,
    Resource,
    compare,
)
from rehearsal.plugins.codec import decode, encode
from rehearsal.plugins.process import make_server
from rehearsal.plugins.server import SERVICE, Server
from rehearsal.plugins.values import UNKNOWN, Secret, Values

URN = "urn:pulumi:s::p::toy:index:Parent$toy:index:Thing::name"


class Thing(Resource):
    """A resource that fails on demand."""

    @override
    def check(self, call: Call, olds: Values, news: Values) -> Values:
        if "refuse" in news:
            raise CheckError(("refuse", "is never right"))
        return {**news, "filled": 1}

    @override
    def diff(self, call: Call, id: str, state: Values, old_inputs: Values, news: Values) -> Diff:
        return compare(old_inputs, news, replace=frozenset({"place"}))

    @override
    def create(self, call: Call, inputs: Values) -> tuple[str, Values]:
        match inputs.get("fail"):
            case "plainly":
                raise ProviderError("no such luck")
            case "half":
                raise InitError("7", {"made": True}, inputs, ["still booting"])
            case "by mistake":
                raise KeyError("forgotten")
        if call.preview:
            return "", {**inputs, "token": UNKNOWN}
        return call.name, {**inputs, "token": Secret("t")}

    @override
    def read(
        self, call: Call, id: str, state: Values, inputs: Values
    ) -> tuple[Values, Values] | None:
        return None if id == "gone" else ({"read": id}, inputs)


@pytest.fixture(scope="module")
def engine() -> Iterator[Any]:
    """The engine's side of a served toy provider."""
    functions = {"toy:index:double": lambda _, inputs: {"result": inputs["value"] * 2}}
    toy = Provider(name="toy", resources={"toy:index:Thing": Thing()}, functions=functions)
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


def test_check_fills_in_or_refuses(engine: Any) -> None:
    news = encode({"a": 1})
    response = engine.Check(provider_pb2.CheckRequest(urn=URN, news=news))
    assert decode(response.inputs) == {"a": 1, "filled": 1}
    news = encode({"refuse": 1})
    response = engine.Check(provider_pb2.CheckRequest(urn=URN, news=news))
    assert [(item.property, item.reason) for item in response.failures] == [
        ("refuse", "is never right")
    ]


def test_a_diff_tells_what_replaces(engine: Any) -> None:
    olds, news = {"place": 1, "same": 1, "gone": 1}, {"place": 2, "same": 1, "new": 1}
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


def test_no_difference_is_said_to_be_none(engine: Any) -> None:
    request = provider_pb2.DiffRequest(urn=URN, old_inputs=encode({"a": 1}), news=encode({"a": 1}))
    assert engine.Diff(request).changes == provider_pb2.DiffResponse.DIFF_NONE


def test_a_failure_is_shown_as_its_text(engine: Any) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        create(engine, fail="plainly")
    assert caught.value.details() == "no such luck"


def test_half_a_success_carries_the_resource(engine: Any) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        create(engine, fail="half")
    status = dict(caught.value.trailing_metadata())["grpc-status-details-bin"]
    detail = provider_pb2.ErrorResourceInitFailed()
    status_pb2.Status.FromString(status).details[0].Unpack(detail)
    assert (detail.id, list(detail.reasons)) == ("7", ["still booting"])
    assert decode(detail.properties) == {"made": True}


def test_a_mistake_names_the_stand_in(engine: Any) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        create(engine, fail="by mistake")
    assert caught.value.details() == "KeyError in the stand-in plugin: 'forgotten'"


def test_a_resource_that_is_gone_has_no_id(engine: Any) -> None:
    here = engine.Read(provider_pb2.ReadRequest(urn=URN, id="7"))
    assert (here.id, decode(here.properties)) == ("7", {"read": "7"})
    assert engine.Read(provider_pb2.ReadRequest(urn=URN, id="gone")).id == ""


def test_unknown_resources_and_functions_are_named(engine: Any) -> None:
    urn = URN.replace("Thing", "Other")
    with pytest.raises(grpc.RpcError, match="toy has no resource toy:index:Other: it offers"):
        engine.Read(provider_pb2.ReadRequest(urn=urn, id="7"))
    with pytest.raises(grpc.RpcError, match="toy has no function toy:index:triple"):
        engine.Invoke(provider_pb2.InvokeRequest(tok="toy:index:triple"))


def test_a_function_gets_its_arguments_open(engine: Any) -> None:
    request = provider_pb2.InvokeRequest(tok="toy:index:double", args=encode({"value": Secret(21)}))
    assert decode(getattr(engine.Invoke(request), "return")) == {"result": 42}
