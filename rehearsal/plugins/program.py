"""Runs one Pulumi program: reads the request as JSON from stdin, then runs it as `__main__`.

The language host starts this file in a process of its own. Exits with 0, or with 1 after it has
reported an exception to the engine: a `RunError` as its text, others with the program's frames.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import runpy
import signal
import sys
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pulumi
import pulumi.runtime

INTERRUPTED = 130
POLL_SECONDS = 0.5


def traceback_below(directory: Path, error: BaseException) -> str:
    """The traceback from the first frame in the program's directory on; all if there is none."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [i for i, frame in enumerate(frames) if Path(frame.filename).is_relative_to(directory)]
    kept = traceback.StackSummary.from_list(frames[own[0] :] if own else frames)
    title = "Traceback (most recent call last):\n"
    return "".join([title, *kept.format(), *traceback.format_exception_only(error)])


def make_loop(parallel: int) -> asyncio.AbstractEventLoop:
    """The program's event loop, wide enough for the engine's parallelism."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.set_default_executor(ThreadPoolExecutor(max_workers=max(parallel, 1) * 4))
    # Suppresses errors of resources that never resolve because another one failed.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    return loop


def run(request: dict[str, Any]) -> None:
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

    loop = make_loop(request["settings"]["parallel"])
    loop.run_until_complete(pulumi.runtime.run_in_stack(program))


def end_with(parent: int) -> None:
    """End this process when the host that started it ends."""
    while os.getppid() == parent:
        time.sleep(POLL_SECONDS)
    os._exit(1)


def main() -> None:
    """Read the request, run, and report."""
    # The engine interrupts the program of a failed or cancelled update.
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    request = json.load(sys.stdin)
    try:
        run(request)
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
    except Exception as error:  # noqa: BLE001 - the engine shows every error
        report = traceback_below(Path(request["directory"]).resolve(), error)
        pulumi.log.error(f"Program failed with an unhandled exception:\n{report}")
    else:
        return
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1)


if __name__ == "__main__":
    main()
