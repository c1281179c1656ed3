"""Stand-in of `pulumi-language-python`: tells the engine which plugins are needed, and runs the program.

Every run is a fresh process, as with the real host: a preview leaves no imported module behind for the update. The
interpreter is the one this host was installed with.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2

from rehearsal.plugins.process import announce_and_wait, make_server
from rehearsal.plugins.protos import language_pb2, language_pb2_grpc, plugin_pb2

PROGRAM = Path(__file__).with_name("program.py")


def required_packages(path: list[str]) -> list[Any]:
    """The provider packages installed on an import path, by the file that each SDK carries."""
    abouts = [
        file for entry in path for file in sorted(Path(entry).glob("pulumi_*/pulumi-plugin.json"))
    ]
    return [
        plugin_pb2.PackageDependency(kind="resource", name=about["name"], version=about["version"])
        for about in (json.loads(file.read_text()) for file in abouts)
        if about.get("resource")
    ]


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Serves the engine's questions on Python programs."""

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self._running: set[subprocess.Popen[bytes]] = set()

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        self._engine = request.engine_address or self._engine
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        return plugin_pb2.PluginInfo()

    def About(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        version = ".".join(map(str, sys.version_info[:3]))
        return language_pb2.AboutResponse(executable=sys.executable, version=version)

    def GetRequiredPackages(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        return language_pb2.GetRequiredPackagesResponse(packages=required_packages(sys.path))

    def RuntimeOptionsPrompts(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        return language_pb2.RuntimeOptionsResponse()

    def Run(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        order = {
            "settings": {
                "project": request.project,
                "stack": request.stack,
                "monitor": request.monitor_address,
                "engine": self._engine,
                "parallel": request.parallel,
                "dry_run": request.dryRun,
                "organization": request.organization or "organization",
                "root_directory": request.info.root_directory,
            },
            "config": dict(request.config),
            "secret_keys": list(request.configSecretKeys),
            "directory": request.info.program_directory or request.pwd,
            "entry": request.info.entry_point or request.program or ".",
            "arguments": list(request.args),
        }
        code = self._run(json.dumps(order).encode(), context)
        if code == 0:
            return language_pb2.RunResponse()
        if code == 1:
            return language_pb2.RunResponse(bail=True)
        return language_pb2.RunResponse(error=f"the program's process ended with status {code}")

    def _run(self, order: bytes, context: grpc.ServicerContext) -> int:
        process = subprocess.Popen([sys.executable, "-P", str(PROGRAM)], stdin=subprocess.PIPE)
        self._running.add(process)
        context.add_callback(process.kill)
        process.communicate(order)
        self._running.discard(process)
        return process.returncode

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        return empty_pb2.Empty()

    def close(self) -> None:
        """End the programs still running."""
        for process in list(self._running):
            process.kill()


def main() -> None:
    """What the launcher calls; the engine's address is the one argument without a dash."""
    engine = next((argument for argument in sys.argv[1:] if not argument.startswith("-")), "")
    host, server = LanguageHost(engine), make_server()
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    # A program that prints must not be held back by a buffer.
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    announce_and_wait(server, engine, host.close)
