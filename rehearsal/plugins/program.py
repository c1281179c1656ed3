"""Runs one Pulumi program: reads the request as JSON from stdin, then runs it as `__main__`.

The language host starts this file in a process of its own. It exits as the real host's script does:
with 0, with 1 after a `RunError`, of which it reports the text to the engine, or with 32 after any
other exception, of which it reports the program's frames. It handles no signal, and waits for its
threads.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import runpy
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pulumi
import pulumi.runtime

POLL_SECONDS = 0.5
# Statuses by which the language host knows what was reported.
RUN_ERROR, REPORTED = 1, 32


def traceback_below(directory: Path, error: BaseException) -> str:
    """The traceback from the first frame in the program's directory on; all if there is none."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [i for i, frame in enumerate(frames) if Path(frame.filename).is_relative_to(directory)]
    kept = traceback.StackSummary.from_list(frames[own[0] :] if own else frames)
    title = "Traceback (most recent call last):\n"
    return "".join([title, *kept.format(), *traceback.format_exception_only(error)])


@contextmanager
def event_loop(parallel: int) -> Iterator[asyncio.AbstractEventLoop]:
    """The program's event loop, wide enough for the engine's parallelism."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    executor = ThreadPoolExecutor(max_workers=max(parallel, 1) * 4)
    loop.set_default_executor(executor)
    # Suppresses errors of resources that never resolve because another one failed.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    try:
        yield loop
    finally:
        executor.shutdown(wait=True)
        loop.close()


def run(request: dict[str, Any], loop: asyncio.AbstractEventLoop) -> None:
    """Run the program in the runtime that the request describes."""
    pulumi.runtime.set_all_config(request["config"], request["secret_keys"])
    pulumi.runtime.configure(pulumi.runtime.Settings(**request["settings"]))
    directory = Path(request["directory"]).resolve()
    entry = str(directory / request["entry"])
    os.chdir(directory)
    sys.argv = [entry, *request["arguments"]]
    sys.path.insert(0, str(directory))

    def program() -> None:
        runpy.run_path(entry, run_name="__main__")

    loop.run_until_complete(pulumi.runtime.run_in_stack(program))


def status_of(request: dict[str, Any], loop: asyncio.AbstractEventLoop) -> int:
    """Run, and report an exception; returns the exit status."""
    try:
        run(request, loop)
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
        return RUN_ERROR
    except Exception as error:  # noqa: BLE001 - the engine shows every error
        report = traceback_below(Path(request["directory"]).resolve(), error)
        pulumi.log.error(f"Program failed with an unhandled exception:\n{report}")
        return REPORTED
    return 0


def end_with(parent: int) -> None:
    """End this process when the host that started it ends."""
    while os.getppid() == parent:
        time.sleep(POLL_SECONDS)
    os._exit(1)


def main() -> None:
    """Read the request, run, and end with the status."""
    threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    request = json.load(sys.stdin)
    with event_loop(request["settings"]["parallel"]) as loop:
        status = status_of(request, loop)
    sys.exit(status)


if __name__ == "__main__":
    main()
