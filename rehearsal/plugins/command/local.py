"""Commands on this machine: `command:local:Command`, and the function `command:local:run`."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import threading
from pathlib import Path
from typing import Any

from typing_extensions import override

from rehearsal.plugins.base import Call, ProviderError
from rehearsal.plugins.command.command import Command, previous_output
from rehearsal.plugins.command.globs import archive, matching
from rehearsal.plugins.command.inputs import LOCAL_INPUTS, check_types
from rehearsal.plugins.command.output import Output, quote
from rehearsal.plugins.values import Values

POLL_SECONDS = 0.1
RESOURCE_ONLY = {"create", "update", "delete", "triggers"}
RUN_INPUTS: dict[str, type] = {
    "command": str,
    **{name: kind for name, kind in LOCAL_INPUTS.items() if name not in RESOURCE_ONLY},
}


def run_local(call: Call, text: str, inputs: Values, state: Values) -> Values:
    """Run one text; returns stdout, stderr, and the files that were asked for."""
    output = Output(call, inputs.get("logging"))
    environment = os.environ | inputs.get("environment", {}) | previous_output(inputs, state)
    words = [*(inputs.get("interpreter") or ["/bin/sh", "-c"]), text]
    try:
        process = _start(words, inputs.get("dir"), environment)
        _send(process, inputs.get("stdin") or "")
        failure = _follow(call, process, output)
    except OSError as error:
        failure = _start_failure(words, inputs.get("dir"), error)
    output.close()
    if failure:
        raise ProviderError(f"{failure}: running {quote(text)}:\n{output.together()}")
    outputs = {name: output.text(name) for name in ("stdout", "stderr")}
    return {**outputs, **_files(inputs)}


def _start(
    words: list[str], directory: str | None, environment: dict[str, str]
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        words,
        cwd=directory,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _start_failure(words: list[str], directory: str | None, error: OSError) -> str:
    reason = os.strerror(error.errno or 0).lower()
    if directory and not Path(directory).is_dir():
        return f"chdir {directory}: {reason}"
    if "/" in words[0]:
        return f"fork/exec {words[0]}: {reason}"
    return f'exec: "{words[0]}": executable file not found in $PATH'


def _send(process: subprocess.Popen[bytes], text: str) -> None:
    assert process.stdin is not None
    pipe = process.stdin

    def write() -> None:
        # A command that does not read its input to the end is no failure.
        try:
            with pipe:
                pipe.write(text.encode())
        except BrokenPipeError:
            return

    threading.Thread(target=write, daemon=True).start()


def _follow(call: Call, process: subprocess.Popen[bytes], output: Output) -> str:
    """Read until both streams end, then wait; returns what went wrong, or nothing."""
    selector = selectors.DefaultSelector()
    for name in ("stdout", "stderr"):
        selector.register(getattr(process, name), selectors.EVENT_READ, name)
    try:
        while selector.get_map():
            for key, _ in selector.select(POLL_SECONDS):
                data = os.read(key.fd, 65536)
                if data:
                    output.feed(key.data, data)
                else:
                    selector.unregister(key.fileobj)
            if call.cancelled.is_set():
                break
        if call.cancelled.is_set():
            process.kill()
        code = process.wait()
    finally:
        process.kill()
        process.wait()
        selector.close()
        for name in ("stdout", "stderr"):
            getattr(process, name).close()
    if code < 0:
        return f"signal: {signal.strsignal(-code) or -code}".lower()
    return f"exit status {code}" if code else ""


def _files(inputs: Values) -> Values:
    directory = Path(inputs.get("dir") or Path.cwd())
    files: dict[str, Any] = {}
    if "assetPaths" in inputs:
        files["assets"] = matching(directory, inputs["assetPaths"])
    if "archivePaths" in inputs:
        files["archive"] = archive(matching(directory, inputs["archivePaths"]))
    return files


class LocalCommand(Command):
    """`command:local:Command`."""

    types = LOCAL_INPUTS

    @override
    def run(self, call: Call, text: str, inputs: Values, state: Values) -> Values:
        return run_local(call, text, inputs, state)


def run_function(call: Call, inputs: Values) -> Values:
    """`command:local:run`, which really runs in previews too."""
    check_types(inputs, RUN_INPUTS, required=("command",))
    return {**inputs, **run_local(call, inputs["command"], inputs, {})}
