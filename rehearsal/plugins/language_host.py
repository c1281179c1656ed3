"""Stand-in of `pulumi-language-python`: lists the required plugins and runs the program.

As with the real host, every run is a new process in the host's process group, and a program whose
request was cancelled gets SIGINT, and SIGKILL after 5 s. The engine sends SIGINT to the group too.
The interpreter is that of this host. The exit status of every program is appended to the file that
FKS_PROGRAM_STATUS names.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from google.protobuf import empty_pb2  # type: ignore[import-untyped]

from rehearsal.plugins.process import Handlers, announce_and_wait, engine_address, make_server
from rehearsal.plugins.protos import language_pb2, plugin_pb2

SERVICE = "pulumirpc.LanguageRuntime"
PROGRAM = Path(__file__).with_name("program.py")
GRACE_SECONDS = 5.0
# The status of a program that has reported its error, also in program.py, which imports nothing.
REPORTED = 32


def required_packages(path: list[str]) -> list[Any]:
    """The provider packages on an import path, from the `pulumi-plugin.json` of each SDK."""
    files = [
        file for entry in path for file in sorted(Path(entry).glob("pulumi_*/pulumi-plugin.json"))
    ]
    return [
        plugin_pb2.PackageDependency(kind="resource", name=about["name"], version=about["version"])
        for about in (json.loads(file.read_text()) for file in files)
        if about.get("resource")
    ]


class LanguageHost:
    """Serves the engine's requests for Python programs: a method for each RPC."""

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self._programs = ThreadPoolExecutor()

    def handlers(self) -> Handlers:
        """The RPCs for running a program; creating projects and packages is not served."""
        return {
            "Handshake": (language_pb2.LanguageHandshakeRequest, self.handshake),
            "GetPluginInfo": (empty_pb2.Empty, lambda *_: plugin_pb2.PluginInfo()),
            "GetRequiredPackages": (language_pb2.GetRequiredPackagesRequest, self.packages),
            "RuntimeOptionsPrompts": (
                language_pb2.RuntimeOptionsRequest,
                lambda *_: language_pb2.RuntimeOptionsResponse(),
            ),
            "Run": (language_pb2.RunRequest, self.run),
            "Cancel": (empty_pb2.Empty, lambda *_: empty_pb2.Empty()),
        }

    def handshake(self, request: Any, _context: Any) -> Any:
        self._engine = request.engine_address or self._engine
        return language_pb2.LanguageHandshakeResponse()

    def packages(self, _request: Any, _context: Any) -> Any:
        return language_pb2.GetRequiredPackagesResponse(packages=required_packages(sys.path))

    def run(self, request: Any, context: Any) -> Any:
        text = json.dumps(self._run_request(request)).encode()
        code = self._programs.submit(_run, text, context).result()
        if code == 0:
            return language_pb2.RunResponse()
        if code == REPORTED:
            return language_pb2.RunResponse(bail=True)
        return language_pb2.RunResponse(error=f"program exited with non-zero exit code: {code}")

    def _run_request(self, request: Any) -> dict[str, Any]:
        settings = {
            "project": request.project,
            "stack": request.stack,
            "monitor": request.monitor_address,
            "engine": self._engine,
            "parallel": request.parallel,
            "dry_run": request.dryRun,
            "organization": request.organization or "organization",
            "root_directory": request.info.root_directory,
        }
        return {
            "settings": settings,
            "config": dict(request.config),
            "secret_keys": list(request.configSecretKeys),
            "directory": request.info.program_directory or request.pwd,
            "entry": request.info.entry_point or request.program or ".",
            "arguments": list(request.args),
        }

    def wait_for_programs(self) -> None:
        """Return when every program has ended."""
        self._programs.shutdown()


def _run(request: bytes, context: Any) -> int:
    # -P: this directory has a package named `random`.
    process = subprocess.Popen([sys.executable, "-P", "-u", str(PROGRAM)], stdin=subprocess.PIPE)
    context.add_callback(lambda: _interrupt(process))
    process.communicate(request)
    _record(process.returncode)
    return process.returncode


def _interrupt(process: subprocess.Popen[bytes]) -> None:
    """Send SIGINT to a running program, and SIGKILL when the grace period is over."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        killer = threading.Timer(GRACE_SECONDS, process.kill)
        killer.daemon = True
        killer.start()


def _record(status: int) -> None:
    if path := os.environ.get("FKS_PROGRAM_STATUS"):
        with Path(path).open("a") as file:
            file.write(f"{status}\n")


def main() -> None:
    """Serve until the engine ends; the launcher calls this."""
    host = LanguageHost(engine_address())
    server = make_server(SERVICE, host.handlers())
    announce_and_wait(server, engine_address(), host.wait_for_programs)
