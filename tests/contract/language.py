"""Runs declared programs for the engine, each in its own process.

The processes are forks of one that has imported the SDK: starting Python for each of some hundred
operations would double the duration of the tests.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import Any

import grpc  # type: ignore[import-untyped]
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

from tests.contract.declare import Declared, program

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__])


def _run(declared: Sequence[Declared], request: bytes, answer: Connection) -> None:
    run_request = language_pb2.RunRequest.FromString(request)
    response = LanguageServer(program(declared)).Run(run_request, None)  # type: ignore[no-untyped-call]
    answer.send_bytes(response.SerializeToString())
    answer.close()
    # Skips the errors that a failed program leaves in its event loop.
    os._exit(0)


class _Host(LanguageServer):
    def __init__(self, declared: Sequence[Declared]) -> None:
        self._declared = declared

    def Run(self, request: Any, context: Any) -> Any:  # noqa: N802 - the RPC's name
        answer, theirs = _FORKS.Pipe(duplex=False)
        arguments = (self._declared, request.SerializeToString(), theirs)
        process = _FORKS.Process(target=_run, args=arguments, daemon=True)
        process.start()
        context.add_callback(process.kill)
        theirs.close()
        try:
            return language_pb2.RunResponse.FromString(answer.recv_bytes())
        except EOFError:
            return language_pb2.RunResponse(error="the program's process ended without an answer")
        finally:
            process.join()


@contextlib.contextmanager
def serving(declared: Sequence[Declared]) -> Iterator[str]:
    """A language host for one program; yields its address."""
    server = grpc.server(ThreadPoolExecutor(max_workers=4))
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(_Host(declared), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(0)
